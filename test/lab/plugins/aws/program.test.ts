import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { INSTANCE, SECURITY_GROUP, VOLUME } from "../../../../lab/plugins/aws/tokens";
import { missingEngine, skipSuite } from "../engine";
import { type AwsStack, awsStack, CREDENTIALS } from "./aws-stack";

const missing = missingEngine();
const variant = { userData: "#cloud-config\n", zone: "eu-central-1a", replaceOnUserData: false };
let test: AwsStack;

/** One of nearly everything that the AWS target makes: a network, a protected host with a data disk, its name. */
async function program() {
  const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16", assignGeneratedIpv6CidrBlock: true });
  const gateway = new aws.ec2.InternetGateway("net", { vpcId: vpc.id });
  const subnet = new aws.ec2.Subnet("net-a", {
    vpcId: vpc.id,
    cidrBlock: "10.0.1.0/24",
    ipv6CidrBlock: vpc.ipv6CidrBlock.apply((block) => block.replace(/::\/56$/, "::/64")),
    availabilityZone: "eu-central-1a",
  });
  const table = new aws.ec2.RouteTable("net", { vpcId: vpc.id });
  new aws.ec2.Route("net", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.id,
  });
  new aws.ec2.RouteTableAssociation("net-a", { routeTableId: table.id, subnetId: subnet.id });
  const group = new aws.ec2.SecurityGroup("hosts", { vpcId: vpc.id });
  new aws.vpc.SecurityGroupIngressRule("p2p", {
    securityGroupId: group.id,
    cidrIpv4: "0.0.0.0/0",
    ipProtocol: "tcp",
    fromPort: 9876,
    toPort: 9876,
  });
  const role = new aws.iam.Role("host", { assumeRolePolicy: JSON.stringify({ Statement: [] }) });
  const profile = new aws.iam.InstanceProfile("host", { role: role.name });
  const image = aws.ec2.getAmiOutput({
    owners: ["136693071363"],
    filters: [{ name: "name", values: ["debian-12-*"] }],
  });
  const host = new aws.ec2.Instance("host", {
    ami: image.id,
    instanceType: "c7g.xlarge",
    subnetId: subnet.id,
    vpcSecurityGroupIds: [group.id],
    iamInstanceProfile: profile.name,
    privateIp: "10.0.1.20",
    ipv6AddressCount: 1,
    userData: variant.userData,
    userDataReplaceOnChange: variant.replaceOnUserData,
    rootBlockDevice: { volumeType: "gp3", volumeSize: 20, encrypted: true },
  });
  const data = new aws.ebs.Volume("data", {
    availabilityZone: variant.zone,
    size: 200,
    type: "gp3",
    iops: 6000,
  });
  // The old one must go first: a device name and a disk are each held by one attachment.
  new aws.ec2.VolumeAttachment(
    "data",
    { instanceId: host.id, volumeId: data.id, deviceName: "/dev/sdf" },
    { deleteBeforeReplace: true },
  );
  const address = new aws.ec2.Eip("host", { domain: "vpc" });
  new aws.ec2.EipAssociation(
    "host",
    { allocationId: address.id, instanceId: host.id },
    { dependsOn: gateway },
  );
  const zone = new aws.route53.Zone("zone", { name: "example.com" });
  const name = new aws.route53.Record("host", {
    zoneId: zone.zoneId,
    name: "host",
    type: "A",
    ttl: 60,
    records: [address.publicIp],
  });
  const bucket = new aws.s3.Bucket("snapshots", { bucket: "example-snapshots" });
  new aws.s3.BucketPublicAccessBlock("snapshots", { bucket: bucket.id, blockPublicAcls: true });
  return {
    privateIp: host.privateIp,
    zone: host.availabilityZone,
    fqdn: name.fqdn,
    ipv6: host.ipv6Addresses,
  };
}

