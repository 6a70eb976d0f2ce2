import { utimesSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { arrivalMetrics } from "../../agent/arrivals";
import { certificateMetrics } from "../../agent/certificates";
import { collect, type Measured } from "../../agent/collectors";
import { evmAccountMetrics } from "../../agent/evm-accounts";
import { printMetrics } from "../../agent/metric";
import { peerMetrics } from "../../agent/peers/metrics";
import { putSecret } from "../../agent/secret";
import { PEERS_FILE } from "../../components/core/services/nodeos-peers";
import { certificatesOf } from "../../components/core/tls/certificate";
import { type Authority, makeAuthority, readAuthority } from "../../tls/authority";
import { issue } from "../../tls/issue";
import { cloudPlan } from "../support/fake-cloud";
import { document, FakeHost, unit } from "./fake-host";

const lines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("what the agent measures", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());
  const measured = (over: Partial<Measured> = {}): Measured => ({
    system: host.system,
    document: document({ units: [unit("a", { reads: [] })] }),
    services: [],
    ...over,
  });

  it("is what the accounts that EVM transactions need have left, where they are limited", async () => {
    const account = {
      ...{ ram_quota: "4000", ram_usage: 3_000 },
      ...{ cpu_limit: { available: 20, max: "200" }, net_limit: { available: -1, max: -1 } },
    };
    const asked: string[] = [];
    const node = createServer((request, response) => {
      text(request).then((body) => asked.push(`${request.url} ${body}`));
      response.end(JSON.stringify(account));
    });
    await new Promise<void>((listening) => node.listen(0, "127.0.0.1", listening));
    const { port } = node.address() as AddressInfo;
    const content = `[Service]\nEnvironment="MINER_ACCOUNT=evmminer1111"\nEnvironment="EVM_ACCOUNT=evmevmevmevm"\nEnvironment="RPC_ENDPOINTS=http://127.0.0.1:${port}|x"\n`;
    const known = measured({
      document: document({ units: [{ ...unit("a", { reads: [] }), service: "tx-wrapper", content }] }),
    });
    const found = lines(printMetrics(await evmAccountMetrics(known)));
    node.close();
    const name = 'nodewright_evm_account_left_ratio{account="';
    expect(found).to.deep.equal([
      `${name}evmminer1111",resource="cpu"} 0.1`,
      `${name}evmminer1111",resource="ram"} 0.25`,
      `${name}evmevmevmevm",resource="ram"} 0.25`,
    ]);
    expect(asked.toSorted()).to.deep.equal([
      '/v1/chain/get_account {"account_name":"evmevmevmevm"}',
      '/v1/chain/get_account {"account_name":"evmminer1111"}',
    ]);
    expect(await evmAccountMetrics(known)).to.deep.equal([]);
  });

  it("is nothing on a host of which nothing is known", async () =>
    expect(lines(printMetrics(await collect(measured())))).to.deep.equal([]));

  describe("of certificates", () => {
    const now = new Date();
    const authority = readAuthority(makeAuthority("test", now), now).authority as Authority;
    const [request] = certificatesOf(cloudPlan());
    if (!request) throw new Error("no certificate");
    const put = (name: string, value: string) => putSecret(host.system, name, Buffer.from(value));

    it("is until when each is good, from the time that it came", async () => {
      const { pem, notAfter } = issue(authority, "test", request, now);
      await put("tls-identity", pem);
      await put("tls-authority", authority.certificate);
      await put("signing-key", "PVT_K1_nothing");
      const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
      expect(lines(printMetrics(await certificateMetrics(measured())))).to.deep.equal([
        `nodewright_certificate_expiry_timestamp_seconds{secret="tls-identity"} ${seconds(notAfter)}`,
        `nodewright_certificate_expiry_timestamp_seconds{secret="tls-authority"} ${seconds(authority.notAfter)}`,
      ]);
      expect(host.read("/var/lib/nodewright/certificates.json")).not.to.include("PRIVATE");
    });

    it("is no reason to refuse a secret, be it no certificate at all", async () => {
      const { failed } = await put("odd", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      expect(failed).to.deep.equal([]);
      expect(await certificateMetrics(measured())).to.have.nested.property("[0].samples").that.is.empty;
    });
  });

  describe("of logs that arrive", () => {
    const store = document({ units: [unit("nodewright-log-store", { reads: [] })] });

    it("is when each host's newest file was written to, and nothing on a host that keeps none", async () => {
      const file = (path: string, seconds: number) => {
        host.write(`/data/logs/${path}`, "a line\n");
        utimesSync(join(host.root, "data/logs", path), seconds, seconds);
      };
      file("seed-1/journal.log", 2_000);
      file("seed-1/journal.log.1", 1_000);
      file("watch/audit.jsonl", 3_000);
      expect(lines(printMetrics(await arrivalMetrics(measured({ document: store }))))).to.deep.equal([
        'nodewright_log_last_timestamp_seconds{from="seed-1"} 2000',
        'nodewright_log_last_timestamp_seconds{from="watch"} 3000',
      ]);
      expect(await arrivalMetrics(measured())).to.deep.equal([]);
    });

    it("is nothing before any came", async () =>
      expect(lines(printMetrics(await arrivalMetrics(measured({ document: store }))))).to.deep.equal([]));
  });

  it("is how many peers nodeos shall have, where it is to call any", async () => {
    const control = "http://127.0.0.1:8890";
    const peers = { host: "h", control, most: 25, always: ["seed:9876"], others: ["a:1"], dnsSeeds: [] };
    const node = (over: object) =>
      measured({
        document: document({
          files: [{ path: PEERS_FILE, content: JSON.stringify({ ...peers, ...over }), mode: "0644" }],
          units: [
            unit("nodeos", { reads: [], health: { kind: "nodeos", url: control, maxHeadAgeSeconds: 10 } }),
          ],
        }),
      });
    expect(lines(printMetrics(await peerMetrics(node({}))))).to.deep.equal([
      'nodewright_peers_wanted{service="nodeos",unit="nodeos.service"} 2',
    ]);
    expect(lines(printMetrics(await peerMetrics(node({ always: [], others: [] }))))).to.deep.equal([]);
  });
});
