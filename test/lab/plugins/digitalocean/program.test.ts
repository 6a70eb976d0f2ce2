import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type OpenWorld, openWorld } from "../../../../lab/plugins/cloud/world";
import { TOKENS } from "../../../../lab/plugins/digitalocean/tokens";
import { missingEngine, skipSuite, type TestStack, testStack } from "../engine";

const ENVIRONMENT = {
  DIGITALOCEAN_TOKEN: "test",
  SPACES_ACCESS_KEY_ID: "test",
  SPACES_SECRET_ACCESS_KEY: "test",
};
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJIjYvEmRpvgE4JO8WpH4JfYzYQ0 test";
const SECRET = "a-token-that-must-not-be-seen";

const missing = missingEngine();
const variant = { userData: "#cloud-config\n", size: "s-4vcpu-8gb", disk: 100 };
const folder = mkdtempSync(join(tmpdir(), "nodewright-digitalocean-"));
let test: TestStack;
let world: OpenWorld;

const region = "fra1";
const image = "debian-12-x64";

/** A host with its disk, address, firewall and name. */
function host(vpc: digitalocean.Vpc, key: digitalocean.SshKey) {
  const droplet = new digitalocean.Droplet(
    "host",
    {
      region,
      size: variant.size,
      image: digitalocean.getImageOutput({ slug: image }).image,
      vpcUuid: vpc.id,
      sshKeys: [key.fingerprint],
      userData: pulumi.secret(`${variant.userData}# ${SECRET}\n`),
      ipv6: true,
      tags: ["nodewright"],
    },
    { deleteBeforeReplace: true },
  );
  const dropletId = droplet.id.apply(Number);
  const disk = new digitalocean.Volume("data", { region, size: variant.disk, initialFilesystemType: "ext4" });
  new digitalocean.VolumeAttachment("data", { dropletId, volumeId: disk.id }, { deleteBeforeReplace: true });
  const address = new digitalocean.ReservedIp("host", { region });
  new digitalocean.ReservedIpAssignment("host", { dropletId, ipAddress: address.ipAddress });
  new digitalocean.Firewall("host", {
    dropletIds: [dropletId],
    inboundRules: [{ protocol: "tcp", portRange: "9876", sourceAddresses: ["0.0.0.0/0", "::/0"] }],
    outboundRules: [{ protocol: "icmp", destinationAddresses: ["0.0.0.0/0"] }],
  });
  return { droplet, address };
}

async function program() {
  const vpc = new digitalocean.Vpc("net", { region, ipRange: "10.20.0.0/24" });
  const key = new digitalocean.SshKey("operator", { publicKey: KEY });
  new digitalocean.Tag("nodewright", { name: "nodewright" });
  const { droplet, address } = host(vpc, key);
  const lb = new digitalocean.LoadBalancer("rpc", {
    region,
    vpcUuid: vpc.id,
    dropletTag: "nodewright",
    forwardingRules: [{ entryPort: 80, entryProtocol: "http", targetPort: 8888, targetProtocol: "http" }],
  });
  new digitalocean.DropletAutoscale("rpc", {
    config: { minInstances: 1, maxInstances: 3, targetCpuUtilization: 0.6 },
    dropletTemplate: { region, image, size: "s-2vcpu-4gb", sshKeys: [key.fingerprint], vpcUuid: vpc.id },
  });
  const domain = new digitalocean.Domain("zone", { name: "example.com" });
  const record = new digitalocean.DnsRecord("host", {
    domain: domain.name,
    name: "host",
    type: "A",
    value: address.ipAddress,
  });
  const bucket = new digitalocean.SpacesBucket("snapshots", { region, acl: "private" });
  new digitalocean.SpacesBucketObject("readme", {
    bucket: bucket.name,
    region,
    key: "readme",
    content: "text",
  });
  new digitalocean.Project("node", { resources: [droplet.dropletUrn, bucket.bucketUrn] });
  return { fqdn: record.fqdn, private: droplet.ipv4AddressPrivate, ipv6: droplet.ipv6Address, lb: lb.ip };
}

