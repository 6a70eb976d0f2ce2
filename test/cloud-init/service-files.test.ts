import { expect } from "chai";
import { parse } from "yaml";
import { documentFor } from "../../cloud-init/document-for";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import { cloudPlan, cloudStack, HOSTS } from "../support/fake-cloud";
import { expectGolden } from "../support/golden";

const fileOf = (plan: Plan, name: string, path: string): string => {
  const host = machinesOf(plan).find((each) => each.name === name);
  const content = host && documentFor(plan, host).files.find((file) => file.path === path)?.content;
  if (content === undefined) throw new Error(`${name} has no ${path}`);
  return content;
};

const ALERTS = "/etc/nodewright-prometheus/alerts.yml";
const PROMETHEUS = "/etc/nodewright-prometheus/prometheus.yml";
const PROXY = "/etc/proxy/haproxy.cfg";

describe("what services read, as a reviewer saw it last", () => {
  const { rpc: _, ...FIXED } = HOSTS;
  const cloud = cloudPlan();
  const alone = cloudPlan(cloudStack({ hosts: { ...FIXED, reads: { role: "rpc", count: 2 } } }), {
    traits: { scaling: false, names: "hosts" },
  });
  const FILES: [plan: Plan, host: string, path: string, golden: string][] = [
    [cloud, "rpc", PROXY, "haproxy-pool.cfg"],
    [cloud, "writes", PROXY, "haproxy-writes.cfg"],
    [alone, "reads-1", PROXY, "haproxy-alone.cfg"],
    [cloud, "watch", PROMETHEUS, "prometheus.yml"],
    [cloud, "watch", ALERTS, "alerts.yml"],
    [alone, "seed-1", "/etc/nodewright-knot/knot.conf", "knot.conf"],
  ];
  for (const [plan, host, path, golden] of FILES)
    it(`${golden} of ${host}`, () => expectGolden(`service/${golden}`, fileOf(plan, host, path)));
});

describe("HAProxy's configuration", () => {
  it("names no two servers of a backend alike, also where hosts are called as processes are", () => {
    const plan = cloudPlan(cloudStack({ hosts: { seed: HOSTS.seed, rpc: { role: "rpc", count: 3 } } }), {
      traits: { scaling: false },
    });
    for (const section of fileOf(plan, "rpc-2", PROXY).split("\n\n")) {
      const names = [...section.matchAll(/^ +server (\S+)/gm)].map(([, name]) => name);
      expect(names).to.deep.equal([...new Set(names)]);
    }
  });
});

describe("Prometheus' configuration", () => {
  interface Scraping {
    scrape_configs: { static_configs: { targets: string[]; labels: { host: string; role: string } }[] }[];
    global: { external_labels: Record<string, string> };
  }
  const read = (hosts: Record<string, unknown>) =>
    parse(fileOf(cloudPlan(cloudStack({ hosts })), "watch", PROMETHEUS)) as Scraping;
  const watched = (hosts: Record<string, unknown>) =>
    read(hosts).scrape_configs.flatMap(({ static_configs: found }) =>
      found.map(({ targets, labels }) => `${labels.role} ${labels.host} ${targets.join()}`),
    );

  it("asks every other fixed host by its name, at the port that it has", () => {
    expect(
      watched({
        seed: { role: "seed", count: 2 },
        odd: { role: "seed", services: { agent: { port: 9999 } } },
        watch: { role: "monitor" },
      }),
    ).to.deep.equal([
      "seed seed-1 seed-1.test.internal:9400",
      "seed seed-2 seed-2.test.internal:9400",
      "seed odd odd.test.internal:9999",
    ]);
  });

  it("is well without anyone to ask", () =>
    expect(watched({ watch: { role: "monitor" } })).to.deep.equal([]));

  it("says of which stack its samples are", () =>
    expect(read({ watch: { role: "monitor" } }).global.external_labels).to.deep.equal({ stack: "test" }));

  it("keeps them as long as the stack says", () => {
    const watch = { role: "monitor", services: { prometheus: { retention: "2w", port: 9091 } } };
    const [host] = cloudPlan(cloudStack({ hosts: { watch } })).hosts;
    const exec = host?.services.find(({ service }) => service === "prometheus")?.exec;
    expect(exec).to.include.members(["--storage.tsdb.retention.time=2w", "--web.listen-address=:9091"]);
  });
});
