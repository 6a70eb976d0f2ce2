import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { keepPeers } from "../../../agent/peers/keeper";
import { inOrderOf, nameOf, peerArguments, wantedPeers } from "../../../agent/peers/list";
import { PEERS_FILE } from "../../../components/core/services/nodeos-peers";
import { FakeHost } from "../fake-host";

const NOBODY: string[] = [];
const EMPTY = { host: "h", most: 4, always: NOBODY, others: NOBODY, dnsSeeds: NOBODY };

describe("the peers that the agent keeps", () => {
  let host: FakeHost;
  let server: Server;
  let called: Set<string>;
  let isOut: boolean;
  beforeEach(async () => {
    host = new FakeHost();
    called = new Set();
    isOut = false;
    // nodeos' net API, as far as it is used: bodies are JSON strings, and all is answered with 200 or 201.
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const peer = JSON.parse(body) as string;
      if (isOut) return void response.writeHead(503).end("{}");
      if (request.url === "/v1/net/connect") called.add(peer);
      if (request.url === "/v1/net/disconnect") called.delete(peer);
      const answer = [...called].map((each) => ({ peer: each, connecting: false }));
      response.writeHead(201).end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    host.remove();
  });

  const write = (over: Partial<typeof EMPTY> & Record<string, unknown> = {}) =>
    host.write(
      PEERS_FILE,
      JSON.stringify({
        ...EMPTY,
        control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...over,
      }),
    );
  const keeper = (addresses: Record<string, string[]> = {}) => {
    const said: string[] = [];
    const kept = keepPeers(host.system, {
      resolve: async (name) => {
        const found = addresses[name];
        if (!found) throw new Error(`no ${name}`);
        return found;
      },
      say: (line) => said.push(line),
    });
    kept.stop();
    return { look: kept.look, said };
  };

  it("follow the list as it changes, and tell each change once", async () => {
    const { look, said } = keeper();
    write({ always: ["relay.test:9876"], others: ["one.test:9876"] });
    await look();
    await look();
    expect([...called]).to.deep.equal(["relay.test:9876", "one.test:9876"]);
    write({ always: ["other.test:9876"], others: ["one.test:9876"] });
    await look();
    expect([...called].sort()).to.deep.equal(["one.test:9876", "other.test:9876"]);
    expect(said).to.deep.equal([
      "peers: calls relay.test:9876, one.test:9876",
      "peers: left relay.test:9876",
      "peers: calls other.test:9876",
    ]);
  });

  it("are those behind the names of DNS seeds too, of both families", async () => {
    const addresses: Record<string, string[]> = { "seeds.test": ["192.0.2.1", "2001:db8::1"] };
    const { look } = keeper(addresses);
    write({ dnsSeeds: ["seeds.test:9876", "gone.test:1"] });
    await look();
    expect([...called].sort()).to.deep.equal(["192.0.2.1:9876", "[2001:db8::1]:9876"]);
    delete addresses["seeds.test"];
    host.time = new Date(host.time.getTime() + 3_600_000);
    await look();
    expect(called.size, "a name service that is out takes nobody away").to.equal(2);
    addresses["seeds.test"] = ["192.0.2.7"];
    host.time = new Date(host.time.getTime() + 3_600_000);
    await look();
    expect([...called]).to.deep.equal(["192.0.2.7:9876"]);
  });

  it("are nobody's where the host has no list, and wait for a nodeos that is not there", async () => {
    const { look } = keeper();
    await look();
    expect(called.size).to.equal(0);
    write({ always: ["relay.test:9876"] });
    isOut = true;
    await look().then(
      () => expect.fail("it saw an answer"),
      () => {},
    );
    isOut = false;
    await look();
    expect([...called]).to.deep.equal(["relay.test:9876"]);
  });

  it("are what nodeos is started with, those behind DNS seeds aside", async () => {
    expect(await peerArguments(host.system)).to.deep.equal([]);
    write({ most: 2, always: ["a:1"], others: ["b:1", "c:1", "a:1"], dnsSeeds: ["s.test:1"] });
    const words = await peerArguments(host.system);
    expect(words.filter((word) => word === "--p2p-peer-address")).to.have.length(2);
    expect(words[1]).to.equal("a:1");
  });

  it("are counted", () => {
    const wanted = (over: object) => wantedPeers({ ...EMPTY, control: "http://a", ...over });
    expect(wanted({})).to.equal(0);
    expect(wanted({ always: ["a:1"], others: ["a:1", "b:1"], dnsSeeds: ["s:1"] })).to.equal(3);
    expect(wanted({ others: ["a:1", "b:1", "c:1", "d:1", "e:1"] })).to.equal(4);
    expect(wanted({ always: ["a:1", "b:1", "c:1", "d:1", "e:1"] })).to.equal(5);
  });

  it("come in another order on each host, which stays", () => {
    const all = Array.from({ length: 40 }, (_, index) => `p${index}:9876`);
    const order = inOrderOf("seed-a", all);
    expect(inOrderOf("seed-a", [...all].reverse())).to.deep.equal(order);
    expect(inOrderOf("seed-b", all)).not.to.deep.equal(order);
    expect([...order].sort()).to.deep.equal([...all].sort());
  });

  it("have a name or an address", () => {
    expect(
      ["relay.test:9876", "relay.test:9876:trx", "10.0.0.1:9876", "[fd00::1]:9876"].map(nameOf),
    ).to.deep.equal(["relay.test", "relay.test", undefined, undefined]);
  });
});
