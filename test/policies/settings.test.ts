import { expect } from "chai";
import { expired, judge } from "../../policies/judge";
import type { RuleText } from "../../policies/rule";
import { settingsFor } from "../../policies/settings";

const RULE: RuleText = {
  ...{
    id: "disk-below-floor",
    level: "mandatory",
    title: "large disks",
    reason: "small ones fill",
    remedy: "grow it",
  },
};
const OTHER: RuleText = { ...RULE, id: "other" };
const FOUND = [{ resource: { urn: "urn", name: "read-1-data" }, message: "small" }];
const exception = (over: object = {}) => ({
  ...{
    policy: "disk-below-floor",
    resource: "read-*",
    until: "2026-12-31",
    by: "Ada",
    reason: "on its way to a larger one",
  },
  ...over,
});
const settings = (content: unknown, stack = "eos") =>
  settingsFor(stack, content, [RULE, OTHER], "policies.yaml");
const verdict = (content: unknown, today = "2026-11-22") => judge(RULE, FOUND, settings(content), today);

describe("what operators decide about the policies", () => {
  it("is nothing where there is no file: rules have their own level", () => {
    expect(verdict(undefined).violations.map(({ level }) => level)).to.deep.equal(["mandatory"]);
  });

  it("changes a rule's level, for one stack or for all", () => {
    const levels = { "disk-below-floor": { level: "advisory", reason: "while we move to larger disks" } };
    expect(verdict({ levels }).violations[0]?.level).to.equal("advisory");
    expect(verdict({ stacks: { eos: { levels } } }).violations[0]?.level).to.equal("advisory");
    expect(verdict({ stacks: { wax: { levels } } }).violations[0]?.level).to.equal("mandatory");
    const off = { "disk-below-floor": { level: "disabled", reason: "disks are judged elsewhere" } };
    expect(verdict({ levels: off }).violations).to.deep.equal([]);
  });

  it("lets one resource pass until the last day, and says for whom", () => {
    const { violations, excepted } = verdict({ exceptions: [exception()] });
    expect(violations).to.deep.equal([]);
    expect(excepted.map(({ exception: { by } }) => by)).to.deep.equal(["Ada"]);
    expect(verdict({ exceptions: [exception()] }, "2026-12-31").violations).to.deep.equal([]);
  });

  it("does not let pass another resource, another rule's finding, or a day later", () => {
    for (const other of [{ resource: "write-*" }, { resource: "read-1" }, { policy: "other" }])
      expect(verdict({ exceptions: [exception(other)] }).violations).to.have.length(1);
    const late = settings({ exceptions: [exception()] });
    expect(judge(RULE, FOUND, late, "2027-01-01").violations).to.have.length(1);
    expect(expired(late, "2027-01-01", { urn: "", name: "eos" })[0]?.message)
      .to.contain("Ada")
      .and.contain("2026-12-31");
    expect(expired(late, "2026-12-31", { urn: "", name: "eos" })).to.deep.equal([]);
  });

  for (const [what, content, said] of [
    [
      "a rule that nobody wrote",
      { levels: { "disk-bellow": { level: "advisory", reason: "a slip of the pen" } } },
      /is no rule/,
    ],
    ["no reason", { exceptions: [exception({ reason: "" })] }, /exceptions\.0\.reason {2}says too little/],
    ["no such day", { exceptions: [exception({ until: "2026-02-30" })] }, /exceptions\.0\.until/],
    ["nobody who answers", { exceptions: [exception({ by: undefined })] }, /exceptions\.0\.by/],
    ["a key that is none", { exception: [] }, /exception/],
  ] as const)
    it(`refuses ${what}`, () => expect(() => settings(content)).to.throw(said));
});
