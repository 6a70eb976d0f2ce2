import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { judged, placed } from "../../library/examples/places";
import { planned, SETTINGS, shown } from "../../library/examples/plan";
import { bucketNamed, databaseReachable } from "../../library/examples/policy";
import { echo, parrots } from "../../library/examples/registry";
import { registryWith } from "../../library/registry";
import { type Graph, type Machine, type Opening, type Resource, UNKNOWN } from "../../policies/index";

describe("examples of the package", () => {
  it("plan settings, and show what each machine is born with", () => {
    const { text, where, units, userData } = shown(SETTINGS);
    expect(text).to.include("producer");
    expect(where).to.equal("systemd containers on one Docker engine");
    expect(units.flat()).to.include("nodeos.service");
    for (const each of userData) expect(each).to.match(/^#cloud-config\n/);
  });
  it("tell every mistake", () => {
    expect(() => planned({ ...SETTINGS, hosts: { seed: { role: "sed" } } })).to.throw("hosts.seed.role");
  });
  it("place a host by its name", () => {
    expect(placed("eu", "seed-1")).to.include({ machine: "eu-seed-1", gateway: "10.40.0.1" });
  });
  it("judge a host", () => {
    const host = {
      name: "seed",
      hardware: { memory: "1 GB" as const, ecc: false, disk: "20 TB" as const, source: "a test" },
      addresses: { public: "none" as const, cluster: "assigned" as const },
    };
    expect(judged(host)).to.deep.include({
      severity: "error",
      path: "hosts.seed.disk",
      message: "no volume here is larger than 16 TB",
    });
  });
  it("add a role and its service to what stack files can name", () => {
    const folder = mkdtempSync(join(tmpdir(), "nodewright-parrots-"));
    const config = { ...SETTINGS, hosts: { ...SETTINGS.hosts, polly: { role: "parrot" } } };
    const keys = Object.entries(config).map(([key, value]) => [`nodewright:${key}`, value]);
    writeFileSync(join(folder, "Pulumi.zoo.yaml"), stringify({ config: Object.fromEntries(keys) }));
    const { plan } = parrots(folder).plan("zoo");
    rmSync(folder, { recursive: true });
    expect(plan.hosts.find(({ name }) => name === "polly")?.services[0]?.unit).to.equal("echo");
    expect(JSON.stringify(parrots(folder).schema())).to.include('"parrot"');
  });
  it("judge a stack by rules of a team's own", () => {
    const resource = (name: string, props: Record<string, unknown> = {}): Resource => ({
      ...{ urn: `urn:${name}`, type: "a", name, props, from: {}, protect: false, ignoreChanges: [] },
    });
    const opened = (from: number, to: number): Opening => ({
      ...{ protocol: "tcp", layer: "cloud", sources: ["0.0.0.0/0"], by: resource("rule"), from, to },
    });
    const machine: Machine = {
      resource: resource("machine"),
      ...{ cloud: "aws", host: "db", count: 1, isPool: false, hasCloudFirewall: true },
      ...{ zones: [], userData: [], tags: {}, disks: [], ports: {} },
      openings: [opened(5000, 6000), opened(22, 22)],
      ways: [{ through: "its address", family: 4, sources: ["0.0.0.0/0"], by: resource("address") }],
    };
    const graph: Graph = {
      ...{ machines: [machine], names: [], catalogs: {}, extras: [], stack: {} as Graph["stack"] },
      intent: { stack: "s", cluster: [], secrets: {}, listeners: {}, floors: {}, stateful: [], watching: [] },
      buckets: ["acme-logs", "x", UNKNOWN].map((bucket, index) => ({
        resource: resource(`bucket-${index}`, { bucket }),
        encrypted: true,
      })),
    };
    const open = databaseReachable.check(graph).map(({ message }) => message);
    expect(open).to.deep.equal(["5432 of db is open by its address"]);
    expect(bucketNamed.check(graph).map(({ resource: { name } }) => name)).to.deep.equal(["bucket-1"]);
  });
  it("cannot take a name that is taken, and are told of all", () => {
    expect(() => registryWith({ services: [{ ...echo, name: "nodeos" }, echo, echo] })).to.throw(
      /service "nodeos" already.*\n.*service "echo" already/,
    );
  });
});
