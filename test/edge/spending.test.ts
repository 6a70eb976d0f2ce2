import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { WebSocket } from "ws";
import { FakeNode } from "./fake-node";
import { rawRequest, statusesOf } from "./raw-request";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const call = (method: string) => `{"id":1,"method":"${method}","params":[{}]}`;
const batch = (count: number, ...methods: string[]) =>
  `[${Array.from({ length: count }, (_, index) => call(methods[index % methods.length] ?? "")).join(",")}]`;

const long = (bytes: number) => `{"id":1,"method":"eth_call","params":[{"data":"${"0".repeat(bytes)}"}]}`;

const UNITS_PER_SECOND = 4;
/** What a client may spend at once. */
const AHEAD = 10 * UNITS_PER_SECOND;

/** What a body costs, in units, and the backend that it goes to: whoever writes it otherwise has no more calls for it. */
const BODIES: [what: string, body: string, cost: number, backend: string][] = [
  ["a cheap read", call("eth_chainId"), 1, "reads"],
  ["a dear one", call("eth_call"), 5, "reads"],
  ["a price", '{"id":1,"method":"eth_gasPrice","params":[]}', 1, "prices"],
  ["a batch of cheap ones", batch(5, "eth_chainId"), 5, "reads"],
  ["a batch of short dear ones", batch(5, "eth_call"), 25, "reads"],
  ["a batch of which some are dear: each is", batch(2, "eth_chainId", "eth_call"), 10, "reads"],
  ["a batch that begins with space", ` \n${batch(5, "eth_call")}`, 25, "reads"],
  ["a batch between two steps: the upper", batch(9, "eth_chainId"), 10, "reads"],
  ["as many as a batch may have", batch(100, "eth_chainId"), 100, "reads"],
  ["a call that lies whole in HAProxy's buffer", long(14_000), 5, "reads"],
  ["one that does not", long(16_000), 5, "gateway"],
  ["logs", call("eth_getLogs"), 25, "gateway"],
  ["logs whose name is escaped", call("eth_getLo\\u0067s"), 25, "gateway"],
  ["logs whose key is escaped", '{"id":1,"m\\u0065thod":"eth_getLogs","params":[{}]}', 25, "gateway"],
  ["a batch of short logs", batch(4, "eth_getLogs"), 100, "gateway"],
  ["a batch of escaped logs", batch(4, "eth_getLo\\u0067s"), 100, "gateway"],
  ["a batch of reads and a price", batch(4, "eth_chainId", "eth_gasPrice"), 4, "gateway"],
  ["what is denied", call("admin_peers"), 1, "gateway"],
];

