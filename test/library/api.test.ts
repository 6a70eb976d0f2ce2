import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { problemWith, recorded } from "../../library/api-record";
import { type ApiReport, apiReport, digestOf, printReport } from "../../library/api-report";
import { PROJECT } from "../../stacks/stack-file";

const EXAMPLES = join(PROJECT, "library", "examples");

/** What a file imports from the package and uses beside that. */
function used(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2023, true);
  const imported = new Set<string>();
  const mentioned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      if (
        (node.moduleSpecifier as ts.StringLiteral).text === "nodewright" &&
        bindings &&
        ts.isNamedImports(bindings)
      )
        for (const { name } of bindings.elements) imported.add(name.text);
      return;
    }
    if (ts.isIdentifier(node)) mentioned.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...imported].filter((name) => mentioned.has(name));
}

describe("the package's types", function () {
  this.timeout(300_000);
  let report: ApiReport;
  before(() => {
    report = apiReport();
  });

  it("have an example for everything that can be called", () => {
    const shown = readdirSync(EXAMPLES).flatMap((name) => used(join(EXAMPLES, name)));
    const callable = report.exports.filter((each) => each.callable).map(({ name }) => name);
    expect(callable).to.include.members(["buildPlan", "UserError", "HostChanges"]);
    expect(callable.filter((name) => !shown.includes(name))).to.deep.equal([]);
  });

  it("say what each is for", () => {
    expect(report.exports.filter(({ doc }) => doc === "").map(({ name }) => name)).to.deep.equal([]);
  });

  it("are told with the types that they speak of, at any depth", () => {
    const names = report.spokenOf.map(({ name }) => name);
    expect(names).to.include.members(["StopPolicy", "DiskPlan", "HostArgs"]);
    expect(printReport(report)).to.include("interface StopPolicy");
  });
});

describe("the record of the package's types", () => {
  const report = "# one";
  const digest = digestOf(report);
  const changelog = "# Changelog\n\n## Unreleased\n\n- New: a thing.\n\n## 0.1.0\n\n- New: all.\n";

  it("is asked for where the report is old", () => {
    expect(problemWith({ report, checkedIn: "# none", changelog })).to.include("is not what the types say");
  });
  it("is asked for where the CHANGELOG does not know the report", () => {
    expect(problemWith({ report, checkedIn: report, changelog })).to.include(`- API \`${digest}\`: …`);
  });
  it("stands under Unreleased", () => {
    const written = recorded(changelog, digest, "a first report.");
    expect(written).to.include(`## Unreleased\n\n- API \`${digest}\`: a first report.\n- New: a thing.`);
    expect(problemWith({ report, checkedIn: report, changelog: written })).to.equal(undefined);
  });
  it("is one line for each release, which grows", () => {
    const first = recorded(changelog, digest, "a first report.");
    const second = recorded(first, "0123456789ab", "seed() is gone.");
    expect(second).to.include("- API `0123456789ab`: a first report. seed() is gone.\n");
    expect(problemWith({ report, checkedIn: report, changelog: second })).to.include(digest);
  });
  it("of an earlier release is not that of this one", () => {
    const released = recorded(changelog, digest, "a first report.").replace(
      "## Unreleased",
      "## Unreleased\n\n## 0.2.0",
    );
    const next = recorded(released, "0123456789ab", "more.");
    expect(next).to.match(/## Unreleased\n\n- API `0123456789ab`: more\.\n+## 0\.2\.0/);
    expect(problemWith({ report, checkedIn: report, changelog: next })).to.include(digest);
  });
  it("needs a heading to stand under", () => {
    expect(() => recorded("# Changelog\n", digest, "x")).to.throw('no heading "## Unreleased"');
  });
});
