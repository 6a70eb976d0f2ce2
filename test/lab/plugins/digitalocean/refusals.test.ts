import { expect } from "chai";
import { digitalOcean } from "../../../../lab/plugins/digitalocean/cloud";
import { TOKENS as t } from "../../../../lab/plugins/digitalocean/tokens";
import { type Properties, UNKNOWN } from "../../../../lab/plugins/value";
import { failureOf } from "../call";
import { PluginUnderTest } from "../cloud/plugin-under-test";

const ENVIRONMENT = {
  DIGITALOCEAN_TOKEN: "test",
  SPACES_ACCESS_KEY_ID: "test",
  SPACES_SECRET_ACCESS_KEY: "test",
};
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJIjYvEmRpvgE4JO8WpH4JfYzYQ0 test";
let plugin: PluginUnderTest;
/** Ids of what exists before each case. */
let at: Record<"vpc" | "key" | "host" | "disk" | "address", string>;

async function settle(): Promise<typeof at> {
  const vpc = await plugin.create(t.vpc, { name: "net", region: "fra1", ipRange: "10.10.0.0/24" });
  const key = await plugin.create(t.sshKey, { name: "operator", publicKey: KEY });
  const host = await plugin.create(t.droplet, droplet({ vpcUuid: vpc, sshKeys: [key] }));
  const disk = await plugin.create(t.volume, { name: "data", region: "fra1", size: 100 });
  await plugin.create(t.volumeAttachment, { dropletId: Number(host), volumeId: disk });
  const address = await plugin.create(t.reservedIp, { region: "fra1" });
  await plugin.create(t.reservedIpAssignment, { dropletId: Number(host), ipAddress: address });
  await plugin.create(t.firewall, { name: "hosts", inboundRules: [rule({})] });
  await plugin.create(t.domain, { name: "example.com" });
  await plugin.create(t.dnsRecord, record({}));
  await plugin.create(t.spacesBucket, { name: "snapshots", region: "fra1" });
  await plugin.create(t.spacesBucketObject, { bucket: "snapshots", region: "fra1", key: "a", content: "b" });
  return { vpc, key, host, disk, address };
}

function freshWorld(): void {
  beforeEach(async () => {
    plugin = new PluginUnderTest(digitalOcean, ENVIRONMENT);
    at = await settle();
  });
  afterEach(() => plugin.dispose());
}

const droplet = (more: Properties): Properties => ({
  name: "host",
  image: "debian-12-x64",
  size: "s-4vcpu-8gb",
  region: "fra1",
  ...more,
});
const rule = (more: Properties): Properties => ({
  protocol: "tcp",
  portRange: "22",
  sourceAddresses: ["10.0.0.0/8"],
  ...more,
});
const record = (more: Properties): Properties => ({
  domain: "example.com",
  name: "host",
  type: "A",
  value: "192.0.2.1",
  ...more,
});
const balancer = (more: Properties): Properties => ({
  name: "rpc",
  region: "fra1",
  forwardingRules: [{ entryPort: 80, entryProtocol: "http", targetPort: 8888, targetProtocol: "http" }],
  ...more,
});
const pool = (config: Properties, template: Properties = {}): Properties => ({
  name: "pool",
  config,
  dropletTemplate: {
    image: "debian-12-x64",
    size: "s-2vcpu-4gb",
    region: "fra1",
    sshKeys: [at.key],
    ...template,
  },
});
const rules = (count: number) => Array.from({ length: count }, (_, n) => rule({ portRange: String(n + 1) }));

type Case = readonly [what: string, token: string, inputs: () => Properties, words: string];

