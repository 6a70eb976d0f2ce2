import { expect } from "chai";
import { googleCloud } from "../../../../lab/plugins/gcp/cloud";
import { TOKENS as t } from "../../../../lab/plugins/gcp/tokens";
import { type Properties, UNKNOWN } from "../../../../lab/plugins/value";
import { failureOf } from "../call";
import { PluginUnderTest } from "../cloud/plugin-under-test";

const ENVIRONMENT = {
  GOOGLE_CREDENTIALS: "{}",
  GOOGLE_PROJECT: "demo",
  GOOGLE_REGION: "europe-west3",
  GOOGLE_ZONE: "europe-west3-a",
};
const zone = "europe-west3-a";
const region = "europe-west3";
const tcp = { tcpHealthCheck: { port: 8888 } };
let plugin: PluginUnderTest;
/** Ids of what exists before each case. */
let at: Record<
  "net" | "subnet" | "host" | "disk" | "group" | "template" | "check" | "service" | "zone",
  string
>;

async function settle(): Promise<typeof at> {
  const net = await plugin.create(t.network, { name: "net", autoCreateSubnetworks: false });
  const subnet = await plugin.create(t.subnetwork, { name: "a", network: net, ipCidrRange: "10.0.0.0/24" });
  const host = await plugin.create(t.instance, instance({ name: "host", subnet, networkIp: "10.0.0.10" }));
  const disk = await plugin.create(t.disk, { name: "data", zone, size: 100, type: "pd-ssd" });
  await plugin.create(t.attachedDisk, { disk, instance: host });
  const template = await plugin.create(t.instanceTemplate, templateOf(subnet));
  const check = await plugin.create(t.regionHealthCheck, { name: "rpc", ...tcp });
  const group = await plugin.create(t.regionInstanceGroupManager, manager({ name: "rpc", template }));
  await plugin.create(t.regionAutoscaler, scaler({ target: group }));
  const service = await plugin.create(t.regionBackendService, service_({ healthChecks: check, group }));
  await plugin.create(t.forwardingRule, {
    name: "rpc",
    loadBalancingScheme: "INTERNAL",
    backendService: service,
    network: net,
    subnetwork: subnet,
    ports: ["8888"],
  });
  await plugin.create(t.router, { name: "nat", network: "net" });
  await plugin.create(t.address, { name: "out" });
  await plugin.create(t.account, { accountId: "host-account" });
  await plugin.create(t.bucket, { name: "snapshots", location: "EU", publicAccessPrevention: "enforced" });
  await plugin.create(t.bucketObject, { bucket: "snapshots", name: "a", content: "b" });
  const dns = await plugin.create(t.managedZone, { name: "zone", dnsName: "example.com." });
  await plugin.create(t.recordSet, record({}));
  return { net, subnet, host, disk, group, template, check, service, zone: dns };
}

function freshWorld(): void {
  beforeEach(async () => {
    plugin = new PluginUnderTest(googleCloud, ENVIRONMENT);
    at = await settle();
  });
  afterEach(() => plugin.dispose());
}

function instance({ subnet = at?.subnet, networkIp, ...more }: Properties): Properties {
  return {
    name: "other",
    zone,
    machineType: "n2-standard-4",
    bootDisk: { initializeParams: { image: "debian-cloud/debian-12", size: 20 } },
    networkInterfaces: [{ subnetwork: subnet, ...(networkIp === undefined ? {} : { networkIp }) }],
    ...more,
  };
}
const templateOf = (subnetwork: string, more: Properties = {}): Properties => ({
  name: "rpc",
  machineType: "e2-standard-2",
  disks: [{ sourceImage: "debian-cloud/debian-12", boot: true }],
  networkInterfaces: [{ subnetwork }],
  ...more,
});
const manager = ({ template = at?.template, ...more }: Properties): Properties => ({
  name: "other",
  baseInstanceName: "rpc",
  versions: [{ instanceTemplate: template }],
  ...more,
});
const scaler = (more: Properties): Properties => ({
  name: "rpc",
  target: at?.group,
  autoscalingPolicy: { minReplicas: 1, maxReplicas: 3, cpuUtilization: { target: 0.6 } },
  ...more,
});
const service_ = ({ group = at?.group, ...more }: Properties): Properties => ({
  name: "rpc",
  protocol: "TCP",
  loadBalancingScheme: "INTERNAL",
  backends: [{ group, balancingMode: "CONNECTION" }],
  ...more,
});
const firewall = (more: Properties): Properties => ({
  name: "ssh",
  network: "net",
  allows: [{ protocol: "tcp", ports: ["22"] }],
  sourceRanges: ["10.0.0.0/8"],
  ...more,
});
const subnet = (more: Properties): Properties => ({
  name: "b",
  network: "net",
  ipCidrRange: "10.1.0.0/24",
  ...more,
});
const record = (more: Properties): Properties => ({
  managedZone: "zone",
  name: "host.example.com.",
  type: "A",
  ttl: 60,
  rrdatas: ["192.0.2.1"],
  ...more,
});
const ranges = (count: number) => Array.from({ length: count }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);

