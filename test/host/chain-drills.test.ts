import type { Drill } from "../../lab/drills/drill";
import { killNodeos } from "../../lab/drills/kill-nodeos";
import { runDrill } from "../../lab/drills/rounds";
import { SampleLab } from "../../lab/drills/sample-lab";
import { shipLossOf } from "../../lab/drills/ship-loss";
import { tornLog } from "../../lab/drills/torn-log";

const MINUTES = 60_000;

/** Short forms of the drills of the chain, on one lab; each with a seed that has been seen. */
const SHORT: [drill: Drill, rounds: number, seed: number][] = [
  [killNodeos, 3, 1],
  [tornLog, 2, 1],
  [shipLossOf([1]), 1, 1],
];

describe("the chain of a lab, in drills", function () {
  this.timeout(20 * MINUTES);
  const lab = new SampleLab(3);

  before("brings it up", async () => {
    await lab.up();
  });
  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  for (const [drill, rounds, seed] of SHORT)
    it(`${drill.name}: ${drill.summary}`, async () => {
      const { rounds: made } = await runDrill(drill, { lab, rounds, seed });
      const failed = made.filter(({ ok }) => !ok).map(({ fault, reason }) => `${fault}: ${reason}`);
      if (failed.length > 0) throw new Error(failed.join("\n"));
    });
});