const MACHINES: readonly Case[] = [
  ["an unknown property", t.droplet, () => droplet({ colour: "red" }), "colour: is not a property of"],
  ["a missing property", t.droplet, () => ({ image: "debian-12-x64" }), "size: missing required property"],
  ["a wrong type", t.volume, () => ({ name: "a", region: "fra1", size: "100" }), "size: "],
  ["user data too long", t.droplet, () => droplet({ userData: "x".repeat(65_537) }), "may not exceed 64KiB"],
  ["a size", t.droplet, () => droplet({ size: "s-huge" }), "invalid size"],
  ["a region", t.droplet, () => droplet({ region: "mars1" }), "invalid region"],
  ["an image", t.droplet, () => droplet({ image: "Debian 12" }), "invalid image"],
  ["a host name", t.droplet, () => droplet({ name: "host_a" }), "name: "],
  ["a tag", t.droplet, () => droplet({ tags: ["a b"] }), "tags may only contain"],
  ["an unknown key", t.droplet, () => droplet({ sshKeys: ["1"] }), "1 are invalid key identifiers"],
  ["an unknown VPC", t.droplet, () => droplet({ vpcUuid: "none" }), "could not be found"],
  ["a VPC elsewhere", t.droplet, () => droplet({ region: "nyc3", vpcUuid: at.vpc }), "is in region fra1"],
  ["a volume elsewhere", t.droplet, () => droplet({ region: "nyc3", volumeIds: [at.disk] }), "same region"],
  ["a volume in use", t.droplet, () => droplet({ volumeIds: [at.disk] }), "already attached"],
  [
    "a backup policy without backups",
    t.droplet,
    () => droplet({ backupPolicy: { plan: "daily", hour: 4 } }),
    "only be set when backups are enabled",
  ],
  ["a key twice", t.sshKey, () => ({ name: "b", publicKey: KEY }), "already in use on your account"],
  ["a key that is none", t.sshKey, () => ({ name: "b", publicKey: "-----BEGIN" }), "Key invalid"],
  ["a volume too large", t.volume, () => ({ name: "a", region: "fra1", size: 16_385 }), "from 1 to 16384"],
  ["a volume's name", t.volume, () => ({ name: "Data", region: "fra1", size: 1 }), "name: "],
  ["a volume of that name", t.volume, () => ({ name: "data", region: "fra1", size: 1 }), "already exists"],
  [
    "an attachment to nothing",
    t.volumeAttachment,
    () => ({ dropletId: 1, volumeId: at.disk }),
    "could not be found",
  ],
  [
    "an attached volume",
    t.volumeAttachment,
    () => ({ dropletId: Number(at.host), volumeId: at.disk }),
    "attached",
  ],
  [
    "a pool of both kinds",
    t.dropletAutoscale,
    () => pool({ targetNumberInstances: 2, minInstances: 1 }),
    "cannot be used",
  ],
  [
    "bounds the wrong way",
    t.dropletAutoscale,
    () => pool({ minInstances: 4, maxInstances: 2, targetCpuUtilization: 0.5 }),
    "must not be greater",
  ],
  [
    "a pool without target",
    t.dropletAutoscale,
    () => pool({ minInstances: 1, maxInstances: 2 }),
    "needs target_cpu",
  ],
  [
    "a target above one",
    t.dropletAutoscale,
    () => pool({ minInstances: 1, maxInstances: 2, targetCpuUtilization: 50 }),
    "in the range (0 - 1)",
  ],
  [
    "a template with volumes",
    t.dropletAutoscale,
    () => pool({ targetNumberInstances: 1 }, { volumes: [at.disk] }),
    "dropletTemplate.volumes: is not a property of",
  ],
  [
    "a template with much user data",
    t.dropletAutoscale,
    () => pool({ targetNumberInstances: 1 }, { userData: "x".repeat(65_537) }),
    "may not exceed 64KiB",
  ],
  [
    "a template's key",
    t.dropletAutoscale,
    () => pool({ targetNumberInstances: 1 }, { sshKeys: ["1"] }),
    "invalid key",
  ],
];

