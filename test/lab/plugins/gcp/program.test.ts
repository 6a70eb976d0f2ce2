import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { TOKENS } from "../../../../lab/plugins/gcp/tokens";
import { missingEngine, skipSuite, type TestStack, testStack } from "../engine";

const ENVIRONMENT = { GOOGLE_CREDENTIALS: "{}", GOOGLE_PROJECT: "demo", GOOGLE_REGION: "europe-west3" };
const SECRET = "a-token-that-must-not-be-seen";

const missing = missingEngine();
const variant = { userData: "#cloud-config\n", script: "true", disk: 100, protected: true };
const folder = mkdtempSync(join(tmpdir(), "nodewright-gcp-"));
let test: TestStack;
let world: OpenWorld;

const region = "europe-west3";
const zone = "europe-west3-a";

function network() {
  const net = new gcp.compute.Network("net", { autoCreateSubnetworks: false });
  const subnet = new gcp.compute.Subnetwork("net", { network: net.id, region, ipCidrRange: "10.30.0.0/24" });
  new gcp.compute.Firewall("p2p", {
    network: net.name,
    allows: [{ protocol: "tcp", ports: ["9876"] }],
    sourceRanges: ["0.0.0.0/0"],
    targetTags: ["node"],
  });
  const router = new gcp.compute.Router("nat", { network: net.selfLink, region });
  new gcp.compute.RouterNat("nat", {
    router: router.name,
    region,
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
  });
  return { net, subnet };
}

/** A protected machine with an account, a fixed address inside, a reserved one outside, and a data disk. */
function host(
  subnet: gcp.compute.Subnetwork,
  image: pulumi.Output<string>,
  account: gcp.serviceaccount.Account,
) {
  const address = new gcp.compute.Address("host", { region });
  const machine = new gcp.compute.Instance(
    "host",
    {
      zone,
      machineType: "n2-standard-4",
      bootDisk: { initializeParams: { image, size: 20 } },
      networkInterfaces: [
        { subnetwork: subnet.id, networkIp: "10.30.0.10", accessConfigs: [{ natIp: address.address }] },
      ],
      metadata: { "user-data": pulumi.secret(`${variant.userData}# ${SECRET}\n`) },
      metadataStartupScript: variant.script,
      serviceAccount: { email: account.email, scopes: ["cloud-platform"] },
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      tags: ["node"],
      deletionProtection: variant.protected,
    },
    // The new one needs the address that the old one has.
    { deleteBeforeReplace: true },
  );
  const disk = new gcp.compute.Disk("data", { zone, size: variant.disk, type: "pd-ssd" });
  new gcp.compute.AttachedDisk(
    "data",
    { disk: disk.id, instance: machine.id, deviceName: "data" },
    { deleteBeforeReplace: true },
  );
  return { machine, address };
}

/** A group of machines behind an internal balancer. */
function group(subnet: gcp.compute.Subnetwork, image: pulumi.Output<string>) {
  const template = new gcp.compute.InstanceTemplate("rpc", {
    machineType: "e2-standard-2",
    disks: [{ sourceImage: image, boot: true }],
    networkInterfaces: [{ subnetwork: subnet.id }],
    metadata: { "user-data": variant.userData },
  });
  const check = new gcp.compute.RegionHealthCheck("rpc", { region, tcpHealthCheck: { port: 8888 } });
  const alive = new gcp.compute.HealthCheck("rpc", { tcpHealthCheck: { port: 8888 } });
  const manager = new gcp.compute.RegionInstanceGroupManager("rpc", {
    region,
    baseInstanceName: "rpc",
    versions: [{ instanceTemplate: template.selfLinkUnique }],
    autoHealingPolicies: { healthCheck: alive.id, initialDelaySec: 300 },
  });
  new gcp.compute.RegionAutoscaler("rpc", {
    region,
    target: manager.id,
    autoscalingPolicy: { minReplicas: 1, maxReplicas: 3, cpuUtilization: { target: 0.6 } },
  });
  const service = new gcp.compute.RegionBackendService("rpc", {
    region,
    protocol: "TCP",
    loadBalancingScheme: "INTERNAL",
    healthChecks: check.id,
    backends: [{ group: manager.instanceGroup, balancingMode: "CONNECTION" }],
  });
  return new gcp.compute.ForwardingRule("rpc", {
    region,
    loadBalancingScheme: "INTERNAL",
    backendService: service.id,
    subnetwork: subnet.id,
    ports: ["8888"],
  });
}