describe("what a client's calls cost it", function () {
  this.timeout(600_000);
  let node: FakeNode;
  let edge: WholeEdge;
  /** Each body has a client of its own. */
  const nameOf = (index: number) => `client-${index}`;

  before(async () => {
    node = await new FakeNode().start();
    const keys = [...BODIES.keys(), BODIES.length, BODIES.length + 1].map((index): [string, object] => {
      const sha256 = createHash("sha256").update(nameOf(index)).digest("hex");
      return [nameOf(index), { sha256, tier: "poor" }];
    });
    edge = await new WholeEdge().start([node], [node], {
      limits: { unitsPerSecond: UNITS_PER_SECOND },
      tiers: { poor: { unitsPerSecond: UNITS_PER_SECOND } },
      keys: Object.fromEntries(keys),
    });
  });
  after(async () => {
    await edge.stop();
    await node.stop();
  });

  const ask = async (body: string, path = "/") => {
    const response = await fetch(`${edge.url}${path}`, { method: "POST", body });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  /** How many are served before one is refused, and the seconds that it took. */
  async function spendAll(body: string, path?: string): Promise<{ served: number; seconds: number }> {
    const begun = performance.now();
    for (let served = 0; ; served += 1) {
      const { status, headers, text } = await ask(body, path);
      expect(headers.has("x-edge-units"), "the figure is HAProxy's alone").to.equal(false);
      if (status === 429) return { served, seconds: (performance.now() - begun) / 1000 };
      expect(status, text).to.equal(200);
    }
  }
  /** The last one that is served may go beyond what the client has, by nearly its whole cost. */
  const expectSpent = ({ served, seconds }: { served: number; seconds: number }, cost: number) =>
    expect(served, "requests that were served").to.be.within(
      Math.floor(AHEAD / cost) + 1,
      Math.floor((AHEAD + seconds * UNITS_PER_SECOND) / cost) + 1,
    );

  for (const [index, [what, body, cost, backend]] of BODIES.entries())
    it(`${what}: ${cost}`, async () => {
      expectSpent(await spendAll(body, `/key/${nameOf(index)}`), cost);
      const line = new RegExp(`"key":"${nameOf(index)}".*"status":200.*"backend":"${backend}"`);
      await until("the log tells by which way it went", () => line.test(edge.haproxy.output));
    });

  it("without a key, by its address, and as time goes on it may ask again", async () => {
    expectSpent(await spendAll(call("eth_call")), 5);
    await until("it is served again", async () => (await ask(call("eth_call"))).status === 200);
  });

  describe("over WebSockets", () => {
    const [first, second] = [nameOf(BODIES.length), nameOf(BODIES.length + 1)];
    const open = async (path: string, headers: Record<string, string> = {}) => {
      const socket = new WebSocket(`ws://127.0.0.1:${edge.plan.port}${path}`, { headers });
      await once(socket, "open");
      const ask = async (body: string): Promise<string> => {
        socket.send(body);
        const [data] = (await once(socket, "message")) as [Buffer];
        return data.toString();
      };
      return { ask, close: () => socket.terminate() };
    };
    type Asked = Awaited<ReturnType<typeof open>>;
    /** One after the other, from each in turn. */
    async function spendOver(sockets: Asked[], body: string): Promise<{ served: number; seconds: number }> {
      const begun = performance.now();
      for (let served = 0; ; served += 1) {
        const said = await sockets[served % sockets.length]?.ask(body);
        if (said?.includes("-32005")) {
          expect(said).to.include('"id":1').and.to.include("too many requests");
          return { served, seconds: (performance.now() - begun) / 1000 };
        }
        expect(said).to.include('"result"');
      }
    }

    it("a key's calls are its own, by whichever of its sockets, and another's are not touched", async () => {
      const own = [await open(`/key/${first}`), await open("/", { "x-api-key": first })];
      const other = await open(`/key/${second}`);
      expectSpent(await spendOver(own, call("eth_getLogs")), 25);
      expect(await other.ask(call("eth_chainId"))).to.include('"result"');
      expect(await own[0]?.ask(batch(2, "eth_chainId"))).to.match(/^\[\{.*-32005.*-32005.*\]$/);
      const again = await open(`/key/${first}`);
      expect(await again.ask(call("eth_chainId")), "a new socket of the same key").to.include("-32005");
      await until("it may ask again", async () => (await again.ask(call("eth_chainId"))).includes("result"));
      for (const each of [...own, other, again]) each.close();
    });

    it("without a key they are those of the address, and a header of the client's says nothing", async () => {
      const sockets = [
        await open("/", { "x-edge-socket": "1 1 192.0.2.1 " }),
        await open("/", { "x-edge-socket": "1 1 192.0.2.2 " }),
      ];
      expectSpent(await spendOver(sockets, call("eth_call")), 5);
      for (const each of sockets) each.close();
    });
  });

  it("looks once at what a client has spent: between two looks another request of its may change that", () => {
    const config = readFileSync(join(edge.haproxy.folder, "haproxy.cfg"), "utf8");
    const [decided = ""] = config.split("acl spent");
    expect(decided.match(/sc_get_gpt/g)).to.have.length(1);
  });

  it("lets in a client that it has never seen, whatever the clock says", async () => {
    const file = join(edge.haproxy.folder, "haproxy.cfg");
    const config = readFileSync(file, "utf8");
    // What is kept of the clock has 32 bits: in one half of every 2 × 2147 s nothing looks like much ahead.
    for (const seconds of [2_147, 0]) {
      expect(config).to.include("date(0,us)");
      writeFileSync(file, config.replaceAll("date(0,us)", `date(0,us),add(${seconds}000000)`));
      await edge.haproxy.reload();
      // Each on a connection of its own: a kept one would lead to the process before.
      for (let time = 0; time < 10; time++) {
        const body = call("eth_chainId");
        const head = `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`;
        const said = await rawRequest(edge.plan.port, `${head}${body}`);
        expect(statusesOf(said), `${seconds} s from now`).to.deep.equal([200]);
        await sleep(50);
      }
    }
  });
});
