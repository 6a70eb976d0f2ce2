import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { PolicyEvent } from "../../lab/policy/events";
import { EXCEPTION_EXPIRED } from "../../policies/judge";
import { rules } from "../../policies/rules";
import { CONFIG_DIR } from "../../stacks/stack-file";
import { type EngineRun, EngineStack } from "./engine-stack";
import { mutatedResources } from "./mutated";
import type { Mutation } from "./mutations";
import { batches, singles } from "./proofs";
import { recordedSample } from "./recorded";

const all = [...singles.map((single) => [single]), ...batches()];
const samples = [...new Set(all.flat().map(({ sample }) => sample))];
const nameOf = ({ resourceUrn = "" }: PolicyEvent) => resourceUrn.split("::").at(-1);
const foundBy = ({ policies }: EngineRun): string[] => [
  ...new Set(policies.map((event) => `${event.policyName} ${nameOf(event)}`)),
];
/** The samples' own policy file, with an exception that holds until that day. */
const policyFile = (until: string): string => `exceptions:
  - { policy: disk-too-slow, resource: "*", until: ${until}, by: Ada Lovelace, reason: faster disks are ordered }
${readFileSync(join(CONFIG_DIR, "policies.yaml"), "utf8")}`;

describe("each policy, on the real engine with the real pack", function () {
  this.timeout(1_800_000);

  it("fails somewhere for its reason only", () => {
    const proven = singles.map(({ rule }) => rule);
    expect(rules.map(({ id }) => id).filter((id) => !proven.includes(id))).to.deep.equal([]);
  });

  for (const sample of samples)
    describe(sample, () => {
      let stack: EngineStack;
      before(async () => {
        stack = await EngineStack.open(await recordedSample(sample));
      });
      after(() => stack?.close());

      const preview = async (mutations: readonly Mutation[], policies?: string): Promise<EngineRun> => {
        const made = {
          changes: mutations.flatMap(({ changes = [] }) => changes),
          added: mutations.flatMap(({ added = [] }) => added),
        };
        const run = await stack.run("preview", mutatedResources(stack.recorded, made), policies);
        if (!run.isWhole) throw new Error(`the engine did not come to its end:\n${run.printed.slice(-3000)}`);
        const refuses = run.policies.some(({ enforcementLevel }) => enforcementLevel === "mandatory");
        expect(run.status, run.printed.slice(-3000)).to.equal(refuses ? 255 : 0);
        return run;
      };

      it("passes every one as it is", async () => {
        expect((await preview([])).policies).to.deep.equal([]);
      });

      if (sample === samples[0])
        it(`${EXCEPTION_EXPIRED.id}: one whose last day has passed fails, and for that reason only`, async () => {
          const found = foundBy(await preview([], policyFile("2026-01-31")));
          expect(found).to.deep.equal([`${EXCEPTION_EXPIRED.id} nodewright-${sample}`]);
          expect(foundBy(await preview([], policyFile("2999-01-31")))).to.deep.equal([]);
        });

      for (const mutations of all.filter(([first]) => first?.sample === sample)) {
        const title = mutations.map(({ rule, what }) => `${rule}: ${what}`).join("; ");
        it(
          mutations.length === 1 ? `fails for that reason only: ${title}` : `fails for each: ${title}`,
          async () => {
            const found = foundBy(await preview(mutations));
            for (const { rule, at } of mutations) expect(found).to.include(`${rule} ${at}`);
            const ids = new Set(found.map((each) => each.split(" ")[0]));
            expect([...ids].sort()).to.deep.equal(mutations.map(({ rule }) => rule).sort());
          },
        );
      }
    });
});
