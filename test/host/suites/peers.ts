import { expect } from "chai";
import { control } from "../../../lab/drills/chain-hosts";
import { until } from "../../../lab/drills/until";
import type { TestLab } from "../test-lab";

/** Of addresses for documentation (RFC 5737): nobody answers there, and nodeos goes on calling. */
export const PEER_BEFORE = "192.0.2.76:9876";
const PEER_AFTER = "192.0.2.77:9876";
const RELAY = "seed-a";

/** Peers that the stack file names are met and left by `up`, and no nodeos is started anew. */
export function changesPeers(lab: TestLab): void {
  describe("told another peer", () => {
    const started = () =>
      Promise.all(
        lab.plan.hosts.map(({ name }) =>
          lab.inHost(name, "systemctl", "show", "-P", "ExecMainStartTimestampMonotonic", "nodeos"),
        ),
      );
    const calls = async () => {
      const connections = (await control(lab, RELAY, "net/connections")) as { peer?: string }[];
      return connections.flatMap(({ peer }) => (peer === PEER_BEFORE || peer === PEER_AFTER ? [peer] : []));
    };
    const becomes = (peer: string) =>
      until(`nodeos of ${RELAY} calls ${peer} and not the other`, async () => {
        const called = await calls();
        if (String(called) !== peer) throw new Error(`it calls ${called}`);
        return true;
      });

    it("calls that one in place of the one before, by nodeos' net API", async () => {
      await becomes(PEER_BEFORE);
      const before = await started();
      lab.edit((config) => Object.assign(config, { "nodewright:peers": [PEER_AFTER] }));
      const { changes } = await lab.up();
      expect(changes, "the relay's host, and nobody else's").to.have.keys("same", "update");
      expect(changes.update).to.equal(1);
      await becomes(PEER_AFTER);
      expect(await started(), "when each nodeos was started").to.deep.equal(before);
    });
  });
}
