import { BACKUP, BACKUP_HOST } from "../../lab/drills/backup-host";
import type { Drill } from "../../lab/drills/drill";
import { forkOf, SECOND, SECOND_HOST } from "../../lab/drills/fork";
import { inMemory, killNodeos } from "../../lab/drills/kill-nodeos";
import { restore } from "../../lab/drills/restore";
import { runDrill } from "../../lab/drills/rounds";
import { SampleLab } from "../../lab/drills/sample-lab";
import { shipLossOf } from "../../lab/drills/ship-loss";
import { tornLog } from "../../lab/drills/torn-log";
import { showsBusyPort } from "./suites/busy-port";
import { keepsStateInMemory } from "./suites/in-memory";
import { changesPeers, PEER_BEFORE } from "./suites/peers";

const MINUTES = 60_000;

/** Short forms of the drills of the chain, on one lab; each with a seed that has been seen. The last gives it another producer. */
const SHORT: [drill: Drill, rounds: number, seed: number][] = [
  [killNodeos, 3, 1],
  [tornLog, 2, 1],
  [shipLossOf([1]), 1, 1],
  [restore, 1, 1],
  [forkOf([{ blocks: 10 }]), 1, 1],
];

describe("the chain of a lab, in drills", function () {
  this.timeout(20 * MINUTES);
  const lab = new SampleLab(3, {
    edit: (config) => {
      config["nodewright:hosts"] = {
        ...config["nodewright:hosts"],
        [SECOND]: SECOND_HOST,
        [BACKUP]: BACKUP_HOST,
      };
      inMemory(config, "mapped");
      Object.assign(config, { "nodewright:peers": [PEER_BEFORE] });
    },
  });

  before("brings it up", async () => {
    await lab.up();
  });
  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  changesPeers(lab);
  showsBusyPort(lab);
  keepsStateInMemory(lab);

  // A suite, too: tests of this one would run before the suites above.
  describe("by their short forms", () => {
    for (const [drill, rounds, seed] of SHORT)
      it(`${drill.name}: ${drill.summary}`, async () => {
        const { rounds: made } = await runDrill(drill, { lab, rounds, seed });
        const failed = made.filter(({ ok }) => !ok).map(({ fault, reason }) => `${fault}: ${reason}`);
        if (failed.length > 0) throw new Error(failed.join("\n"));
      });
  });
});
