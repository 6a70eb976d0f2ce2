import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runApart, sum } from "./run-suites";

describe("a suite in a process of its own", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-suites-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cases: [name: string, text: string, tally: { passed: number; failed: number; skipped: number }][] = [
    ["is counted", 'it("a", () => {}); it.skip("b", () => {});', { passed: 1, failed: 0, skipped: 1 }],
    [
      "fails by a test",
      'it("a", () => {}); it("b", () => { throw new Error("on purpose"); });',
      { passed: 1, failed: 1, skipped: 0 },
    ],
    [
      "fails by a hook",
      'before(() => { throw new Error("on purpose"); }); it("a", () => {});',
      { passed: 0, failed: 1, skipped: 0 },
    ],
    ["fails by its process' end", 'it("a", () => process.exit(0));', { passed: 0, failed: 1, skipped: 0 }],
    ["fails by text that is no program", "it(", { passed: 0, failed: 1, skipped: 0 }],
  ];
  for (const [name, text, tally] of cases)
    it(name, async () => {
      const file = join(folder, `${name.replaceAll(" ", "-")}.cjs`);
      writeFileSync(file, `describe("made for a test", () => { ${text} });`);
      expect(await runApart(file, "ignore")).to.deep.equal(tally);
    });

  it("adds up", () => {
    const tally = { passed: 1, failed: 2, skipped: 3 };
    expect(sum([tally, tally])).to.deep.equal({ passed: 2, failed: 4, skipped: 6 });
  });
});
