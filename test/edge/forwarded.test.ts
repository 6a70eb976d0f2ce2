import { expect } from "chai";
import { FakeNode } from "./fake-node";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const READ = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const BALANCERS = ["127.0.0.0/8"];

/** As a balancer hands it on: what the client said of itself, its address, and what the balancer adds. */
const VARIANTS: readonly [what: string, word: object, header: (client: string, said: string) => string][] = [
  ["the last word, as AWS writes it", {}, (client, said) => `${said}, ${client}`],
  [
    "the last but one, as Google writes it",
    { word: 2 },
    (client, said) => `${said}, ${client}, 198.51.100.250`,
  ],
];

for (const [what, word, header] of VARIANTS)
  describe(`a client's address behind a balancer: ${what}`, function () {
    this.timeout(240_000);
    let node: FakeNode;
    let edge: WholeEdge;

    before(async () => {
      node = await new FakeNode().start();
      edge = await new WholeEdge().start([node], [], {
        limits: { unitsPerSecond: 1 },
        behind: { addresses: BALANCERS, by: "x-forwarded-for", ...word },
      });
    });
    after(async () => {
      await edge.stop();
      await node.stop();
    });

    const statuses = (client: string, said: (call: number) => string) =>
      Promise.all(
        Array.from({ length: 40 }, async (_, call) => {
          const headers = { "x-forwarded-for": header(client, said(call)) };
          return (await fetch(`${edge.url}/`, { method: "POST", body: READ, headers })).status;
        }),
      );

    it("counts one client as one, whatever it says of itself", async () => {
      const seen = await statuses("203.0.113.7", (call) => `192.0.2.${call}`);
      expect(seen).to.include(200).and.include(429);
    });

    it("lets another client ask, whoever the first claimed to be", async () => {
      await statuses("203.0.113.8", () => "203.0.113.9");
      const headers = { "x-forwarded-for": header("203.0.113.9", "203.0.113.8") };
      expect((await fetch(`${edge.url}/`, { method: "POST", body: READ, headers })).status).to.equal(200);
    });

    it("writes that address in the log, and neither the claimed one nor the balancer's", async () => {
      await until("the log tells the client", () => edge.haproxy.output.includes('"client":"203.0.113.7"'));
      expect(edge.haproxy.output).to.not.match(/"client":"(192\.0\.2|198\.51\.100)\./);
    });
  });
