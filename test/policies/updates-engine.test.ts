import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
/** Of nobody: the first of every test chain. */
const KEY = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3";
const folder = join(temporaryFolder(), "updates");
const mirror = join(folder, "mirror");

/** A stack of a few hosts, whose operator lets data disks go. */
function stackFile(groups: readonly string[], more: Raw = {}): string {
  const { hosts, ...raw } = rawOf(SAMPLE);
  const kept = Object.entries(hosts as Raw).filter(([group]) => groups.includes(group));
  const keys = Object.entries({ ...raw, hosts: Object.fromEntries(kept), protect: false, ...more });
  const path = join(folder, "Pulumi.small.yaml");
  writeFileSync(
    path,
    stringify({ config: Object.fromEntries(keys.map(([key, value]) => [`nodewright:${key}`, value])) }),
  );
  return path;
}

/** The samples' release lock, with the nodeos before. */
function olderLock(): string {
  const lock = JSON.parse(readFileSync(join(PROJECT, "lab/releases/lock.json"), "utf8")) as {
    releases: { name: string; version: string }[];
  };
  const releases = lock.releases.map((each) =>
    each.name === "nodeos" ? { ...each, version: "0.0.1" } : each,
  );
  const path = join(folder, "older.json");
  writeFileSync(path, JSON.stringify({ ...lock, releases }));
  return path;
}

/** What a run may have besides its hosts. */
interface Twist {
  /** Machines that would be replaced. */
  replaced?: readonly string[];
  /** A value that the stack puts out in plain text. */
  told?: string;
  /** Keys of the stack file. */
  more?: Raw;
}

describe("the policies over updates, on the real engine and a stack that stands", function () {
  this.timeout(1_800_000);
  const ALL = ["seed", "producer", "watch", "history"];
  let setup: EngineSetup;

  const roomOf = (path: string, { replaced = [], told }: Twist) => {
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
      env: {
        ...room.env,
        ...{ NODEWRIGHT_MIRROR: mirror, NODEWRIGHT_REPLACED: replaced.join() },
        ...(told === undefined ? {} : { NODEWRIGHT_TOLD: told }),
      },
    };
  };

  /** `rule resource` of what `npm run policy` says of these hosts. */
  async function found(groups: readonly string[], twist: Twist = {}): Promise<string[]> {
    const path = stackFile(groups, twist.more);
    const { report } = await judgeStack(path, setup, roomOf(path, twist));
    // That its disks may go is the stack's own choice, which another rule tells of.
    const rules = report.findings.filter(({ rule }) => rule.id !== "data-disk-unprotected");
    return rules.map(({ rule, urn }) => `${rule.id} ${urn.split("::").at(-1)}`).sort();
  }

  before(async () => {
    mkdirSync(mirror, { recursive: true });
    const path = stackFile(ALL);
    ({ setup } = await preparePreview(planOf(path).plan, true, () => {}));
    expect(await runPulumi(setup, roomOf(path, {}), "up", { quiet: true })).to.equal(0);
  });

  it("pass where nothing leaves", async () => {
    expect(await found(ALL)).to.deep.equal([]);
  });

  it("see a producer's machine that would be replaced", async () => {
    expect(await found(ALL, { replaced: ["producer-machine"] })).to.deep.equal([
      "validator-leaves producer-machine",
    ]);
  });

  it("see two hosts of the chain that would be replaced in one update, and pass one", async () => {
    expect(await found(ALL, { replaced: ["seed-1-machine"] })).to.deep.equal([]);
    const both = await found(ALL, { replaced: ["seed-1-machine", "seed-2-machine"] });
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

  it("see each host that would get an older version", async () => {
    const { hosts } = planOf(stackFile(ALL)).plan;
    const chain = hosts.filter(({ role }) => role !== "monitor").map(({ name }) => name);
    expect(chain.length).to.be.at.least(3);
    expect(await found(ALL, { more: { releases: olderLock() } })).to.deep.equal(
      chain.map((name) => `version-downgrade ${name}-document`).sort(),
    );
  });

  it("see a key that would lie in the state", async () => {
    expect(await found(ALL, { told: KEY })).to.deep.equal(["secret-in-state nodewright-small"]);
  });
});
