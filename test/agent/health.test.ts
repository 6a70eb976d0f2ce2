import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { probe } from "../../agent/health";

const now = () => new Date("2026-01-01T00:00:10.000Z");
const info = {
  head_block_num: 42,
  head_block_time: "2026-01-01T00:00:09.500",
  last_irreversible_block_num: 40,
  chain_id: "cafe",
};

describe("probe", () => {
  let server: Server;
  let answers: Record<string, unknown>;
  before(async () => {
    server = createServer((request, response) => {
      const answer = request.method === "POST" ? answers[request.url ?? ""] : undefined;
      if (answer === undefined) response.writeHead(404).end("{}");
      else response.end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const port = () => (server.address() as AddressInfo).port;
  const nodeos = () =>
    probe({ kind: "nodeos", url: `http://127.0.0.1:${port()}`, maxHeadAgeSeconds: 5, produces: true }, now);

  it("takes a nodeos with a young head for healthy", async () => {
    answers = { "/v1/chain/get_info": info };
    expect(await nodeos()).to.deep.equal({
      healthy: true,
      detail: "head 42, 0.5 s old",
      facts: { headBlock: 42, headAgeSeconds: 0.5, lib: 40, chainId: "cafe" },
    });
  });

  it("tells whether a producer is paused", async () => {
    answers = { "/v1/chain/get_info": info, "/v1/producer/paused": true };
    expect((await nodeos()).facts.paused).to.equal(true);
    answers = { "/v1/chain/get_info": info, "/v1/producer/paused": false };
    expect(await nodeos()).to.deep.include({ healthy: true, detail: "head 42, 0.5 s old, producing" });
  });

  it("takes an old head for unhealthy and still tells what it knows", async () => {
    answers = { "/v1/chain/get_info": { ...info, head_block_time: "2026-01-01T00:00:00.000" } };
    const { healthy, detail, facts } = await nodeos();
    expect({ healthy, headBlock: facts.headBlock }).to.deep.equal({ healthy: false, headBlock: 42 });
    expect(detail).to.include("10.0 s old");
  });

  it("asks a JSON-RPC for its block", async () => {
    answers = { "/": { jsonrpc: "2.0", id: 1, result: "0x1f" } };
    const health = { kind: "json-rpc", url: `http://127.0.0.1:${port()}/` } as const;
    expect(await probe(health, now)).to.deep.equal({
      healthy: true,
      detail: "block 31",
      facts: { headBlock: 31 },
    });
    answers = { "/": { jsonrpc: "2.0", id: 1, error: { code: -1 } } };
    expect(await probe(health, now)).to.deep.include({ healthy: false, facts: {} });
  });

  it("asks a port whether it accepts", async () => {
    expect((await probe({ kind: "tcp", port: port() }, now)).healthy).to.equal(true);
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const free = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, "close");
    expect((await probe({ kind: "tcp", port: free }, now)).healthy).to.equal(false);
    const { healthy, detail } = await probe({ kind: "json-rpc", url: `http://127.0.0.1:${free}` }, now);
    expect(healthy).to.equal(false);
    expect(detail).to.include("ECONNREFUSED");
  });
});
