import { expect } from "chai";
import type { FirewallRule } from "../../../../components/core/network/firewall";
import { machinesOf } from "../../../../components/core/plan/plan";
import { admits, cloudRules } from "../../../../components/targets/digitalocean/cloud-rules";
import { bucketName, mirrorUrl } from "../../../../components/targets/digitalocean/names";
import { renderDigitalOcean } from "../../../../components/targets/digitalocean/render";
import { planOf } from "../../../support/sample";
import { configOf, KEY, sample } from "./sample";

const plan = planOf(sample());
const stack = renderDigitalOcean(plan);
const unnamed = (rules: readonly FirewallRule[]) =>
  rules.map(({ protocol, port, from }) => ({ protocol, port, from }));

describe("a plan as DigitalOcean takes it", () => {
  it("lets in at the cloud exactly what the host's own firewall lets in", () => {
    for (const host of machinesOf(plan))
      expect(unnamed(admits(cloudRules(host))), host.name).to.deep.equal(unnamed(host.firewall));
  });

  it("opens IPv6 with IPv4, and ICMP with both", () => {
    const rules = stack.firewalls.find(({ group }) => group === "seed")?.inbound ?? [];
    expect(rules).to.deep.include({
      protocol: "tcp",
      portRange: "9876",
      sourceAddresses: ["0.0.0.0/0", "::/0"],
    });
    expect(rules).to.deep.include({
      protocol: "tcp",
      portRange: "22",
      sourceAddresses: ["203.0.113.0/24", "2001:db8:7::/48"],
    });
    expect(rules.at(-1)).to.deep.equal({ protocol: "icmp", sourceAddresses: ["0.0.0.0/0", "::/0"] });
  });

  it("has the same rules for all hosts of a group, which share a firewall", () => {
    for (const host of machinesOf(plan)) {
      const shared = stack.firewalls.find(({ group }) => group === host.group);
      expect(shared?.inbound, host.name).to.deep.equal(cloudRules(host));
    }
  });

  it("joins a VPC and takes keys that are there already", () => {
    const vpc = "5a4981aa-9653-4bd1-bef5-d6bff52042e4";
    const there = `region: fra1, admins: [203.0.113.7/32], vpc: ${vpc}, keysInAccount: true`;
    const { network, keysInAccount } = renderDigitalOcean(planOf(sample({ target: there })));
    expect({ network, keysInAccount }).to.deep.equal({
      network: { name: "sample-cluster", range: "10.82.0.0/16", existing: vpc },
      keysInAccount: true,
    });
  });

  it("has one firewall and one tag a group, and every machine carries that tag", () => {
    expect(stack.firewalls.map(({ tag }) => tag)).to.deep.equal(stack.tags.groups);
    expect(stack.tags.groups).to.have.length(6);
    for (const { host, tags } of stack.hosts)
      expect(tags).to.deep.equal(["nodewright:sample", `nodewright:sample:${host.group}`]);
    expect(stack.pools.map(({ tag, tags }) => tags.includes(tag))).to.deep.equal([true]);
  });

  it("names a host in the cluster by its private address, and in the world by its public one", () => {
    const records = stack.zone?.records ?? [];
    expect(stack.zone).to.include({ domain: "nodes.example.org", existing: false, ttl: 60 });
    expect(records.map(({ name }) => name)).to.include.members(["seed1", "rpc", "archive", "status"]);
    expect(records).to.deep.include({
      key: "cluster-producer",
      name: "producer.cluster",
      answers: { host: "producer", address: "cluster" },
    });
    expect(records).to.deep.include({ key: "rpc-rpc", name: "rpc", answers: { pool: "rpc" } });
    expect(
      records.some(
        ({ answers }) => "host" in answers && answers.host === "producer" && answers.address === "public",
      ),
    ).to.equal(false);
  });

  it("writes into a domain that is there already, by names relative to it", () => {
    const there = planOf(sample({ target: "region: fra1, admins: [203.0.113.7/32], zone: example.org" }));
    const { zone } = renderDigitalOcean(there);
    expect(zone).to.include({ domain: "example.org", existing: true });
    expect(zone?.records.map(({ name }) => name)).to.include.members([
      "seed1.nodes",
      "producer.cluster.nodes",
    ]);
  });

  it("reserves an address for hosts that the world knows, and for no other", () => {
    const reserved = stack.hosts.filter((host) => host.reserved).map(({ host }) => host.name);
    expect(reserved).to.deep.equal(["seed-1", "seed-2", "writes", "history", "watch"]);
  });

  it("tells keys by the fingerprint that DigitalOcean gives them", () => {
    expect(stack.keys).to.have.length(1);
    expect(stack.keys[0]?.publicKey).to.equal(KEY);
    expect(stack.keys[0]?.fingerprint).to.match(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });

  it("keeps each artifact once, and documents only where user data has no room for them", () => {
    const { artifacts = [], bundles = [] } = stack.mirror ?? {};
    expect(new Set(artifacts).size).to.equal(artifacts.length);
    expect(artifacts.length).to.be.above(3);
    expect(bundles).to.deep.equal([]);
    for (const { birth } of stack.hosts)
      expect(Buffer.byteLength(birth.userData)).to.be.below(plan.target.traits.userDataBytes);
  });
});

describe("the mirror's bucket", () => {
  it("has a name of at most 63 characters that the plan knows, and a URL that hosts fetch from", () => {
    const config = configOf(plan);
    expect(plan.mirror).to.equal(mirrorUrl(config, "sample"));
    expect(plan.mirror).to.match(
      /^https:\/\/nodewright-sample-fra1-[0-9a-f]{8}\.fra1\.digitaloceanspaces\.com$/,
    );
    const long = bucketName(config, "an-operator-with-a-very-long-name-for-each-of-their-stacks");
    expect(long).to.match(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    expect(bucketName(config, "Odd_Name.")).to.match(/^nodewright-odd-name-fra1-[0-9a-f]{8}$/);
  });

  it("lies in a region with Spaces, is named by the operator, or is not made at all", () => {
    const of = (more: string) => planOf(sample({ target: `admins: [203.0.113.7/32], ${more}` }));
    expect(of("region: nyc1").mirror).to.contain(".nyc3.digitaloceanspaces.com");
    expect(of("region: fra1, spaces: { region: ams3, bucket: ours }").mirror).to.equal(
      "https://ours.ams3.digitaloceanspaces.com",
    );
    const own = of("region: fra1, mirror: 'https://mirror.example.org/'");
    expect(own.mirror).to.equal("https://mirror.example.org");
    expect(renderDigitalOcean(own).mirror).to.equal(undefined);
  });
});
