import { Resolver } from "node:dns/promises";
import { expect } from "chai";
import { knownAddress } from "../../components/core/network/address-ref";
import { until } from "../../lab/drills/until";
import { hardened } from "./suites/hardening";
import { inSight } from "./suites/sight";
import { TestLab } from "./test-lab";

const MINUTES = 60_000;

describe("every role on one Docker engine", function () {
  this.timeout(20 * MINUTES);
  const lab = new TestLab(2, { stack: "docker", published: "read-1" });

  before("brings it up", async () => {
    await lab.up();
  });
  after("takes it down", async function () {
    this.timeout(6 * MINUTES);
    await lab.down();
  });

  const chainId = async () =>
    (await lab.rpc({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] })).answer;

  for (const seed of ["seed-1", "seed-2"]) {
    it(`${seed} answers for the stack's names by both families`, async () => {
      const outside = (name: string) => knownAddress(lab.host(name).addresses.public);
      const resolver = new Resolver({ timeout: 2_000, tries: 3 });
      resolver.setServers([outside(seed).ipv4]);
      expect(await resolver.resolve4("seed5.nodes.example.org")).to.deep.equal([outside("seed-1").ipv4]);
      expect(await resolver.resolve6("seed2.nodes.example.org")).to.deep.equal([outside("seed-2").ipv6]);
      expect((await resolver.resolve4("rpc.nodes.example.org")).sort()).to.deep.equal(
        [outside("read-1").ipv4, outside("read-2").ipv4].sort(),
      );
      expect((await resolver.resolveNs("nodes.example.org")).sort()).to.deep.equal([
        "ns1.nodes.example.org",
        "ns2.nodes.example.org",
      ]);
      const stranger = await resolver.resolve4("example.com").catch((error: { code: string }) => error.code);
      expect(stranger, "it must not look up the names of others").to.equal("EREFUSED");
    });
  }

  it("an RPC host whose own process is gone answers through the other one", async () => {
    await lab.inHost("read-1", "systemctl", "stop", "evm-rpc-1");
    try {
      await until("the other evm-rpc answers", async () => (await chainId()).result === "0x3cc3");
      for (let call = 0; call < 5; call++) expect((await chainId()).result).to.equal("0x3cc3");
    } finally {
      await lab.inHost("read-1", "systemctl", "start", "evm-rpc-1");
    }
  });

  it("the archive gives traces and history to the cluster", async () => {
    const address = knownAddress(lab.host("history").addresses.cluster).ipv4;
    const answer = await fetch(`http://${address}:8881`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] }),
    });
    expect(((await answer.json()) as { result: string }).result).to.match(/^0x/);
  });

  it("the monitor sees a host go", async () => {
    const address = knownAddress(lab.host("watch").addresses.cluster).ipv4;
    const gone = async () => {
      const url = `http://${address}:9090/api/v1/query?query=${encodeURIComponent('up{job="agent"} == 0')}`;
      const { data } = (await (await fetch(url)).json()) as {
        data: { result: { metric: { host: string } }[] };
      };
      return data.result.map(({ metric }) => metric.host);
    };
    await lab.inHost("seed-2", "systemctl", "stop", "nodewright-agent");
    try {
      await until("the monitor sees seed-2 gone", async () => (await gone()).includes("seed-2"));
    } finally {
      await lab.inHost("seed-2", "systemctl", "start", "nodewright-agent");
    }
  });

  inSight(lab);
  hardened(lab);
});