const NETWORKS: readonly Case[] = [
  [
    "an overlapping range",
    t.vpc,
    () => ({ name: "b", region: "nyc3", ipRange: "10.10.0.0/20" }),
    "overlaps with another",
  ],
  ["a public range", t.vpc, () => ({ name: "b", region: "fra1", ipRange: "192.0.2.0/24" }), "RFC 1918"],
  ["a range too large", t.vpc, () => ({ name: "b", region: "fra1", ipRange: "10.0.0.0/12" }), "/28 to /16"],
  ["a reserved range", t.vpc, () => ({ name: "b", region: "fra1", ipRange: "10.244.1.0/24" }), "reserves"],
  ["a range with host bits", t.vpc, () => ({ name: "b", region: "fra1", ipRange: "10.1.0.1/24" }), "CIDR"],
  ["a VPC of that name", t.vpc, () => ({ name: "net", region: "fra1" }), "already in use"],
  ["51 rules", t.firewall, () => ({ name: "b", inboundRules: rules(51) }), "up to 50 total"],
  [
    "50 rules and one out",
    t.firewall,
    () => ({ name: "b", inboundRules: rules(50), outboundRules: [out({})] }),
    "50 total",
  ],
  ["no rule", t.firewall, () => ({ name: "b" }), "at least one rule"],
  [
    "a firewall of that name",
    t.firewall,
    () => ({ name: "hosts", inboundRules: [rule({})] }),
    "duplicate name",
  ],
  [
    "ports backwards",
    t.firewall,
    () => ({ name: "b", inboundRules: [rule({ portRange: "9-8" })] }),
    "is not a port",
  ],
  [
    "a rule without ports",
    t.firewall,
    () => ({ name: "b", inboundRules: [rule({ portRange: undefined })] }),
    "required",
  ],
  [
    "a source",
    t.firewall,
    () => ({ name: "b", inboundRules: [rule({ sourceAddresses: ["10.0.0.1/8"] })] }),
    "not a valid IP",
  ],
  [
    "a rule without source",
    t.firewall,
    () => ({ name: "b", inboundRules: [rule({ sourceAddresses: undefined })] }),
    "source",
  ],
  [
    "a protocol",
    t.firewall,
    () => ({ name: "b", inboundRules: [rule({ protocol: "gre" })] }),
    "expected protocol",
  ],
  [
    "eleven droplets",
    t.firewall,
    () => ({ name: "b", dropletIds: Array(11).fill(1), inboundRules: [rule({})] }),
    "maximum of 10",
  ],
  [
    "an unknown droplet",
    t.firewall,
    () => ({ name: "b", dropletIds: [1], inboundRules: [rule({})] }),
    "could not be found",
  ],
  [
    "an address elsewhere",
    t.reservedIp,
    () => ({ region: "nyc3", dropletId: Number(at.host) }),
    "same region",
  ],
  [
    "a second reserved address",
    t.reservedIp,
    () => ({ region: "fra1", dropletId: Number(at.host) }),
    "already has a Reserved IP",
  ],
  ["ids and a tag", t.loadBalancer, () => balancer({ dropletIds: [1], dropletTag: "rpc" }), "conflicts with"],
  [
    "no forwarding rule",
    t.loadBalancer,
    () => balancer({ forwardingRules: [] }),
    "at least one forwarding rule",
  ],
  ["a global one in a region", t.loadBalancer, () => balancer({ type: "GLOBAL" }), "must be empty"],
  [
    "TLS without a certificate",
    t.loadBalancer,
    () =>
      balancer({
        forwardingRules: [{ entryPort: 443, entryProtocol: "https", targetPort: 80, targetProtocol: "http" }],
      }),
    "needs a certificate",
  ],
  [
    "a check without path",
    t.loadBalancer,
    () => balancer({ healthcheck: { protocol: "http", port: 80 } }),
    "is required",
  ],
  ["a domain twice", t.domain, () => ({ name: "example.com" }), "Name already exists"],
  ["an unknown domain", t.dnsRecord, () => record({ domain: "example.net" }), "could not be found"],
  [
    "a CNAME beside an A",
    t.dnsRecord,
    () => record({ type: "CNAME", value: "a.example.com." }),
    "cannot share",
  ],
  [
    "a CNAME without dot",
    t.dnsRecord,
    () => record({ name: "c", type: "CNAME", value: "a.b" }),
    "end with a dot",
  ],
  ["an MX without priority", t.dnsRecord, () => record({ type: "MX", value: "mx.example.com." }), "priority"],
  ["an address in a record", t.dnsRecord, () => record({ value: "host" }), "not an IPv4 address"],
  ["a short TTL", t.dnsRecord, () => record({ ttl: 5 }), "at least 30"],
  ["a bucket's name", t.spacesBucket, () => ({ name: "Big_Bucket" }), "name: "],
  ["a bucket of that name", t.spacesBucket, () => ({ name: "snapshots" }), "BucketAlreadyExists"],
  ["a region without Spaces", t.spacesBucket, () => ({ name: "abc", region: "nyc1" }), "expected one of"],
  [
    "an unknown bucket",
    t.spacesBucketObject,
    () => ({ bucket: "no", region: "fra1", key: "a" }),
    "NoSuchBucket",
  ],
  [
    "two bodies",
    t.spacesBucketObject,
    () => ({ bucket: "snapshots", region: "fra1", key: "b", content: "", source: "" }),
    "conflicts",
  ],
  [
    "a resource that is no URN",
    t.project,
    () => ({ name: "p", resources: ["droplet"] }),
    "uniform resource name",
  ],
  [
    "a resource that is not there",
    t.project,
    () => ({ name: "p", resources: ["do:droplet:1"] }),
    "could not be found",
  ],
];

