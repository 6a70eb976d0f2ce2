import { expect } from "chai";
import { firstBlock, startTimes } from "../chain-state";
import { need, type TestLab } from "../test-lab";

/** A second run changes nothing; a changed setting changes one unit of one host. */
export function changes(lab: TestLab): void {
  describe("run again", () => {
    it("changes nothing when nothing has changed", async () => {
      const { changes } = await lab.up();
      expect(Object.keys(changes)).to.deep.equal(["same"]);
    });

    it("refuses to run twice at once, and says who runs", async () => {
      const first = lab.start("up");
      const second = await new Promise<Awaited<ReturnType<typeof lab.run>>>((resolve) =>
        setTimeout(() => void lab.run("up").then(resolve), 1500),
      );
      expect(second.code).to.equal(1);
      expect(second.err).to.include("another run is under way for this lab: `npm run lab`, process");
      await new Promise((resolve) => first.on("close", resolve));
    });
  });

  describe("told another setting of nodeos", () => {
    it("changes the running host in place: its container, chain and other units stay", async () => {
      const identity = async () => ({
        container: (await lab.container("rpc-a").inspect()).Id,
        started: (await lab.container("rpc-a").inspect()).State.StartedAt,
        genesis: await firstBlock(lab),
        units: await startTimes(lab),
      });
      const before = await identity();
      lab.edit((config) => {
        need(config["nodewright:hosts"]?.["rpc-a"], "rpc-a").services = {
          nodeos: { options: { "http-max-response-time-ms": 123 } },
        };
      });
      const { changes } = await lab.up();
      const after = await identity();

      expect(changes).to.have.keys("same", "update");
      expect(changes.update).to.equal(1);
      expect(await lab.inHost("rpc-a", "cat", "/etc/nodeos/config.ini")).to.include(
        "http-max-response-time-ms = 123",
      );
      expect({ ...after, units: undefined }).to.deep.equal({ ...before, units: undefined });
      const restarted = Object.keys(after.units).filter((unit) => after.units[unit] !== before.units[unit]);
      expect(restarted).to.deep.equal(["nodeos.service"]);
    });
  });

  describe("told to publish another port", () => {
    it("replaces the machine and keeps its chain, its keys and its name", async () => {
      const before = { machine: (await lab.container("rpc-a").inspect()).Id, block: await firstBlock(lab) };
      lab.edit((config) => {
        const docker = need(config["nodewright:target"]?.docker, "docker") as { publish: object };
        docker.publish = { "rpc-a": { rpc: lab.rpcPort + 50 } };
      });
      const { hosts } = await lab.up();
      expect((await lab.container("rpc-a").inspect()).Id).not.to.equal(before.machine);
      expect(await firstBlock(lab)).to.equal(before.block);
      expect(hosts.map(({ state }) => state)).to.deep.equal(["serving", "serving", "serving"]);
    });
  });
}