async function program() {
  const { subnet } = network();
  const image = gcp.compute.getImageOutput({ family: "debian-12", project: "debian-cloud" }).selfLink;
  const account = new gcp.serviceaccount.Account("host", { accountId: "host-account" });
  new gcp.projects.IAMMember("logs", {
    project: "demo",
    role: "roles/logging.logWriter",
    member: account.member,
  });
  const { machine, address } = host(subnet, image, account);
  const rule = group(subnet, image);
  new gcp.compute.ProjectMetadataItem("oslogin", { key: "enable-oslogin", value: "TRUE" });
  const bucket = new gcp.storage.Bucket("snapshots", { location: "EU", uniformBucketLevelAccess: true });
  new gcp.storage.BucketObject("readme", { bucket: bucket.name, content: "text" });
  new gcp.storage.BucketIAMMember("host", {
    bucket: bucket.name,
    role: "roles/storage.objectAdmin",
    member: account.member,
  });
  const domain = new gcp.dns.ManagedZone("zone", { dnsName: "example.com." });
  new gcp.dns.RecordSet("host", {
    managedZone: domain.name,
    name: pulumi.interpolate`host.${domain.dnsName}`,
    type: "A",
    ttl: 60,
    rrdatas: [address.address],
  });
  const face = machine.networkInterfaces.apply(([first]) => first);
  return {
    inside: face.apply((first) => first?.networkIp),
    outside: face.apply((first) => first?.accessConfigs?.[0]?.natIp),
    address: address.address,
    rule: rule.ipAddress,
    link: machine.selfLink,
  };
}

describe("an unmodified @pulumi/gcp program on the engine", function () {
  this.timeout(240_000);

  before(async function () {
    if (missing) return skipSuite(this, missing);
    world = openWorld(folder, "gcp");
    test = await testStack(program, { ...ENVIRONMENT, NODEWRIGHT_CLOUD_WORLD: folder }, ["gcp"]);
  });
  after(() => {
    test?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  comesUp();
  changes();

  it("sees drift and disappearance in a refresh, and repairs both", async () => {
    const [firewall = ""] = world.ids(TOKENS.firewall);
    const [record = ""] = world.ids(TOKENS.recordSet);
    world.change(TOKENS.firewall, firewall, { sourceRanges: ["10.0.0.0/8"] });
    world.remove(TOKENS.recordSet, record);
    const refreshed = await test.stack.refresh();
    expect(refreshed.summary.resourceChanges).to.include({ update: 1, delete: 1 });
    expect((await test.stack.up()).summary.resourceChanges).to.include({ update: 1, create: 1 });
    expect(world.get(TOKENS.firewall, firewall)?.inputs.sourceRanges).to.deep.equal(["0.0.0.0/0"]);
  });

  it("destroys everything", async () => {
    await test.stack.destroy();
    expect(Object.values(TOKENS).flatMap((token) => world.ids(token))).to.deep.equal([]);
  });
});

function comesUp() {
  it("previews, comes up with what the cloud computes, and has nothing to do a second time", async () => {
    const preview = await test.stack.preview();
    const { outputs, summary } = await test.stack.up();
    expect(preview.changeSummary).to.deep.equal(summary.resourceChanges);
    expect(outputs.inside?.value).to.equal("10.30.0.10");
    expect(outputs.outside?.value).to.equal(outputs.address?.value);
    expect(outputs.rule?.value).to.equal("10.30.0.2");
    expect(outputs.link?.value).to.contain(`/projects/demo/zones/${zone}/instances/host-`);
    expect((await test.stack.preview()).changeSummary).to.have.all.keys("same");
    expect((await test.stack.refresh()).summary.resourceChanges).to.have.all.keys("same");
    expect((await test.stack.up()).summary.resourceChanges).to.have.all.keys("same");
    expect(test.state()).not.to.contain(SECRET);
  });
}

function changes() {
  it("updates metadata and grows a disk in place, and replaces a template", async () => {
    const [machine] = world.ids(TOKENS.instance);
    const [template] = world.ids(TOKENS.instanceTemplate);
    variant.userData = "#cloud-config\npackages: []\n";
    variant.disk = 200;
    // The machine, its disk, and the group that gets the new template.
    expect((await test.stack.preview()).changeSummary).to.include({ update: 3, replace: 1 });
    await test.stack.up();
    expect(world.ids(TOKENS.instance)).to.deep.equal([machine]);
    expect(world.ids(TOKENS.instanceTemplate)).to.have.length(1);
    expect(world.ids(TOKENS.instanceTemplate)).not.to.include(template);
  });

  it("shows the replacement of a protected machine, which the cloud then refuses", async () => {
    variant.script = "false";
    expect((await test.stack.preview()).changeSummary).to.include({ replace: 2 });
    const failure = await test.stack.up().catch((error: Error) => error.message);
    expect(failure).to.contain("Deletion Protection is enabled");
    variant.script = "true";
    variant.protected = false;
    await test.stack.up();
    variant.script = "false";
    expect((await test.stack.up()).summary.result).to.equal("succeeded");
    expect(world.ids(TOKENS.attachedDisk)).to.have.length(1);
  });
}
