import { expect } from "chai";
import { headOf, inSync, recoveryOf, sameState } from "../../../lab/drills/chain-hosts";
import { IN_MEMORY, inMemory } from "../../../lab/drills/kill-nodeos";
import { until } from "../../../lab/drills/until";
import type { TestLab } from "../test-lab";

const PEER = "validator-a";
const FOLDER = "/data/nodeos/tmpfs";

/** A state on tmpfs: nothing of it is on a disk, nodeos may restart on it, and a restart of its host makes it anew. */
export function keepsStateInMemory(lab: TestLab): void {
  describe("with a state in memory", () => {
    const shell = (...words: string[]) => lab.inHost(IN_MEMORY, ...words);
    const recoveries = async () => {
      const { dirtyStarts, last } = await recoveryOf(lab, IN_MEMORY);
      return { dirtyStarts, begun: last?.begun };
    };
    const goesOn = async () => {
      const head = await headOf(lab, PEER);
      await until(
        `${IN_MEMORY} is past block ${head} and in sync`,
        async () => (await headOf(lab, IN_MEMORY)) > head && inSync(lab, IN_MEMORY, PEER),
      );
    };

    it("takes the one that was on the disk along, when the plan says so", async () => {
      const before = await recoveries();
      lab.edit((config) => inMemory(config));
      await lab.up();
      await goesOn();
      expect((await recoveryOf(lab, IN_MEMORY)).notes.at(-1)?.what).to.match(/was taken into memory/);
      expect(await recoveries()).to.deep.equal(before);
    });

    it("nodeos goes on after a restart of its own, with no recovery", async () => {
      expect((await shell("stat", "-fc", "%T", FOLDER)).trim()).to.equal("tmpfs");
      expect((await shell("stat", "-c", "%U %a", FOLDER)).trim()).to.equal("nodeos 700");
      expect((await shell("sh", "-c", `ls -d /data/nodeos/state 2>/dev/null || :`)).trim()).to.equal("");
      const before = await recoveries();
      await shell("systemctl", "restart", "nodeos");
      await goesOn();
      expect(await recoveries()).to.deep.equal(before);
    });

    it("a restart of the host makes it anew, which is no dirty start, and is the peer's state", async () => {
      const before = await recoveries();
      await lab.container(IN_MEMORY).restart({ t: 120 });
      await until(`${IN_MEMORY} has recovered`, async () => (await recoveries()).begun !== before.begun);
      await goesOn();
      const { dirtyStarts, last } = await recoveryOf(lab, IN_MEMORY);
      expect(dirtyStarts, "dirty starts").to.equal(before.dirtyStarts);
      expect(last?.cause).to.match(/lay in memory/);
      await sameState(lab, IN_MEMORY, PEER);
    });
  });
}
