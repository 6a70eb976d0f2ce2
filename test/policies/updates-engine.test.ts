import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import type { EngineSetup } from "../../lab/engine/setup";
import { judgeStack } from "../../lab/policy/run";
import { preparePreview } from "../../lab/preview/engine";
import { openPreviewRoom } from "../../lab/preview/room";
import { runPulumi } from "../../lab/preview/run";
import { planOf } from "../../stacks/load";
import { PROJECT } from "../../stacks/stack-file";
import { rawOf, releasesOf } from "../stacks/cloud-life";
import { temporaryFolder } from "./temporary-folder";

type Raw = Record<string, unknown>;

const SAMPLE = "eos-digitalocean";
const folder = join(temporaryFolder(), "updates");
const mirror = join(folder, "mirror");

/** A stack of a few hosts, whose operator lets data disks go. */
function stackFile(groups: readonly string[]): string {
  const { hosts, ...raw } = rawOf(SAMPLE);
  const kept = Object.entries(hosts as Raw).filter(([group]) => groups.includes(group));
  const keys = Object.entries({ ...raw, hosts: Object.fromEntries(kept), protect: false });
  const path = join(folder, "Pulumi.small.yaml");
  writeFileSync(
    path,
    stringify({ config: Object.fromEntries(keys.map(([key, value]) => [`nodewright:${key}`, value])) }),
  );
  return path;
}

describe("the policies over updates, on the real engine and a stack that stands", function () {
  this.timeout(1_800_000);
  const ALL = ["seed", "producer", "watch", "history"];
  let setup: EngineSetup;

  const roomOf = (path: string, replaced: readonly string[]) => {
    const { plan } = planOf(path);
    // A simulated cloud does not look at what it stores.
    for (const sha256 of releasesOf(plan)) writeFileSync(join(mirror, sha256), sha256);
    const program = join(PROJECT, "test", "policies", "replaced-program.ts");
    const room = openPreviewRoom(path, plan, {
      fresh: false,
      applies: true,
      folder: join(folder, "room"),
      program,
    });
    return {
      ...room,
      env: { ...room.env, NODEWRIGHT_MIRROR: mirror, NODEWRIGHT_REPLACED: replaced.join() },
    };
  };

  /** `rule resource` of what `npm run policy` says of these hosts, with those machines replaced. */
  async function found(groups: readonly string[], replaced: readonly string[] = []): Promise<string[]> {
    const path = stackFile(groups);
    const { report } = await judgeStack(path, setup, roomOf(path, replaced));
    // That its disks may go is the stack's own choice, which another rule tells of.
    const rules = report.findings.filter(({ rule }) => rule.id !== "data-disk-unprotected");
    return rules.map(({ rule, urn }) => `${rule.id} ${urn.split("::").at(-1)}`).sort();
  }

  before(async () => {
    mkdirSync(mirror, { recursive: true });
    const path = stackFile(ALL);
    ({ setup } = await preparePreview(planOf(path).plan, true, () => {}));
    expect(await runPulumi(setup, roomOf(path, []), "up", { quiet: true })).to.equal(0);
  });

  it("pass where nothing leaves", async () => {
    expect(await found(ALL)).to.deep.equal([]);
  });

  it("see a producer's machine that would be replaced", async () => {
    expect(await found(ALL, ["producer-machine"])).to.deep.equal(["validator-leaves producer-machine"]);
  });

  it("see two hosts of the chain that would be replaced in one update, and pass one", async () => {
    expect(await found(ALL, ["seed-1-machine"])).to.deep.equal([]);
    const both = await found(ALL, ["seed-1-machine", "seed-2-machine"]);
    expect(both).to.have.length(1);
    expect(both[0]).to.match(/^many-hosts-leave seed-[12]-machine$/);
  });

  it("see a data disk that would be deleted with its host", async () => {
    expect(await found(ALL.filter((group) => group !== "history"))).to.deep.equal([
      "data-disk-leaves history-data",
    ]);
  });

  it("see a producer that would be deleted, and its disk", async () => {
    const left = await found(ALL.filter((group) => group !== "producer"));
    expect(left).to.deep.equal(["data-disk-leaves producer-data", "validator-leaves producer-machine"]);
  });
});