function out(more: Properties): Properties {
  return { protocol: "icmp", destinationAddresses: ["0.0.0.0/0", "::/0"], ...more };
}

describe("the simulated DigitalOcean", () => {
  freshWorld();
  for (const [what, token, inputs, words] of [...MACHINES, ...NETWORKS]) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(plugin.create(token, inputs()))).to.contain(words);
    });
  }

  it("complains of nothing that is not known yet", () => {
    const unknown = droplet({
      userData: UNKNOWN,
      vpcUuid: UNKNOWN,
      sshKeys: [UNKNOWN],
      image: UNKNOWN,
      tags: UNKNOWN,
    });
    expect(plugin.check(t.droplet, unknown)).to.deep.equal([]);
    const firewall = {
      name: "a",
      dropletIds: [UNKNOWN],
      inboundRules: [rule({ portRange: UNKNOWN, sourceAddresses: [UNKNOWN] })],
    };
    expect(plugin.check(t.firewall, firewall)).to.deep.equal([]);
    expect(plugin.check(t.dnsRecord, record({ value: UNKNOWN }))).to.deep.equal([]);
    expect(plugin.check(t.volumeAttachment, { dropletId: UNKNOWN, volumeId: UNKNOWN })).to.deep.equal([]);
  });

  it("attaches fifteen volumes to a droplet and no more, and none of another region", async () => {
    const attach = async (name: string, region = "fra1") => {
      const volumeId = await plugin.create(t.volume, { name, region, size: 1 });
      return plugin.create(t.volumeAttachment, { dropletId: Number(at.host), volumeId });
    };
    for (let count = 2; count <= 15; count += 1) await attach(`data-${count}`);
    expect(await failureOf(attach("data-16"))).to.contain("cannot attach more than 15 volumes");
    expect(await failureOf(attach("far", "nyc3"))).to.contain("not in the same region");
  });

  it("refuses Spaces without their own keys, as the API does, only when a bucket is made", async () => {
    const poor = new PluginUnderTest(digitalOcean, { DIGITALOCEAN_TOKEN: "test" });
    const failure = await failureOf(poor.create(t.spacesBucket, { name: "backup" }));
    expect(failure).to.contain("Spaces credentials not configured");
    await poor.create(t.vpc, { name: "net", region: "fra1" });
    poor.dispose();
  });

  it("takes a resize back that left the disk", async () => {
    const resized = (size: string, more: Properties = {}) =>
      plugin.update(t.droplet, at.host, droplet({ size, vpcUuid: at.vpc, sshKeys: [at.key], ...more }));
    expect(await resized("s-8vcpu-16gb", { resizeDisk: false })).to.include({ vcpus: 8, disk: 160 });
    expect(await resized("s-4vcpu-8gb")).to.include({ vcpus: 4, disk: 160 });
    await resized("s-8vcpu-16gb");
    expect(await failureOf(resized("s-4vcpu-8gb", { resizeDisk: false }))).to.contain("smaller disk");
  });

  it("finds images by exactly one key", () => {
    const find = (args: Properties) => plugin.functions["digitalocean:index/getImage:getImage"]?.(args);
    expect(find({ slug: "debian-12-x64" })).to.have.nested.property("result.slug", "debian-12-x64");
    expect(find({ colour: "red" })).to.have.property("problems");
    expect(() => find({})).to.throw("only one of");
  });
});

describe("the simulated DigitalOcean refuses to", () => {
  freshWorld();
  const table: readonly [what: string, act: () => Promise<unknown>, words: string][] = [
    ["delete a VPC in use", () => plugin.delete(t.vpc, at.vpc), "Can not delete VPC with members"],
    [
      "delete an attached volume",
      () => plugin.delete(t.volume, at.disk),
      "attached volume cannot be deleted",
    ],
    ["delete a bucket that is not empty", () => plugin.delete(t.spacesBucket, "snapshots"), "BucketNotEmpty"],
    [
      "shrink a volume",
      () => plugin.update(t.volume, at.disk, { name: "data", region: "fra1", size: 50 }),
      "only be expanded",
    ],
    [
      "resize to a smaller disk",
      () => plugin.update(t.droplet, at.host, droplet({ size: "s-1vcpu-1gb" })),
      "smaller disk",
    ],
  ];
  for (const [what, act, words] of table) {
    it(what, async () => expect(await failureOf(act())).to.contain(words));
  }
});
