import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { EXCEPTION_EXPIRED } from "../../policies/judge";
import { rules } from "../../policies/rules";
import { settingsFor } from "../../policies/settings";
import { updateRules } from "../../policies/updates";
import { PROJECT } from "../../stacks/stack-file";

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");
const page = read("docs/policies.md");
const all = [...rules, EXCEPTION_EXPIRED, ...updateRules];

/** Every text of a list or map, however deep. */
const textsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : value !== null && typeof value === "object"
      ? Object.values(value).flatMap(textsIn)
      : [];

describe("the page on policies", () => {
  for (const { id, reason, remedy } of all)
    it(`has ${id}, with its reason and its remedy as the rule says them`, () => {
      const [, section = ""] = page.split(`### ${id}\n`);
      const own = section.split("\n#")[0] ?? "";
      expect(own).to.contain(reason).and.contain(remedy);
    });

  it("has no rule that is none, and each once", () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, id]) => id);
    expect(headings).to.have.members(all.map(({ id }) => id));
  });

  it("shows a policy file that can be read", () => {
    const [, example = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    expect(settingsFor("eos-aws", parse(example), all, "docs/policies.md").exceptions).to.have.length(1);
  });
});

describe("the examples for code hosts", () => {
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
  /** Options as the command itself declares them. */
  const options = [...read("lab/policy/main.ts").matchAll(/"(--[a-z]+)[ "]/g)].map(([, option]) => option);

  for (const file of ["docs/ci/github-actions.yml", "docs/ci/gitlab-ci.yml"])
    it(`${file} is YAML whose commands exist`, () => {
      const words = textsIn(parse(read(file))).filter((text) => text.startsWith("npm run "));
      expect(words).to.have.length.above(0);
      for (const command of words) {
        expect(scripts, command).to.include(command.split(" ")[2]);
        for (const [, option] of command.matchAll(/ (--[a-z]+)\b/g))
          expect(options, command).to.include(option);
      }
    });

  it("is for stacks that are there", () => {
    for (const file of ["docs/ci/github-actions.yml", "docs/ci/gitlab-ci.yml"])
      expect(read(file)).to.match(/(stack|STACK): \[eos-aws\]/);
  });
});