type Case = readonly [what: string, token: string, inputs: () => Properties, words: string];

const MACHINES: readonly Case[] = [
  ["an unknown property", t.network, () => ({ name: "b", colour: "red" }), "colour: is not a property of"],
  [
    "a missing property",
    t.subnetwork,
    () => ({ name: "b", ipCidrRange: "10.1.0.0/24" }),
    "network: missing required",
  ],
  ["a wrong type", t.disk, () => ({ name: "b", size: "100" }), "size: "],
  ["a name with capitals", t.network, () => ({ name: "Net" }), "name: "],
  ["a name of 64 letters", t.network, () => ({ name: "n".repeat(64) }), "longer than 63 characters"],
  ["a name that is taken", t.network, () => ({ name: "net" }), "already exists, alreadyExists"],
  [
    "a value of metadata",
    t.instance,
    () => instance({ metadata: { "user-data": "x".repeat(262_145) } }),
    "maximum size 262144",
  ],
  [
    "much metadata",
    t.instance,
    () => instance({ metadata: { a: "x".repeat(262_144), b: "x".repeat(262_144), c: "x" } }),
    "524288",
  ],
  ["a key of metadata", t.instance, () => instance({ metadata: { "a b": "x" } }), "items[0].key"],
  [
    "two start scripts",
    t.instance,
    () => instance({ metadata: { "startup-script": "a" }, metadataStartupScript: "b" }),
    "Only one of",
  ],
  ["a machine type", t.instance, () => instance({ machineType: "n2-huge-4" }), "does not exist"],
  ["a label", t.instance, () => instance({ labels: { Role: "x" } }), "Label keys must match"],
  ["a network tag", t.instance, () => instance({ tags: ["a_b"] }), "must be a match of regex"],
  ["a host name", t.instance, () => instance({ hostname: "host" }), "fully qualified"],
  [
    "an image",
    t.instance,
    () => instance({ bootDisk: { initializeParams: { image: "debain-12" } } }),
    "Could not find image",
  ],
  ["no boot disk", t.instance, () => instance({ bootDisk: {} }), "one of source or initialize_params"],
  [
    "a disk type",
    t.instance,
    () => instance({ bootDisk: { initializeParams: { image: "debian-12", type: "ssd" } } }),
    "disk type cannot be found",
  ],
  [
    "integrity without vTPM",
    t.instance,
    () => instance({ shieldedInstanceConfig: { enableVtpm: false } }),
    "enable vTPM",
  ],
  [
    "a Spot machine that restarts",
    t.instance,
    () => instance({ scheduling: { preemptible: true } }),
    "AutomaticRestart",
  ],
  ["an interface to nowhere", t.instance, () => instance({ networkInterfaces: [{}] }), "must be supplied"],
  [
    "a subnetwork that is not there",
    t.instance,
    () => instance({ subnet: "none" }),
    "was not found, notFound",
  ],
  [
    "a zone of another region",
    t.instance,
    () => instance({ zone: "us-east1-b" }),
    "same region as the instance",
  ],
  [
    "an address outside",
    t.instance,
    () => instance({ networkIp: "10.0.1.10" }),
    "outside the subnetwork CIDR",
  ],
  [
    "a reserved address",
    t.instance,
    () => instance({ networkIp: "10.0.0.1" }),
    "outside the subnetwork CIDR",
  ],
  [
    "an address in use",
    t.instance,
    () => instance({ networkIp: "10.0.0.10" }),
    "is in-use and would result in a conflict",
  ],
  [
    "an external address that is not reserved",
    t.instance,
    () =>
      instance({ networkInterfaces: [{ subnetwork: at.subnet, accessConfigs: [{ natIp: "192.0.2.9" }] }] }),
    "was not found in region",
  ],
  [
    "an account that is not there",
    t.instance,
    () =>
      instance({ serviceAccount: { email: "x@demo.iam.gserviceaccount.com", scopes: ["cloud-platform"] } }),
    "notFound",
  ],
  ["a machine named as a disk", t.instance, () => instance({ name: "data" }), "disks/data' already exists"],
  [
    "a disk in use",
    t.instance,
    () => instance({ attachedDisks: [{ source: at.disk }] }),
    "is already being used by",
  ],
  ["a disk named as a machine", t.disk, () => ({ name: "host", zone, size: 10 }), "already exists"],
  ["a disk too small", t.disk, () => ({ name: "b", zone, size: 5 }), "from 10 GB"],
  [
    "an attached disk",
    t.attachedDisk,
    () => ({ disk: at.disk, instance: at.host }),
    "is already being used by",
  ],
  [
    "a disk that is not there",
    t.attachedDisk,
    () => ({ disk: "none", instance: at.host }),
    "disks/none' was not found",
  ],
  [
    "a template's metadata",
    t.instanceTemplate,
    () => templateOf(at.subnet, { name: "b", metadata: { a: "x".repeat(262_145) } }),
    "maximum size 262144",
  ],
  [
    "a template without image",
    t.instanceTemplate,
    () => templateOf(at.subnet, { name: "b", disks: [{ boot: true }] }),
    "one of source",
  ],
  [
    "a template that is not there",
    t.regionInstanceGroupManager,
    () => manager({ template: "none" }),
    "instanceTemplates/none' was not found",
  ],
  [
    "too small a surge",
    t.regionInstanceGroupManager,
    () => manager({ updatePolicy: { type: "PROACTIVE", minimalAction: "REPLACE", maxSurgeFixed: 1 } }),
    "number of zones (3)",
  ],
  [
    "a zone elsewhere",
    t.regionInstanceGroupManager,
    () => manager({ distributionPolicyZones: ["us-east1-b"] }),
    "is not in region",
  ],
  [
    "bounds the wrong way",
    t.regionAutoscaler,
    () => scaler({ autoscalingPolicy: { minReplicas: 4, maxReplicas: 3 } }),
    "must not be greater",
  ],
  ["a second autoscaler", t.regionAutoscaler, () => scaler({ name: "other" }), "already being autoscaled"],
];