describe("an unmodified @pulumi/digitalocean program on the engine", function () {
  this.timeout(180_000);

  before(async function () {
    if (missing) return skipSuite(this, missing);
    world = openWorld(folder, "digitalocean");
    test = await testStack(program, { ...ENVIRONMENT, NODEWRIGHT_CLOUD_WORLD: folder }, ["digitalocean"]);
  });
  after(() => {
    test?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  comesUp();
  changes();
  drifts();

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
    expect(outputs.fqdn?.value).to.equal("host.example.com");
    expect(outputs.private?.value).to.equal("10.20.0.4");
    expect(outputs.ipv6?.value).to.match(/^2001:db8::/);
    expect((await test.stack.preview()).changeSummary).to.have.all.keys("same");
    expect((await test.stack.refresh()).summary.resourceChanges).to.have.all.keys("same");
    expect((await test.stack.up()).summary.resourceChanges).to.have.all.keys("same");
    expect(test.state()).not.to.contain(SECRET);
  });
}

function changes() {
  it("resizes a droplet and grows its volume in place", async () => {
    const [before] = world.ids(TOKENS.droplet);
    variant.size = "s-8vcpu-16gb";
    variant.disk = 200;
    expect((await test.stack.preview()).changeSummary).to.include({ update: 2 });
    await test.stack.up();
    expect(world.ids(TOKENS.droplet)).to.deep.equal([before]);
    expect(world.get(TOKENS.droplet, before ?? "")?.outputs).to.include({ vcpus: 8, disk: 320 });
  });

  it("replaces a droplet for new user data, and says so in the preview", async () => {
    const [before] = world.ids(TOKENS.droplet);
    variant.userData = "#cloud-config\npackages: []\n";
    // The droplet, and what names it for ever: its attachment and its reserved address.
    expect((await test.stack.preview()).changeSummary).to.include({ replace: 3 });
    await test.stack.up();
    expect(world.ids(TOKENS.droplet)).not.to.include(before);
    expect(world.ids(TOKENS.volume)).to.have.length(1);
  });

  it("stops at a volume that would shrink", async () => {
    variant.disk = 50;
    const failure = await test.stack.up().catch((error: Error) => error.message);
    expect(failure).to.contain("can only be expanded and not shrunk");
    variant.disk = 200;
  });
}

function drifts() {
  it("sees drift and disappearance in a refresh, and repairs both", async () => {
    const [firewall = ""] = world.ids(TOKENS.firewall);
    const [record = ""] = world.ids(TOKENS.dnsRecord);
    world.change(TOKENS.firewall, firewall, { inboundRules: [] });
    world.remove(TOKENS.dnsRecord, record);
    const refreshed = await test.stack.refresh();
    expect(refreshed.summary.resourceChanges).to.include({ update: 1, delete: 1 });
    expect((await test.stack.up()).summary.resourceChanges).to.include({ update: 1, create: 1 });
    expect(world.get(TOKENS.firewall, firewall)?.inputs.inboundRules).to.have.length(1);
  });

  it("reports the account's limit as the API does", async () => {
    world.limit(TOKENS.droplet, 1);
    const second = await testStack(
      async () => {
        new digitalocean.Droplet("other", { region, size: "s-1vcpu-1gb", image });
      },
      { ...ENVIRONMENT, NODEWRIGHT_CLOUD_WORLD: folder },
      ["digitalocean"],
    );
    const failure = await second.stack.up().catch((error: Error) => error.message);
    second.remove();
    expect(failure).to.contain("will exceed your droplet limit");
  });

  it("does not start without a token", async () => {
    const second = await testStack(
      async () => {
        new digitalocean.Tag("tag", {});
      },
      { DIGITALOCEAN_TOKEN: "", NODEWRIGHT_CLOUD_WORLD: folder },
      ["digitalocean"],
    );
    const failure = await second.stack.preview().catch((error: Error) => error.message);
    second.remove();
    expect(failure).to.contain("Unable to authenticate you");
  });
}
