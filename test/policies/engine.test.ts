import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { judgeStack } from "../../lab/policy/run";
import { preparePreview } from "../../lab/preview/engine";
import { openPreviewRoom } from "../../lab/preview/room";
import { planOf } from "../../stacks/load";
import { PROJECT } from "../../stacks/stack-file";
import { releasesOf } from "../stacks/cloud-life";
import { temporaryFolder } from "./temporary-folder";
import { twistsOf } from "./twists";

const SAMPLE = "eos-aws";
const quiet = () => {};

/** `rule resource` of everything that a run of `npm run policy` finds, and how it would end. */
async function judged(program?: string): Promise<{ found: string[]; status: number }> {
  const { plan } = planOf(SAMPLE);
  // A simulated cloud does not look at what it stores; the project's own mirror is none of a test's business.
  const mirror = join(temporaryFolder(), "mirror");
  mkdirSync(mirror, { recursive: true });
  for (const sha256 of releasesOf(plan)) writeFileSync(join(mirror, sha256), sha256);
  const { setup } = await preparePreview(plan, true, quiet);
  const folder = join(temporaryFolder(), program === undefined ? "clean" : "twisted");
  const where = { fresh: true, applies: false, folder, ...(program === undefined ? {} : { program }) };
  const room = openPreviewRoom(SAMPLE, plan, where);
  const env = { ...room.env, NODEWRIGHT_MIRROR: mirror };
  const { report, status } = await judgeStack(SAMPLE, setup, { ...room, env });
  const found = report.findings.map(({ rule, urn }) => `${rule.id} ${urn.split("::").at(-1)}`);
  return { found: [...new Set(found)].sort(), status };
}

describe("the policy pack on the real engine", function () {
  this.timeout(1_800_000);

  it("finds nothing in a sample", async () => {
    const { found, status } = await judged();
    expect(found).to.deep.equal([]);
    expect(status).to.equal(0);
  });

  it("finds every one of the mistakes in a twisted one, each at its own resource, and nothing else", async () => {
    const twists = twistsOf(SAMPLE);
    expect(twists.length).to.be.at.least(10);
    const { found, status } = await judged(join(PROJECT, "test", "policies", "twisted-program.ts"));
    // A secret in a tag lies in the state, too, which the rules over updates see.
    const expected = [...twists.map(({ rule, at }) => `${rule} ${at}`), "secret-in-state watch-machine"];
    expect(found).to.deep.equal(expected.sort());
    expect(status).to.equal(1);
  });
});