const NETWORKS: readonly Case[] = [
  [
    "a range that overlaps",
    t.subnetwork,
    () => subnet({ ipCidrRange: "10.0.0.128/25" }),
    "conflicts with existing subnetwork 'a'",
  ],
  [
    "a secondary range that overlaps",
    t.subnetwork,
    () => subnet({ secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.0.0.0/20" }] }),
    "conflicts",
  ],
  ["a range with host bits", t.subnetwork, () => subnet({ ipCidrRange: "10.1.0.1/24" }), "without host bits"],
  ["a prohibited range", t.subnetwork, () => subnet({ ipCidrRange: "169.254.8.0/24" }), "prohibited"],
  ["a range too small", t.subnetwork, () => subnet({ ipCidrRange: "10.1.0.0/30" }), "/29 to /4"],
  [
    "a network that is not there",
    t.subnetwork,
    () => subnet({ network: "none" }),
    "networks/none' was not found",
  ],
  ["a rule without action", t.firewall, () => firewall({ allows: undefined }), "must be specified"],
  [
    "a rule without source",
    t.firewall,
    () => firewall({ sourceRanges: undefined }),
    "must be defined for INGRESS",
  ],
  ["257 ranges", t.firewall, () => firewall({ sourceRanges: ranges(257) }), "at most 256 entries"],
  [
    "a source with host bits",
    t.firewall,
    () => firewall({ sourceRanges: ["10.0.0.1/8"] }),
    "without host bits",
  ],
  [
    "tags and accounts",
    t.firewall,
    () => firewall({ targetTags: ["a"], targetServiceAccounts: ["b"] }),
    "cannot be used together",
  ],
  [
    "ports of icmp",
    t.firewall,
    () => firewall({ allows: [{ protocol: "icmp", ports: ["1"] }] }),
    "may only be specified",
  ],
  [
    "ports backwards",
    t.firewall,
    () => firewall({ allows: [{ protocol: "tcp", ports: ["9-8"] }] }),
    "is not a port",
  ],
  ["a source of what leaves", t.firewall, () => firewall({ direction: "EGRESS" }), "Cannot specify sources"],
  ["a router without network", t.router, () => ({ name: "b", network: "none" }), "was not found"],
  ["a public ASN", t.router, () => ({ name: "b", network: "net", bgp: { asn: 15_169 } }), "RFC6996"],
  [
    "a NAT without addresses",
    t.routerNat,
    () => nat({ natIpAllocateOption: "MANUAL_ONLY" }),
    "must be set when",
  ],
  ["a NAT without router", t.routerNat, () => nat({ router: "none" }), "routers/none' was not found"],
  [
    "an internal address at large",
    t.address,
    () => ({ name: "b", addressType: "INTERNAL" }),
    "must be specified",
  ],
  [
    "a reserved address in use",
    t.address,
    () => ({ name: "b", addressType: "INTERNAL", subnetwork: at.subnet, address: "10.0.0.10" }),
    "is in-use",
  ],
  [
    "two protocols of a check",
    t.healthCheck,
    () => ({ name: "b", ...tcp, httpHealthCheck: { port: 80 } }),
    "exactly one of",
  ],
  ["a slow check", t.regionHealthCheck, () => ({ name: "b", ...tcp, timeoutSec: 10 }), "less than or equal"],
  [
    "a check that is not there",
    t.regionBackendService,
    () => service_({ name: "b", healthChecks: "none" }),
    "was not found",
  ],
  [
    "a group that is not there",
    t.regionBackendService,
    () => service_({ name: "b", healthChecks: at.check, group: "none" }),
    "instanceGroups/none' was not found",
  ],
  [
    "a balancing mode",
    t.regionBackendService,
    () => service_({ name: "b", healthChecks: at.check, backends: [{ group: at.group }] }),
    "Balancing mode must be CONNECTION",
  ],
  [
    "a scheme that differs",
    t.forwardingRule,
    () => ({ name: "b", backendService: at.service, ports: ["80"] }),
    "must match that of the backend",
  ],
  [
    "ports and a range",
    t.forwardingRule,
    () => ({ name: "b", backendService: at.service, ports: ["80"], portRange: "80" }),
    "mutually exclusive",
  ],
];

const REST: readonly Case[] = [
  ["a short account id", t.account, () => ({ accountId: "abc" }), "accountId: "],
  ["a long account id", t.account, () => ({ accountId: "a".repeat(31) }), "longer than 30"],
  ["an account twice", t.account, () => ({ accountId: "host-account" }), "already exists"],
  [
    "a role",
    t.projectIamMember,
    () => ({ project: "demo", role: "viewer", member: "user:a@b.c" }),
    "is not supported",
  ],
  [
    "a member",
    t.projectIamMember,
    () => ({ project: "demo", role: "roles/viewer", member: "a@b.c" }),
    "invalid value for member",
  ],
  [
    "a member that is not there",
    t.projectIamMember,
    () => ({
      project: "demo",
      role: "roles/viewer",
      member: "serviceAccount:x@demo.iam.gserviceaccount.com",
    }),
    "does not exist",
  ],
  ["a bucket's name", t.bucket, () => ({ name: "my-google", location: "EU" }), "name: "],
  ["a bucket of that name", t.bucket, () => ({ name: "snapshots", location: "EU" }), "not available"],
  ["a bucket's place", t.bucket, () => ({ name: "abc", location: "mars" }), "location"],
  [
    "everybody",
    t.bucketIamMember,
    () => ({ bucket: "snapshots", role: "roles/storage.objectViewer", member: "allUsers" }),
    "public access prevention",
  ],
  ["an unknown bucket", t.bucketObject, () => ({ bucket: "no", name: "a", content: "b" }), "does not exist"],
  [
    "an object of nothing",
    t.bucketObject,
    () => ({ bucket: "snapshots", name: "b" }),
    "one of `content,source`",
  ],
  ["a zone without dot", t.managedZone, () => ({ name: "b", dnsName: "example.net" }), "must end with a dot"],
  [
    "a private zone for nobody",
    t.managedZone,
    () => ({ name: "b", dnsName: "a.", visibility: "private" }),
    "required for a private zone",
  ],
  ["a record outside", t.recordSet, () => record({ name: "host.example.net." }), "is not in zone"],
  ["a record twice", t.recordSet, () => record({}), "named 'host.example.com. (A)' already exists"],
  [
    "a CNAME at the top",
    t.recordSet,
    () => record({ name: "example.com.", type: "CNAME", rrdatas: ["a.b."] }),
    "zone apex",
  ],
  [
    "a record's address",
    t.recordSet,
    () => record({ name: "b.example.com.", rrdatas: ["host"] }),
    "rrdatas[0]",
  ],
  [
    "a zone that is not there",
    t.recordSet,
    () => record({ managedZone: "none" }),
    "named 'none' does not exist",
  ],
  [
    "metadata of the project",
    t.projectMetadataItem,
    () => ({ key: "a", value: "x".repeat(262_145) }),
    "maximum size 262144",
  ],
  ["a deletion policy", t.network, () => ({ name: "b", deletionPolicy: "KEEP" }), "expected one of DELETE"],
];

function nat(more: Properties): Properties {
  return {
    name: "nat",
    router: "nat",
    sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    ...more,
  };
}

describe("the simulated Google Cloud", () => {
  freshWorld();
  for (const [what, token, inputs, words] of [...MACHINES, ...NETWORKS, ...REST]) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(plugin.create(token, inputs()))).to.contain(words);
    });
  }

  it("complains of nothing that is not known yet", () => {
    const unknown = instance({
      subnet: UNKNOWN,
      networkIp: UNKNOWN,
      metadata: { "user-data": UNKNOWN },
      bootDisk: { source: UNKNOWN },
      labels: { role: UNKNOWN },
      tags: [UNKNOWN],
    });
    expect(plugin.check(t.instance, unknown)).to.deep.equal([]);
    expect(plugin.check(t.firewall, firewall({ sourceRanges: [UNKNOWN], network: UNKNOWN }))).to.deep.equal(
      [],
    );
    expect(plugin.check(t.recordSet, record({ rrdatas: [UNKNOWN], name: UNKNOWN }))).to.deep.equal([]);
    expect(
      plugin.check(t.address, { name: "b", address: UNKNOWN, subnetwork: UNKNOWN, addressType: UNKNOWN }),
    ).to.deep.equal([]);
    expect(
      plugin.check(t.regionBackendService, service_({ name: "b", healthChecks: UNKNOWN, group: UNKNOWN })),
    ).to.deep.equal([]);
  });

  it("attaches a disk to machines of its own zone only", async () => {
    const far = await plugin.create(t.disk, { name: "far", zone: "europe-west3-b", size: 10 });
    const failure = await failureOf(plugin.create(t.attachedDisk, { disk: far, instance: at.host }));
    expect(failure).to.contain("must be in the same zone");
    await plugin.create(t.disk, { name: "near", zone, size: 10 });
    await plugin.create(t.attachedDisk, { disk: "near", instance: "host", zone });
  });

  it("gives an instance the next free address of its subnetwork, and a reserved external one", async () => {
    const natIp = plugin.world.get(t.address, `projects/demo/regions/${region}/addresses/out`)?.outputs
      .address;
    const made = await plugin.created(
      t.instance,
      instance({ networkInterfaces: [{ subnetwork: at.subnet, accessConfigs: [{ natIp }] }] }),
    );
    expect(made.outputs).to.have.nested.property("networkInterfaces[0].networkIp", "10.0.0.3");
    expect(made.outputs).to.have.nested.property("networkInterfaces[0].accessConfigs[0].natIp", natIp);
    const second = instance({
      name: "third",
      networkInterfaces: [{ subnetwork: at.subnet, accessConfigs: [{ natIp }] }],
    });
    expect(await failureOf(plugin.create(t.instance, second))).to.contain("is already in-use");
  });

  it("gives IPv6 where the subnetwork has it, and refuses it elsewhere", async () => {
    const dual = await plugin.create(
      t.subnetwork,
      subnet({ stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL" }),
    );
    const face = { stackType: "IPV4_IPV6", ipv6AccessConfigs: [{ networkTier: "PREMIUM" }] };
    const machine = (subnetwork: string) => instance({ networkInterfaces: [{ subnetwork, ...face }] });
    const { outputs } = await plugin.created(t.instance, machine(dual));
    expect(outputs)
      .to.have.nested.property("networkInterfaces[0].ipv6AccessConfigs[0].externalIpv6")
      .that.match(/^2001:db8:/);
    const refusal = await failureOf(plugin.create(t.instance, { ...machine(at.subnet), name: "third" }));
    expect(refusal).to.contain("must have stack type IPV4_IPV6");
    const wrong = plugin.check(t.subnetwork, subnet({ stackType: "IPV4_IPV6" }));
    expect(wrong.join()).to.contain("ipv6AccessType");
  });

  it("finds images by family", () => {
    const find = (args: Properties) => plugin.functions["gcp:compute/getImage:getImage"]?.(args);
    expect(find({ family: "debian-12", project: "debian-cloud" })).to.have.nested.property(
      "result.family",
      "debian-12",
    );
    expect(() => find({ family: "debain-12", project: "debian-cloud" })).to.throw("was not found");
    expect(() => find({})).to.throw("must be set");
  });

  it("does not start without credentials", () => {
    expect(googleCloud.refuseConfig({}, {})[0]).to.contain("could not find default credentials");
    expect(googleCloud.refuseConfig({}, ENVIRONMENT)).to.deep.equal([]);
  });
});