describe("an unmodified @pulumi/aws program on the engine", function () {
  this.timeout(180_000);

  before(async function () {
    if (missing) return skipSuite(this, missing);
    test = await awsStack(program);
  });
  after(() => test?.remove());

  it("previews, comes up with what the cloud computes, and has nothing to do a second time", async () => {
    const preview = await test.stack.preview();
    const { outputs, summary } = await test.stack.up();
    expect(preview.changeSummary).to.deep.equal(summary.resourceChanges);
    expect(outputs.privateIp?.value).to.equal("10.0.1.20");
    expect(outputs.zone?.value).to.equal("eu-central-1a");
    expect(outputs.fqdn?.value).to.equal("host.example.com");
    expect(outputs.ipv6?.value).to.have.length(1);
    expect((await test.stack.preview()).changeSummary).to.have.all.keys("same");
    expect((await test.stack.refresh()).summary.resourceChanges).to.not.have.any.keys("delete");
    expect((await test.stack.up()).summary.resourceChanges).to.have.all.keys("same");
  });

  it("updates a machine in place for new user data, unless it is to be replaced", async () => {
    const [before] = test.world.ids(INSTANCE);
    variant.userData = "#cloud-config\npackages: []\n";
    expect((await test.stack.preview()).changeSummary).to.include({ update: 1 });
    await test.stack.up();
    expect(test.world.ids(INSTANCE)).to.deep.equal([before]);
    variant.userData = "#cloud-config\n";
    variant.replaceOnUserData = true;
    const replacing = await test.stack.preview();
    expect(replacing.changeSummary).to.include({ replace: 3 });
    variant.userData = "#cloud-config\npackages: []\n";
    await test.stack.up();
  });

  it("shows the replacement of a disk that would change its zone", async () => {
    variant.zone = "eu-central-1b";
    const preview = await test.stack.preview();
    expect(preview.changeSummary).to.include({ replace: 2 });
    const failure = await test.stack.up().catch((error: Error) => error.message);
    expect(failure).to.contain("InvalidVolume.ZoneMismatch");
    variant.zone = "eu-central-1a";
    await test.stack.up();
  });

  it("sees drift and disappearance in a refresh, and repairs both", async () => {
    const [disk = ""] = test.world.ids(VOLUME);
    const [group = ""] = test.world.ids(SECURITY_GROUP);
    test.world.change(VOLUME, disk, { iops: 3000 });
    test.world.remove("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "example-snapshots");
    const refreshed = await test.stack.refresh();
    expect(refreshed.summary.resourceChanges).to.include({ update: 1, delete: 1 });
    expect((await test.stack.up()).summary.resourceChanges).to.include({ update: 1, create: 1 });
    expect(test.world.get(VOLUME, disk)?.inputs.iops).to.equal(6000);
    expect(test.world.get(SECURITY_GROUP, group)).to.be.an("object");
  });

  it("refuses to destroy a protected machine, and then destroys everything", async () => {
    const [host = ""] = test.world.ids(INSTANCE);
    test.world.change(INSTANCE, host, { disableApiTermination: true });
    const failure = await test.stack.destroy().catch((error: Error) => error.message);
    expect(failure).to.contain("OperationNotPermitted");
    test.world.change(INSTANCE, host, { disableApiTermination: undefined });
    await test.stack.destroy();
    expect([INSTANCE, VOLUME, SECURITY_GROUP].flatMap((token) => test.world.ids(token))).to.deep.equal([]);
  });
});

describe("a provider without what it needs", function () {
  this.timeout(120_000);
  const table = [
    { lack: "region", environment: { ...CREDENTIALS, AWS_REGION: "" }, words: "missing region" },
    {
      lack: "credentials",
      environment: { AWS_REGION: "eu-central-1" },
      words: "No valid credential sources",
    },
  ];
  for (const { lack, environment, words } of table) {
    it(`does not start: ${lack}`, async function () {
      if (missing) return this.skip();
      const withoutNeed = await awsStack(
        async () => {
          new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
        },
        { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", ...environment },
      );
      const failure = await withoutNeed.stack.preview().catch((error: Error) => error.message);
      withoutNeed.remove();
      expect(failure).to.contain(words);
    });
  }
});
