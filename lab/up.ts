import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";
import type Docker from "dockerode";
import { parse } from "yaml";
import { printFindings, UserError } from "../components/core/config/finding";
import type { Plan } from "../components/core/plan/plan";
import { loadPlan, planOf } from "../stacks/load";
import { MIRROR, nodewrightKeys } from "../stacks/stack-file";
import { type LabContracts, labContracts } from "./chain/contracts";
import { chainKeys } from "./chain/section";
import { openWays } from "./chain/ways";
import { reachDocker } from "./docker/daemon";
import { type EngineSetup, prepareSetup } from "./engine/setup";
import { type Changes, openStack, setSecret, up } from "./engine-run";
import { prepareHostImage } from "./image/build";
import { keysFor, type LabKeys } from "./keys";
import { refuseNamesake } from "./neighbours";
import { recover } from "./recover";
import { fetchReleases } from "./releases/fetch";
import { CACHE, labelsOf, openRoom, type Room } from "./room";
import { type Proof, proveServing } from "./serving";
import { joinSettings, writeSettings } from "./settings";
import { runSteps, type Step, type Timings } from "./steps";

/** What a run of `npm run lab` came to. */
export interface UpResult {
  plan: Plan;
  changes: Changes;
  proof: Proof;
  timings: Timings;
}

/** What the steps hand to each other. */
interface Work {
  room: Room;
  signal: AbortSignal;
  written: Plan;
  engine?: EngineSetup;
  docker?: { host: string; api: Docker };
  image?: string;
  contracts?: LabContracts;
  stack?: Stack;
  plan?: Plan;
  keys?: LabKeys;
  changes?: Changes;
  proof?: Proof;
}

/** Brings a lab up, or to what its stack file says now. Safe to run again after any interruption. */
export async function labUp(room: Room, signal: AbortSignal): Promise<UpResult> {
  // All mistakes of the stack file first: nothing is started for a file that has any.
  const { plan: written } = planOf(room.file);
  openRoom(room);
  const work: Work = { room, signal, written };
  const timings: Timings = {};
  await runSteps(
    [[engine(work), dockerAndImage(work), artifacts(work)], settings(work), hosts(work), serving(work)],
    timings,
  );
  const { plan, changes, proof } = work;
  if (!plan || !changes || !proof) throw new Error("a step of the lab ended without its result");
  return { plan, changes, proof, timings };
}

const engine = (work: Work): Step => ({
  name: "engine",
  run: async (progress) => {
    work.engine = await prepareSetup(progress);
    return work.engine.summary;
  },
});

const dockerAndImage = (work: Work): Step => ({
  name: "docker",
  run: async (progress) => {
    const { room, signal } = work;
    const daemon = await reachDocker({ cache: CACHE, user: room.folder, progress, signal });
    const api = daemon.api;
    await refuseNamesake(room, api);
    const image = await prepareHostImage({ docker: api, cache: CACHE, progress, signal });
    work.docker = { host: daemon.host, api };
    work.image = image.tag;
    return `${daemon.version}${daemon.own ? ", started for labs" : ""}, image ${image.tag}`;
  },
});

const artifacts = (work: Work): Step => ({
  name: "artifacts",
  run: async (progress) => {
    const releases = uniqueReleases(work.written);
    if (work.written.chain) work.contracts = await labContracts();
    const { fetched } = await fetchReleases({ releases, mirror: MIRROR, progress, signal: work.signal });
    return `${releases.length} verified, ${fetched} fetched`;
  },
});

const uniqueReleases = (plan: Plan): Plan["hosts"][number]["releases"] => [
  ...new Map(
    plan.hosts.flatMap(({ releases }) => releases.map((release) => [release.name, release] as const)),
  ).values(),
];

const settings = (work: Work): Step => ({
  name: "settings",
  run: async () => {
    const { room, written, engine, docker, image, contracts } = work;
    if (!engine || !docker || !image)
      throw new Error("settings need an engine, a Docker engine and an image");
    const keys = keysFor(room.keys, written);
    const joined = joinSettings(parse(readFileSync(room.file, "utf8")), written, {
      keys,
      image,
      mirror: MIRROR,
      docker: docker.host,
      labels: labelsOf(room),
      ...(contracts ? { contracts } : {}),
    });
    const { plan, findings } = loadPlan(room.stack, nodewrightKeys(joined.config));
    if (!plan) throw new UserError(printFindings(room.file, findings));
    const stack = await openStack({ setup: engine, room });
    await writeSettings(room, joined, keys, (key, value) => setSecret({ setup: engine, room }, key, value));
    writeFileSync(room.plan, JSON.stringify(plan), { mode: 0o600 });
    Object.assign(work, { stack, plan, keys });
    return undefined;
  },
});

const hosts = (work: Work): Step => ({
  name: "hosts",
  run: async (progress) => {
    const { room, signal, engine, docker, stack, plan, keys } = work;
    if (!engine || !docker || !stack || !plan || !keys)
      throw new Error("hosts need an engine, a Docker engine and a stack with its keys");
    await recover(room, stack, docker.api, progress);
    if (plan.chain) Object.assign(stack.workspace.envVars, chainKeys(plan, keys));
    const ways = await openWays(plan, docker.api);
    try {
      writeFileSync(room.underWay, String(process.pid));
      work.changes = await up(stack, { setup: engine, room, progress, signal });
      rmSync(room.underWay);
    } finally {
      await ways.close();
    }
    return describe(work.changes);
  },
});

const serving = (work: Work): Step => ({
  name: "serving",
  run: async (progress) => {
    const { plan, keys } = work;
    if (!plan || !keys) throw new Error("there is no plan to prove");
    work.proof = await proveServing(plan, keys, progress);
    const { head, transaction } = work.proof;
    return `head ${head}${transaction ? `, a signed transaction in EVM block ${transaction.block}` : ""}`;
  },
});

const describe = (changes: Changes): string => {
  const { same = 0, ...others } = changes;
  const changed = Object.entries(others).map(([op, count]) => `${count} ${op}`);
  return changed.length === 0 ? `${same} resources, no change` : changed.join(", ");
};
