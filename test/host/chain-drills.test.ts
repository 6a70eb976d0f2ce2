import { expect } from "chai";
import { control } from "../../lab/drills/chain-hosts";
import type { Drill } from "../../lab/drills/drill";
import { forkOf } from "../../lab/drills/fork";
import { killNodeos } from "../../lab/drills/kill-nodeos";
import { BACKUP_HOST, restore } from "../../lab/drills/restore";
import { runDrill } from "../../lab/drills/rounds";
import { SampleLab } from "../../lab/drills/sample-lab";
import { shipLossOf } from "../../lab/drills/ship-loss";
import { tornLog } from "../../lab/drills/torn-log";
import { until } from "../../lab/drills/until";

const MINUTES = 60_000;
const fork = forkOf([{ blocks: 10 }]);

/** Short forms of the drills of the chain, on one lab; each with a seed that has been seen. The fork comes last: it changes who produces. */
const SHORT: [drill: Drill, rounds: number, seed: number][] = [
  [killNodeos, 3, 1],
  [tornLog, 2, 1],
  [restore, 1, 1],
  [shipLossOf([1]), 1, 1],
  [fork, 1, 1],
];

describe("the chain of a lab, in drills", function () {
  this.timeout(30 * MINUTES);
  const lab = new SampleLab(3, {
    edit: (config) => {
      fork.lab?.edit?.(config);
      const hosts = config["nodewright:hosts"];
      if (hosts) hosts["backup-a"] = BACKUP_HOST;
    },
  });

  before("brings it up", async () => {
    await lab.up();
  });
  after("takes it down", async function () {
    this.timeout(10 * MINUTES);
    await lab.down();
  });

  it("meets and leaves a peer that its stack file names, and no nodeos is started anew", async () => {
    // Of a documentation range (RFC 5737): nobody answers, and nodeos tells all the same whom it calls.
    const peer = "192.0.2.77:9876";
    const called = async () =>
      ((await control(lab, "seed-a", "net/connections")) as { peer: string }[]).some(
        (each) => each.peer === peer,
      );
    const started = async () => {
      const words = ["systemctl", "show", "--value", "--property=ExecMainStartTimestampMonotonic,NRestarts"];
      return lab.inHost("seed-a", ...words, "nodeos.service", "nodewright-agent.service");
    };
    const name = async (peers: string[]) => {
      lab.edit((config) => {
        Object.assign(config, { "nodewright:peers": peers });
      });
      await lab.up();
    };
    const before = await started();
    await name([peer]);
    await until("nodeos calls the new peer", called);
    await name([]);
    await until("nodeos has forgotten it", async () => !(await called()));
    expect(await started()).to.equal(before);
  });

  for (const [drill, rounds, seed] of SHORT)
    it(`${drill.name}: ${drill.summary}`, async () => {
      const { rounds: made } = await runDrill(drill, { lab, rounds, seed });
      const failed = made.filter(({ ok }) => !ok).map(({ fault, reason }) => `${fault}: ${reason}`);
      if (failed.length > 0) throw new Error(failed.join("\n"));
    });
});
