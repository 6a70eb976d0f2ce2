import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { explainFailures, runLanes } from "./lanes";
import { runApart, sum, type Tally } from "./run-suites";

type Counts = Omit<Tally, "failures">;

describe("suites in a process of their own", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-suites-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function suite(name: string, text: string): string {
    const file = join(folder, `${name.replaceAll(" ", "-")}.cjs`);
    writeFileSync(file, `describe("made for a test", () => { ${text} });`);
    return file;
  }

  const cases: [name: string, text: string, counts: Counts][] = [
    ["are counted", 'it("a", () => {}); it.skip("b", () => {});', { passed: 1, failed: 0, skipped: 1 }],
    [
      "fail by a test",
      'it("a", () => {}); it("b", () => { throw new Error("on purpose"); });',
      { passed: 1, failed: 1, skipped: 0 },
    ],
    [
      "fail by a hook",
      'before(() => { throw new Error("on purpose"); }); it("a", () => {});',
      { passed: 0, failed: 1, skipped: 0 },
    ],
    ["fail by their process' end", 'it("a", () => process.exit(0));', { passed: 0, failed: 1, skipped: 0 }],
    ["fail by text that is no program", "it(", { passed: 0, failed: 1, skipped: 0 }],
  ];
  for (const [name, text, counts] of cases)
    it(name, async () => {
      const file = suite(name, text);
      const { failures, ...found } = sum((await runApart([file], () => {})).values());
      expect(found).to.deep.equal(counts);
      expect(failures).to.have.length(counts.failed);
    });

  it("are told apart by their files, and what they print comes in one piece", async () => {
    const files = [
      suite("one", 'it("a", () => {});'),
      suite("two", 'it("b", () => { throw new Error("on purpose"); });'),
    ];
    let printed = 0;
    const tallies = await runApart(files, () => printed++);
    expect([...tallies.values()].map(({ passed, failed }) => [passed, failed])).to.deep.equal([
      [1, 0],
      [0, 1],
    ]);
    expect(printed).to.equal(1);
    expect(explainFailures(tallies)).to.contain("two.cjs: made for a test b").and.contain("on purpose");
  });

  it("that fail run once more, and their second run counts", async () => {
    const marker = JSON.stringify(join(folder, "marker"));
    const once = suite(
      "fails once",
      `it("a", () => { const { existsSync, writeFileSync } = require("node:fs");
         if (!existsSync(${marker})) { writeFileSync(${marker}, ""); throw new Error("busy"); } });`,
    );
    const always = suite("fails always", 'it("a", () => { throw new Error("on purpose"); });');
    const printed: string[] = [];
    const { passed, failed } = sum(
      await runLanes({ quick: [], engines: [once, always], hosts: [] }, (text) => printed.push(text)),
    );
    expect([passed, failed]).to.deep.equal([1, 1]);
    const [before = "", after = ""] = printed.join("").split("ran twice");
    expect(before).to.contain("Error: busy");
    expect(after).to.not.contain("Error: busy");
    expect(after).to.contain("fails-always.cjs: made for a test a");
  });

  it("add up", () => {
    const tally = { passed: 1, failed: 2, skipped: 3, failures: [] };
    expect(sum([tally, tally])).to.deep.equal({ passed: 2, failed: 4, skipped: 6, failures: [] });
  });
});
