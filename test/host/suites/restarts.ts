import { expect } from "chai";
import { serves, status } from "../chain-state";
import { HOSTS, type TestLab } from "../test-lab";

/** Hosts and units stop in order and come back. */
export function restarts(lab: TestLab): void {
  describe("restarted", () => {
    for (const name of HOSTS) {
      it(`${name} stops in order and comes back with a clean database`, async () => {
        const head = Number((await status(lab, name)).headBlock);
        await lab.container(name).restart({ t: 120 });
        await serves(lab, name, head);
        const log = await lab.inHost(name, "journalctl", "--no-pager", "-u", "nodeos");
        expect(log).not.to.match(/dirty/i);
        const manager = log.split("\n").filter((line) => line.includes("systemd[1]"));
        expect(manager.join("\n")).not.to.match(/code=(killed|dumped)|Failed with result|timed out/);
      });
    }

    it("the proxy reads its files each time it is told, also in a row", async () => {
      const loads = async () =>
        (await lab.inHost("rpc-a", "journalctl", "--no-pager", "-u", "proxy")).split("Loading success")
          .length;
      const before = await loads();
      await lab.inHost("rpc-a", "sh", "-c", "for each in 1 2 3 4; do systemctl reload proxy; done");
      expect(await loads()).to.equal(before + 4);
    });

    it("all units of a host stop cleanly when told", async () => {
      const units = lab
        .host("rpc-a")
        .services.map(({ unit }) => `${unit}.service`)
        .reverse();
      await lab.inHost("rpc-a", "systemctl", "stop", ...units);
      for (const unit of units)
        expect(await lab.inHost("rpc-a", "systemctl", "show", "-P", "Result", unit)).to.equal(
          "success\n",
          unit,
        );
      await lab.inHost("rpc-a", "systemctl", "start", ...units.reverse());
      await serves(lab, "rpc-a", 0);
    });
  });
}
