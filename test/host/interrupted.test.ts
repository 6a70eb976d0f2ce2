import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { expect } from "chai";
import { ended, need, TestLab } from "./test-lab";

const MINUTES = 60_000;

/** Ends a run as a terminal or an operator would, once it has said what was waited for. */
async function interrupt(run: ChildProcess, afterLine: RegExp, milliseconds: number, how: () => void) {
  await new Promise<void>((resolve) => {
    let said = "";
    run.stderr?.on("data", (data) => {
      said += data;
      if (afterLine.test(said)) resolve();
    });
    run.on("exit", () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  how();
}

/** Every process of the run: the command, the lab, the engine, its plugins. */
const group = (run: ChildProcess, signal: NodeJS.Signals) => () =>
  process.kill(-need(run.pid, "pid"), signal);

describe("a run that is interrupted", function () {
  this.timeout(10 * MINUTES);
  const lab = new TestLab(1);

  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  const expectServing = async () => {
    const { hosts } = await lab.up();
    expect(hosts.map(({ state }) => state)).to.deep.equal(["serving", "serving", "serving"]);
    expect(existsSync(lab.room.underWay)).to.equal(false);
  };

  // Early: networks are being made. Later: machines boot. Last: documents are sent.
  for (const milliseconds of [700, 2500, 6000]) {
    it(`by kill -9 of all of it, ${milliseconds} ms into the hosts, goes on in the next run`, async () => {
      const run = lab.start("up");
      const end = ended(run);
      await interrupt(run, /hosts/, milliseconds, group(run, "SIGKILL"));
      await end;
      await expectServing();
      await lab.run("down");
    });
  }

  it("by Ctrl-C ends in order, says so, and goes on in the next run", async () => {
    const run = lab.start("up");
    const end = ended(run);
    await interrupt(run, /hosts/, 2500, group(run, "SIGINT"));
    const { code, err } = await end;
    expect(code).to.equal(130);
    expect(err).to.include("interrupted: run the same command again to go on");
    await expectServing();
  });

  it("by kill -9 of the lab alone, with the engine still at work, goes on in the next run", async () => {
    await lab.run("down");
    const run = lab.start("up");
    const end = ended(run);
    await interrupt(run, /hosts/, 1500, () => process.kill(need(run.pid, "pid"), "SIGKILL"));
    await end;
    await expectServing();
  });
});
