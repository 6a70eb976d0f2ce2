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
    [cloud, "watch", "/etc/nodewright-alertmanager/alertmanager.yml", "alertmanager.yml"],
    [cloud, "watch", "/etc/nodewright-log-store/rsyslog.conf", "rsyslog-store.conf"],
    [cloud, "producer", "/etc/nodewright-logs/rsyslog.conf", "rsyslog.conf"],
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
    scrape_configs: {
      job_name: string;
      static_configs: { targets: string[]; labels: { host: string; role: string } }[];
    }[];
    global: { external_labels: Record<string, string> };
  }
  const read = (hosts: Record<string, unknown>) =>
    parse(fileOf(cloudPlan(cloudStack({ hosts })), "watch", PROMETHEUS)) as Scraping;
  const watched = (hosts: Record<string, unknown>) =>
    read(hosts).scrape_configs.flatMap(({ job_name: job, static_configs: found }) =>
      found.map(({ targets, labels }) => `${job} ${labels.role} ${labels.host} ${targets.join()}`),
    );
  const OF_ITSELF = ["prometheus monitor watch 127.0.0.1:9090", "alertmanager monitor watch 127.0.0.1:9093"];

  it("asks every fixed host by its name, for all that tells metrics, at the port that it has", () => {
    expect(
      watched({
        seed: { role: "seed", count: 2 },
        odd: { role: "seed", services: { agent: { port: 9999 } } },
        watch: { role: "monitor" },
      }),
    ).to.deep.equal([
      "agent seed seed-1 seed-1.test.internal:9400",
      "agent seed seed-2 seed-2.test.internal:9400",
      "agent seed odd odd.test.internal:9999",
      "agent monitor watch watch.test.internal:9400",
      "node-exporter seed seed-1 seed-1.test.internal:9100",
      "node-exporter seed seed-2 seed-2.test.internal:9100",
      "node-exporter seed odd odd.test.internal:9100",
      "node-exporter monitor watch watch.test.internal:9100",
      ...OF_ITSELF,
    ]);
  });

  it("asks no member of a pool, which has no name that stays: its balancer watches it", () =>
    expect(watched(HOSTS).filter((line) => line.includes(" rpc.test"))).to.deep.equal([]));

  it("asks itself where nobody else is", () =>
    expect(watched({ watch: { role: "monitor" } }).slice(2)).to.deep.equal(OF_ITSELF));

  it("says of which stack its samples are", () =>
    expect(read({ watch: { role: "monitor" } }).global.external_labels).to.deep.equal({ stack: "test" }));

  it("keeps them as long as the stack says", () => {
    const watch = { role: "monitor", services: { prometheus: { retention: "2w", port: 9091 } } };
    const [host] = cloudPlan(cloudStack({ hosts: { watch } })).hosts;
    const exec = host?.services.find(({ service }) => service === "prometheus")?.exec;
    expect(exec).to.include.members(["--storage.tsdb.retention.time=2w", "--web.listen-address=:9091"]);
  });
});
