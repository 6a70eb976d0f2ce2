import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { programsOf, releaseLockSchema, releasesFor } from "../../../components/core/releases";
import { buildProgram } from "../../../stacks/project-program";
import { bundleProgram } from "../../../stacks/releases";
import { PROJECT } from "../../../stacks/stack-file";

const lock = releaseLockSchema.parse(
  JSON.parse(readFileSync(join(PROJECT, "lab/releases/lock.json"), "utf8")),
);

describe("the lab's release lock", () => {
  it("brings every program once, and what each needs to run", () => {
    const programs = lock.releases.flatMap(programsOf);
    expect(new Set(programs).size).equal(programs.length);
    for (const { programs: own, needs } of lock.releases)
      expect(programs).include.members([
        ...needs,
        ...Object.values(own).flatMap(({ interpreter }) => interpreter ?? []),
      ]);
  });

  it("installs the stand-ins' runtime and anvil before them", () => {
    const releases = lock.releases.map((entry) => ({ ...entry, sha256: entry.sha256 ?? "0".repeat(64) }));
    const names = releasesFor(releases, ["eos-evm-node"]).map(({ name }) => name);
    expect(names.slice(0, 2)).have.members(["node", "anvil"]);
    expect(names.at(-1)).equal("stand-ins");
  });

  it("says of each stand-in what it stands for", () => {
    const standIns = lock.releases.filter(({ standIn }) => standIn !== undefined).map(({ name }) => name);
    expect(standIns).eql(["anvil", "stand-ins"]);
  });

  for (const entry of lock.releases.filter(({ source }) => source.kind === "project")) {
    it(`gives ${entry.name} the version of this package, and the same bytes each time`, function () {
      const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
      expect(entry.version).equal(version);
      if (entry.source.kind !== "project" || !existsSync(join(PROJECT, entry.source.entry)))
        return this.skip();
      const { content } = buildProgram(entry.source.entry);
      expect(Buffer.from(content).equals(buildProgram(entry.source.entry).content)).equal(true);
      expect(Buffer.from(content).equals(bundleProgram(entry))).equal(true);
    });
  }
});
