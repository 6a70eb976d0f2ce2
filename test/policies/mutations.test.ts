import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { Graph } from "../../policies/graph";
import { judge } from "../../policies/judge";
import { rules } from "../../policies/rules";
import { settingsFor } from "../../policies/settings";
import { updateRules } from "../../policies/updates";
import { CONFIG_DIR } from "../../stacks/stack-file";
import { samples } from "../stacks/cloud-life";
import { mutated } from "./mutated";
import { mutations } from "./mutations";
import { type Recorded, recordedSample } from "./recorded";

const FILE = "stacks/config/policies.yaml";
const content: unknown = parse(readFileSync(join(CONFIG_DIR, "policies.yaml"), "utf8"));

/** What all rules find, as the stack's own settings judge it: `rule resource`. */
function judged(stack: string, graph: Graph): string[] {
  const settings = settingsFor(stack, content, [...rules, ...updateRules], FILE);
  const found = rules.flatMap((rule) => judge(rule, rule.check(graph), settings, "2026-11-22").violations);
  return [...new Set(found.map(({ rule, resource }) => `${rule.id} ${resource.name}`))];
}

describe("the policies, over what the samples' programs register", function () {
  this.timeout(1_800_000);
  const recorded = new Map<string, Recorded>();

  before(async () => {
    for (const sample of samples()) recorded.set(sample, await recordedSample(sample));
  });

  for (const sample of samples())
    it(`${sample}: no false alarm`, () => {
      const graph = mutated(known(sample), {});
      expect(graph.machines).to.have.length.above(2);
      for (const { host, role, document } of graph.machines) {
        expect(role, host).to.not.equal(undefined);
        expect(document, host).to.not.equal(undefined);
      }
      expect(judged(sample, graph)).to.deep.equal([]);
    });

  it("no false alarm for a reviewer who has no secrets: a preview sends none", () => {
    for (const sample of samples()) {
      const recorded = known(sample);
      const without = recorded.resources.map((each) =>
        each.name.includes("-secret-") ? { ...each, props: { ...each.props, stdin: "" } } : each,
      );
      expect(judged(sample, mutated({ ...recorded, resources: without }, {})), sample).to.deep.equal([]);
    }
  });

  it("every rule has a mutation, and there are 60 at least", () => {
    const covered = new Set(mutations.map(({ rule }) => rule));
    expect(rules.map(({ id }) => id).filter((id) => !covered.has(id))).to.deep.equal([]);
    expect(mutations.length).to.be.at.least(60);
  });

  for (const { sample, rule, what, at, changes = [], added = [], also = [] } of mutations)
    it(`${rule}: ${what} (${sample})`, () => {
      const found = judged(sample, mutated(known(sample), { changes, added }));
      expect(found).to.include(`${rule} ${at}`);
      const others = found.map((each) => each.split(" ")[0]).filter((id) => id !== rule);
      expect([...new Set(others)].sort()).to.deep.equal([...also].sort());
    });

  const known = (sample: string): Recorded => {
    const found = recorded.get(sample);
    if (!found) throw new Error(`${sample} was not recorded`);
    return found;
  };
});
