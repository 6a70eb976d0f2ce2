import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { metricsText } from "../../agent/metrics";
import { isHealthy, verifiedStatus } from "../../agent/status";
import type { HostDocument } from "../../cloud-init/document";
import { PEERS_FILE } from "../../components/core/services/nodeos-peers";
import { document, FakeHost, unit } from "./fake-host";

const CHAIN = "c".repeat(64);
const PEERS = { host: "h", most: 25, always: ["relay.test:9876", "10.0.0.1:9876"], others: [], dnsSeeds: [] };

describe("verification", () => {
  let host: FakeHost;
  let server: Server;
  let answers: Record<string, unknown>;
  beforeEach(async () => {
    host = new FakeHost();
    host.write("/proc/meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:   500 kB\n");
    for (const name of ["relay.test", "mirror.test"]) host.names.add(name);
    answers = {
      "/v1/chain/get_info": {
        head_block_num: 42,
        head_block_time: "2026-01-01T00:00:00.000",
        last_irreversible_block_num: 40,
        chain_id: CHAIN,
      },
      "/v1/net/connections": [{ connecting: false, peer: "relay.test:9876" }],
    };
    server = createServer((request, response) => {
      const answer = answers[request.url ?? ""];
      if (answer === undefined) response.writeHead(404).end("{}");
      else response.end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    host.remove();
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const chain = (changes: Partial<HostDocument> = {}): HostDocument =>
    document({
      files: [{ path: PEERS_FILE, content: JSON.stringify({ ...PEERS, control: url() }), mode: "0644" }],
      units: [
        unit("nodeos", {
          reads: [],
          health: {
            kind: "nodeos",
            url: url(),
            control: url(),
            maxHeadAgeSeconds: 10,
            chainId: CHAIN,
          },
        }),
      ],
      ...changes,
    });
  const verdicts = async () =>
    Object.fromEntries(
      ((await verifiedStatus(host.system)).verification?.checks ?? []).map(({ name, verdict }) => [
        name,
        verdict,
      ]),
    );

  it("finds a host that does all it is for", async () => {
    const { result, verification } = await host.provision(chain());
    expect(result).to.equal("ok");
    expect(
      verification?.checks.map(({ name, verdict, detail }) => `${verdict} ${name} ${detail}`),
    ).to.deep.equal([
      "ok services nodeos.service: active, head 42, 1.0 s old",
      "ok chain nodeos.service: head 42, 1.0 s old",
      "ok peers nodeos.service: 1 connected, 2 wanted",
      "ok memory 0.0 GiB of 0.0 GiB available",
      "ok disk /: 46.6 GiB of 93.1 GiB free",
      "ok network 1 names resolve",
    ]);
    expect(metricsText(await verifiedStatus(host.system)).split("\n")).to.include.members([
      'nodewright_verification{check="peers"} 0',
      'nodewright_disk_free_bytes{path="/"} 50000000000',
      "nodewright_memory_available_bytes 512000",
    ]);
  });

  it("fails a run on another chain than the document's", async () => {
    answers["/v1/chain/get_info"] = {
      ...(answers["/v1/chain/get_info"] as object),
      chain_id: "d".repeat(64),
    };
    const { result, steps } = await host.provision(chain());
    expect(result).to.equal("failed");
    expect(steps.at(-1)?.failed[0]?.reason).to.include(`is on chain ${"d".repeat(64)}, the document wants`);
    expect(isHealthy(await verifiedStatus(host.system))).to.equal(false);
  });

  it("warns, and lets the run pass, of what may come right: no peer, no name, no answer", async () => {
    answers["/v1/net/connections"] = [{ connecting: true, peer: "relay.test:9876" }];
    host.names.clear();
    expect((await host.provision(chain({ mirror: "file:///mirror" }))).result).to.equal("ok");
    expect(await verdicts()).to.include({ peers: "warning", network: "warning", chain: "ok" });
    answers = {};
    expect(await verdicts()).to.include({ services: "warning", chain: "warning", peers: "warning" });
  });

  it("watches memory and disk", async () => {
    await host.provision(chain());
    host.write("/proc/meminfo", "MemTotal:  1000 kB\nMemAvailable:   10 kB\n");
    host.room = { freeBytes: 5e9, totalBytes: 100e9 };
    expect(await verdicts()).to.include({ memory: "warning", disk: "warning" });
    host.room = { freeBytes: 5e8, totalBytes: 100e9 };
    expect(await verdicts()).to.include({ disk: "failed" });
  });
});
