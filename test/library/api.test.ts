import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { problemWith, recorded } from "../../library/api-record";
import { type ApiReport, apiReport, digestOf, printReport } from "../../library/api-report";
import { examplesOf } from "../../library/examples-of";
import { PROJECT } from "../../stacks/stack-file";

describe("the package's types", function () {
  this.timeout(300_000);
  let report: ApiReport;
  before(() => {
    report = apiReport();
  });

  it("have an example for everything that can be called", () => {
    const shown = examplesOf();
    const callable = report.exports.filter((each) => each.callable).map(({ name }) => name);
    expect(callable).to.include.members(["buildPlan", "UserError", "HostChanges"]);
    expect(callable.filter((name) => !shown.has(name))).to.deep.equal([]);
  });

  it("make pages of which no link leads nowhere, each export with its examples", () => {
    const folder = mkdtempSync(join(tmpdir(), "api-pages-"));
    const read = (page: string) => readFileSync(join(folder, page), "utf8");
    try {
      const words = [join(PROJECT, "lab/start.mjs"), "library/pages.mjs", folder];
      const { status, stderr } = spawnSync(process.execPath, words, { cwd: PROJECT, encoding: "utf8" });
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
      expect(read("functions/buildPlan.html")).to.include("Example").and.include("checkPlan");
      expect(read("interfaces/Rule.html")).to.include("database-reachable");
    } finally {
      rmSync(folder, { recursive: true });
    }
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
