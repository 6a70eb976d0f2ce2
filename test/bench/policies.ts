import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { PACK } from "../../lab/policy/run";
import { bringArtifacts } from "../../lab/preview/artifacts";
import { preparePreview } from "../../lab/preview/engine";
import { CACHE } from "../../lab/room";
import { rules } from "../../policies/rules";
import { loadPlan } from "../../stacks/load";
import { mutated } from "../policies/mutated";
import { type Mutation, mutations } from "../policies/mutations";
import { type Recorded, record } from "../policies/recorded";
import { bigStack } from "./big-stack";
import { emptyPack } from "./empty-pack";
import type { BenchResult } from "./main";
import { openProject, preview } from "./preview-run";
import { medians } from "./statistics";

/** What the pack may add to a preview of that many hosts. */
const GOAL = { hosts: 100, added: 0.15 };
const RUNS = 3;
/** Each of its producers is a group of one host, and such stand in the first zone: told, so that the preview comes to its end. */
const SETTINGS = {
  levels: {
    "single-failure-domain": {
      level: "advisory",
      reason: "each producer of this stack is a group of its own",
    },
  },
};

/**
 * How many of the mutations are caught, and what the pack adds to a preview: without one, with one that looks at nothing, and
 * with ours, in turn.
 */
export async function benchPolicies(progress: (line: string) => void): Promise<BenchResult> {
  const caught = await caughtMutations(progress);
  const { plan, findings } = loadPlan("bench", bigStack("aws", GOAL.hosts));
  if (!plan) throw new Error(findings.map(({ path, message }) => `${path} ${message}`).join("\n"));
  await bringArtifacts(plan, progress);
  const { setup } = await preparePreview(plan, true, progress);
  const config = bigStack("aws", GOAL.hosts);
  const folder = join(CACHE, "bench", "policies");
  const settings = join(CACHE, "bench", "policies.yaml");
  const project = await openProject(folder, setup, "ours", {
    config,
    env: { NODEWRIGHT_POLICIES: settings },
  });
  writeFileSync(settings, stringify(SETTINGS));
  const empty = emptyPack(join(CACHE, "bench", "empty-pack"));
  const timed = async (...more: string[]) => (await preview(project, more)).seconds;
  const seconds: { plain: number; empty: number; judged: number }[] = [];
  for (let run = 1; run <= RUNS; run++) {
    progress(`${GOAL.hosts} hosts, run ${run} of ${RUNS}: without a pack, with an empty one, with ours`);
    seconds.push({
      plain: await timed(),
      empty: await timed("--policy-pack", empty),
      judged: await timed("--policy-pack", PACK),
    });
  }
  const { plain, empty: bare, judged } = medians(seconds, ["plain", "empty", "judged"]);
  const [added, addedByNone] = [judged / plain - 1, bare / plain - 1];
  const of = (time: number, share: number) => `${time.toFixed(1)} s (${(share * 100).toFixed(0)} % more)`;
  return {
    json: {
      ...{ caught, total: mutations.length, goal: GOAL, runs: seconds },
      ...{ plain, empty: bare, judged, added, addedByNone },
    },
    text: [
      `${caught} of ${mutations.length} mutations caught`,
      `${GOAL.hosts} hosts: ${plain.toFixed(1)} s without a pack, ${of(judged, added)} with ours, goal under ${GOAL.added * 100} %`,
      `a pack with one rule that looks at nothing: ${of(bare, addedByNone)}`,
    ],
  };
}

async function caughtMutations(progress: (line: string) => void): Promise<number> {
  let caught = 0;
  for (const sample of new Set(mutations.map((mutation) => mutation.sample))) {
    progress(`mutations of ${sample}`);
    const recorded = await record(sample);
    const own = mutations.filter((mutation) => mutation.sample === sample);
    caught += own.filter((mutation) => isCaught(recorded, mutation)).length;
  }
  return caught;
}

const isCaught = (recorded: Recorded, mutation: Mutation): boolean => {
  const rule = rules.find(({ id }) => id === mutation.rule);
  const found = rule?.check(mutated(recorded, mutation)) ?? [];
  return found.some(({ resource }) => resource.name === mutation.at);
};
