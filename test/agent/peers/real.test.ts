import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { connectionsOf } from "../../../agent/peers/connections";
import { keepPeers } from "../../../agent/peers/keeper";
import { PEERS_FILE } from "../../../components/core/services/nodeos-peers";
import { chainInfo } from "../../../lab/drills/native-load";
import { until } from "../../../lab/drills/until";
import { type RealNodeos, realNodeos } from "../../support/real-nodeos";
import { FakeHost } from "../fake-host";

describe("the peers of a real nodeos", function () {
  this.timeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-peers-"));
  const nodes: RealNodeos[] = [];
  let host: FakeHost;

  before(async function () {
    const start = await realNodeos();
    if (!start) return this.skip();
    host = new FakeHost();
    for (const name of ["producer", "relay", "follower"])
      nodes.push(await start({ folder: join(folder, name), produces: name === "producer" }));
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    host?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are met and left while it runs on, and one that is not there takes nothing from the others", async () => {
    const [producer, relay, follower] = nodes;
    if (!producer || !relay || !follower) throw new Error("they did not start");
    const say = (always: string[]) =>
      host.write(
        PEERS_FILE,
        JSON.stringify({ host: "h", control: follower.url, most: 4, always, others: [], dnsSeeds: [] }),
      );
    const { look, stop } = keepPeers(host.system, { say: () => {} });
    stop();
    const connected = async () =>
      (await connectionsOf(follower.url)).flatMap(({ peer, isUp }) => (isUp ? [peer] : [])).sort();
    const becomes = (...peers: string[]) =>
      until(`it is connected with ${peers.join(", ")}`, async () => {
        await look();
        return String(await connected()) === String(peers.sort());
      });
    const head = async () => (await chainInfo(follower.url)).head_block_num;

    say([producer.p2p, "127.0.0.1:1"]);
    await becomes(producer.p2p);
    await until("blocks come in", async () => (await head()) > 10);
    say([producer.p2p, relay.p2p]);
    await becomes(producer.p2p, relay.p2p);
    say([relay.p2p]);
    await becomes(relay.p2p);
    // The relay knows nobody, so no block can come.
    await pause(2_000);
    const still = await head();
    await pause(2_000);
    expect(await head(), "it has left the producer").to.equal(still);
    say([producer.p2p]);
    await becomes(producer.p2p);
    await until("blocks come in again", async () => (await head()) > still);
  });
});
