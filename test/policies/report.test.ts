import { expect } from "chai";
import { junitOf, printText, type Report, sarifOf } from "../../lab/policy/report";
import { rules } from "../../policies/rules";

const [first, second] = rules;
if (!first || !second) throw new Error("there are no rules");
const report: Report = {
  ...{ stack: "eos", file: "stacks/config/Pulumi.eos.yaml", rules },
  findings: [
    {
      rule: first,
      level: "mandatory",
      urn: "urn:pulumi:eos::p::t::producer-machine",
      message: 'open to <all> & "any"\u0007',
    },
    { rule: second, level: "advisory", urn: "urn:pulumi:eos::p::t::history", message: "a word of advice" },
  ],
};

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: { ruleId: string; ruleIndex: number; level: string }[];
  }[];
}

describe("a report of the policies", () => {
  it("is SARIF 2.1.0 whose results point at their rules", () => {
    const { version, runs } = sarifOf(report) as Sarif;
    expect(version).to.equal("2.1.0");
    const [run] = runs;
    expect(run?.results.map(({ level }) => level)).to.deep.equal(["error", "warning"]);
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[ruleIndex]?.id).to.equal(ruleId);
  });

  it("is JUnit with a case for each rule, and a failure for what is refused alone", () => {
    const xml = junitOf(report);
    expect(xml).to.contain(`tests="${rules.length}" failures="1"`);
    expect(xml.match(/<testcase /g)).to.have.length(rules.length);
    expect(xml.match(/<failure /g)).to.have.length(1);
    expect(xml).to.contain("open to &lt;all&gt; &amp; &quot;any&quot;").and.not.contain("\u0007");
  });

  it("tells people what is wrong, why, and the way out", () => {
    const text = printText(report);
    expect(text).to.contain(first.remedy).and.contain(`docs/policies.md#${first.id}`);
    expect(text).to.contain("1 refused, 1 advised");
    expect(printText({ ...report, findings: [] })).to.contain(`all ${rules.length} rules hold`);
  });
});
