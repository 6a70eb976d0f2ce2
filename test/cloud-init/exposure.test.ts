import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { documentFor } from "../../cloud-init/document-for";
import { machinesOf } from "../../components/core/plan/plan";
import { loadPlan } from "../../stacks/load";
import { rawOf, samples } from "../stacks/cloud-life";

const MOST_EXPOSURE = 3.0;

/** Every unit of every host of every sample, each different text once, by where it was first seen. */
function unitsOfSamples(): Map<string, { where: string; name: string }> {
  const found = new Map<string, { where: string; name: string }>();
  for (const sample of samples()) {
    const { plan } = loadPlan(sample, rawOf(sample));
    if (!plan) throw new Error(`${sample} has no plan`);
    for (const host of machinesOf(plan))
      for (const { name, content } of documentFor(plan, host).units)
        if (!found.has(content)) found.set(content, { where: `${sample} ${host.name} ${name}`, name });
  }
  return found;
}

describe("the units of every sample", function () {
  this.timeout(120_000);
  let folder: string;

  before(function () {
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0) {
      console.log("      skipped: no systemd-analyze here");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "nodewright-units-"));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  it(`are exposed to at most ${MOST_EXPOSURE.toFixed(1)}, as systemd counts`, () => {
    const services = [...unitsOfSamples()].filter(([, { name }]) => name.endsWith(".service"));
    expect(services.length).to.be.above(15);
    const files = services.map(([content, { name }], index) => {
      mkdirSync(join(folder, String(index)));
      writeFileSync(join(folder, String(index), name), content);
      return join(folder, String(index), name);
    });
    const scores = files.map((file) => {
      const words = ["security", "--offline=true", "--no-pager", file];
      const { stdout } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
      return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
    });
    const exposed = services.flatMap(([, { where }], index) =>
      (scores[index] ?? Number.NaN) <= MOST_EXPOSURE ? [] : [`${where}: ${scores[index]}`],
    );
    expect(exposed).to.deep.equal([]);
  });
});
