import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { PROJECT } from "../stacks/stack-file";
import { dearest } from "./cost";
import { explainFailures, lanesOf, runLanes } from "./lanes";
import { runApart, sum, type Tally } from "./run-suites";

type Counts = Omit<Tally, "failures" | "cost">;

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
      const { failures, cost, ...found } = sum((await runApart([file], () => {})).values());
      expect(found).to.deep.equal(counts);
      expect(failures).to.have.length(counts.failed);
      expect(cost.cpu).to.be.at.least(0);
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
    const lanes = { hosts: [once], pieces: [[always]] };
    const { passed, failed } = sum((await runLanes(lanes, (text) => printed.push(text))).values());
    expect([passed, failed]).to.deep.equal([1, 1]);
    const [before = "", after = ""] = printed.join("").split("ran twice");
    expect(before).to.contain("Error: busy");
    expect(after).to.not.contain("Error: busy");
    expect(after).to.contain("fails-always.cjs: made for a test a");
  });

  it("are each in one lane, and what lies nowhere in particular is a piece, too", () => {
    const file = (...path: string[]) => join(PROJECT, "test", ...path);
    const all = [
      ...[file("host", "lab.test.ts"), file("stacks", "a.test.ts"), file("stacks", "new", "b.test.ts")],
      ...[file("lab", "plugins", "c.test.ts"), file("lab", "d.test.ts"), file("e.test.ts")],
    ];
    const { hosts, pieces } = lanesOf(all);
    expect(hosts).to.deep.equal([all[0]]);
    expect(pieces).to.deep.equal([[all[4], all[5]], [all[1], all[2]], [all[3]]]);
  });

  it("all run, whoever takes them, and the dearest are told", async () => {
    const busy = 'it("a", () => { const end = Date.now() + 300; while (Date.now() < end); });';
    const files = ["d1", "d2", "d3", "d4", "d5"].map((each) => suite(each, busy));
    const [host = "", ...others] = files;
    const printed: string[] = [];
    const lanes = { hosts: [host], pieces: others.map((file) => [file]) };
    const tallies = await runLanes(lanes, (text) => printed.push(text));
    expect([...tallies.keys()].sort()).to.deep.equal(files);
    expect(sum(tallies.values()).passed).to.equal(files.length);
    expect(sum(tallies.values()).cost.cpu).to.be.greaterThan(0);
    for (const file of files) expect(printed.at(-1)).to.include(relative(PROJECT, file));
  });

  it("add up", () => {
    const tally = { passed: 1, failed: 2, skipped: 3, failures: [], cost: { wall: 4, cpu: 5 } };
    const twice = { passed: 2, failed: 4, skipped: 6, failures: [], cost: { wall: 8, cpu: 10 } };
    expect(sum([tally, tally])).to.deep.equal(twice);
  });

  it("name the ten dearest, the dearest first", () => {
    const costs = Array.from({ length: 12 }, (_, wall) => [`suite-${wall}`, { wall, cpu: 1 }] as const);
    const rows = dearest(costs).split("\n").slice(1, -1);
    expect(rows).to.have.length(10);
    expect(rows[0]).to.equal("     11 s       1 s   suite-11");
    expect(rows.at(-1)).to.equal("      2 s       1 s   suite-2");
  });
});
