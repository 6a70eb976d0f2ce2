import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { edgeDashboard } from "../../components/core/edge/dashboard";
import { type Running, start } from "../bench/edge/process";
import { debianTree } from "../support/debian-tree";
import { freePort } from "../support/free-port";
import { expectGolden } from "../support/golden";
import { FakeNode } from "./fake-node";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

it("docs/dashboards/edge.json is what the catalog says", () =>
  expectGolden("../../docs/dashboards/edge.json", `${JSON.stringify(edgeDashboard(), null, 1)}\n`));

/** One of each class, what no node has, and what goes by the gateway. */
const CALLS = [
  "eth_chainId",
  "eth_call",
  "eth_getLogs",
  "eth_gasPrice",
  "eth_sendRawTransaction",
  "eth_syncing",
];
const call = (method: string) => ({ jsonrpc: "2.0", id: 1, method, params: ["0xabcd"] });

describe("each panel of the dashboard, over a real Prometheus and the edge", function () {
  this.timeout(300_000);
  let folder: string;
  let node: FakeNode;
  let edge: WholeEdge;
  let prometheus: Running;
  let port: number;

  before(async function () {
    const tree = await debianTree(["prometheus"]);
    if (!tree) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "nodewright-dashboard-"));
    node = await new FakeNode().start();
    // Enough for the calls, and then no more.
    edge = await new WholeEdge().start([node], [node], { limits: { unitsPerSecond: 50 } });
    port = await freePort();
    const job = (path: string) => ({
      ...{ job_name: `proxy${path}`, metrics_path: path, scrape_interval: "1s", scrape_timeout: "1s" },
      static_configs: [{ targets: [`127.0.0.1:${edge.plan.metricsPort}`], labels: { host: "rpc-1" } }],
    });
    writeFileSync(
      join(folder, "prometheus.yml"),
      stringify({ scrape_configs: [job("/metrics"), job("/edge")] }),
    );
    const words = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    prometheus = await start(
      [tree.program("prometheus"), ...words, `--web.listen-address=127.0.0.1:${port}`],
      port,
      tree.env,
    );
  });
  after(async () => {
    await prometheus?.stop();
    await edge?.stop();
    await node?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  const post = (body: unknown) => fetch(edge.url, { method: "POST", body: JSON.stringify(body) });
  const ask = async (
    query: string,
  ): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const said = (await (await fetch(url)).json()) as {
      status: string;
      error?: string;
      data: { result: [] };
    };
    expect(said.status, `${said.error} in ${query}`).to.equal("success");
    return said.data.result;
  };

  it("shows something of what clients did", async () => {
    const lines = edgeDashboard().panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({
        name: `${title}: ${legendFormat}`,
        query: expr.replaceAll("$host", ".*"),
      })),
    );
    const found = new Map<string, number>();
    const missing = () => lines.filter(({ name }) => !found.has(name)).map(({ name }) => name);
    await until("each line has a value", async () => {
      for (const method of CALLS) await post(call(method));
      await post([call("eth_chainId"), call("eth_gasPrice")]);
      await post(call("admin_peers"));
      for (const { name, query } of lines)
        for (const { value } of await ask(query)) found.set(name, Number(value[1]));
      return missing().length === 0;
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${missing().join("; ")}`);
    });
    expect(found.get("Nodes in service: {{host}}: in service")).to.equal(1);
    expect(found.get("Blocks behind the freshest node: {{host}}: {{node}}")).to.equal(0);
    expect(found.get("Requests: reads")).to.be.above(0);
  });
});