describe("the simulated Google Cloud refuses to", () => {
  freshWorld();
  const table: readonly [what: string, act: () => Promise<unknown>, words: string][] = [
    ["delete a network in use", () => plugin.delete(t.network, at.net), "is already being used by"],
    [
      "delete a subnetwork in use",
      () => plugin.delete(t.subnetwork, at.subnet),
      "instances/host', resourceInUse",
    ],
    ["delete an attached disk", () => plugin.delete(t.disk, at.disk), "instances/host', resourceInUse"],
    [
      "delete a template in use",
      () => plugin.delete(t.instanceTemplate, at.template),
      "instanceGroupManagers/rpc",
    ],
    ["delete a group in use", () => plugin.delete(t.regionInstanceGroupManager, at.group), "autoscalers/rpc"],
    ["delete a check in use", () => plugin.delete(t.regionHealthCheck, at.check), "backendServices/rpc"],
    [
      "delete a service in use",
      () => plugin.delete(t.regionBackendService, at.service),
      "forwardingRules/rpc",
    ],
    [
      "delete a bucket that is not empty",
      () => plugin.delete(t.bucket, "snapshots"),
      "without `force_destroy`",
    ],
    ["delete a zone with records", () => plugin.delete(t.managedZone, at.zone), "containerNotEmpty"],
    [
      "delete what is to be kept",
      async () => {
        const id = await plugin.create(t.network, { name: "kept", deletionPolicy: "PREVENT" });
        return plugin.delete(t.network, id);
      },
      "deletion_policy",
    ],
    [
      "delete a protected instance",
      async () => {
        const id = await plugin.create(t.instance, instance({ deletionProtection: true }));
        return plugin.delete(t.instance, id);
      },
      "Deletion Protection is enabled",
    ],
    [
      "change the type of a running machine",
      () =>
        plugin.update(
          t.instance,
          at.host,
          instance({ name: "host", networkIp: "10.0.0.10", machineType: "n2-standard-8" }),
        ),
      "requires stopping it",
    ],
    [
      "shrink a disk",
      () => plugin.update(t.disk, at.disk, { name: "data", zone, size: 50, type: "pd-ssd" }),
      "cannot be smaller",
    ],
    [
      "shrink a subnetwork",
      () =>
        plugin.update(t.subnetwork, at.subnet, { name: "a", network: at.net, ipCidrRange: "10.0.0.0/25" }),
      "must contain the old one",
    ],
  ];
  for (const [what, act, words] of table) {
    it(what, async () => expect(await failureOf(act())).to.contain(words));
  }
});
