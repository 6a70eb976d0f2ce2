import { expect } from "chai";
import { artifact } from "../../lab/drills/artifact";
import type { Drill, Round } from "../../lab/drills/drill";
import { documentOf, isWell, reportOf, send } from "../../lab/drills/host-agent";
import { filesOf, mustBeSame } from "../../lab/drills/host-files";
import { mustRunOn, portsOf, unitsOf } from "../../lab/drills/host-units";
import { provisionKill } from "../../lab/drills/provision-kill";
import { resultText, roundText } from "../../lab/drills/result-text";
import { rollback } from "../../lab/drills/rollback";
import { runDrill } from "../../lab/drills/rounds";
import { until } from "../../lab/drills/until";
import { TestLab } from "./test-lab";

const MINUTES = 60_000;

/** Short forms, on one lab; `npm run drill -- NAME` runs each in full. */
describe("provision on real hosts", function () {
  this.timeout(20 * MINUTES);
  const lab = new TestLab(4);

  before("brings a lab up", async () => {
    await lab.up();
  });
  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  for (const { name } of [{ name: "validator-a" }, { name: "rpc-a" }])
    it(`run twice on ${name} changes nothing: no file, no time of one, no unit, no process`, async () => {
      await until(`${name} is well`, () => isWell(lab, name));
      const document = await documentOf(lab, name);
      const units = document.units.map((unit) => unit.name);
      const look = async () => ({
        files: await filesOf(lab, name, { times: true }),
        units: await unitsOf(lab, name, units),
        ports: await portsOf(lab, name),
        record: await lab.inHost(name, "sha256sum", "/var/lib/nodewright/provision.json"),
      });
      const before = await look();
      const { changed, seconds } = reportOf("the second run", await send(lab, name, document));
      const now = await look();
      expect(changed).to.equal(0);
      mustBeSame("files", before.files, now.files);
      mustRunOn("units", before.units, now.units);
      expect(now.ports).to.deep.equal(before.ports);
      expect(now.record).to.equal(before.record);
      process.stdout.write(`        the second run took ${seconds} s\n`);
    });

  const rows: [drill: Drill, rounds: number, seed: number][] = [
    [provisionKill, 2, 1],
    [rollback, 1, 1],
    [artifact, 6, 2],
  ];
  for (const [drill, rounds, seed] of rows)
    it(`drill ${drill.name}, ${rounds} rounds`, async () => {
      const onRound = (round: Round) => process.stdout.write(`      ${roundText(round, false)}\n`);
      const result = await runDrill(drill, { lab, rounds, seed, onRound });
      expect(result.rounds).to.have.length(rounds);
      const failed = result.rounds.filter(({ ok }) => !ok).map((round) => roundText(round, false));
      if (failed.length > 0) throw new Error(`${resultText(result)}\n${failed.join("\n")}`);
    });
});
