import { expect } from "chai";
import { aws } from "../../../../lab/plugins/aws/aws-cloud";
import * as t from "../../../../lab/plugins/aws/tokens";
import { type Properties, UNKNOWN } from "../../../../lab/plugins/value";
import { failureOf } from "../call";
import { PluginUnderTest } from "../cloud/plugin-under-test";
import { CREDENTIALS } from "./aws-stack";

const AMI = "ami-0123456789abcdef0";
const POLICY = JSON.stringify({ Statement: [] });
let plugin: PluginUnderTest;
/** Ids of what exists before each case. */
let at: Record<"vpc" | "subnet" | "other" | "gateway" | "group" | "host" | "disk" | "table" | "role", string>;

async function settle(): Promise<typeof at> {
  const vpc = await plugin.create(t.VPC, { cidrBlock: "10.0.0.0/16" });
  const gateway = await plugin.create(t.INTERNET_GATEWAY, { vpcId: vpc });
  const subnet = await plugin.create(t.SUBNET, {
    vpcId: vpc,
    cidrBlock: "10.0.1.0/24",
    availabilityZone: "eu-central-1a",
  });
  const other = await plugin.create(t.SUBNET, {
    vpcId: vpc,
    cidrBlock: "10.0.2.0/28",
    availabilityZone: "eu-central-1b",
  });
  const group = await plugin.create(t.SECURITY_GROUP, { name: "hosts", vpcId: vpc });
  const host = await plugin.create(t.INSTANCE, {
    ami: AMI,
    instanceType: "m7i.large",
    subnetId: subnet,
    privateIp: "10.0.1.10",
    vpcSecurityGroupIds: [group],
  });
  const disk = await plugin.create(t.VOLUME, { availabilityZone: "eu-central-1a", size: 100, type: "gp3" });
  await plugin.create(t.VOLUME_ATTACHMENT, { deviceName: "/dev/sdf", instanceId: host, volumeId: disk });
  const table = await plugin.create(t.ROUTE_TABLE, { vpcId: vpc });
  await plugin.create("aws:ec2/route:Route", {
    routeTableId: table,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway,
  });
  const role = await plugin.create(t.ROLE, { name: "host", assumeRolePolicy: POLICY });
  await plugin.create(t.BUCKET, { bucket: "snapshots" });
  await plugin.create(t.BUCKET_OBJECTS[0], { bucket: "snapshots", key: "a", content: "b" });
  return { vpc, subnet, other, gateway, group, host, disk, table, role };
}

function freshWorld(): void {
  beforeEach(async () => {
    plugin = new PluginUnderTest(aws, CREDENTIALS);
    at = await settle();
  });
  afterEach(() => plugin.dispose());
}

type Case = readonly [what: string, token: string, inputs: () => Properties, words: string];
const host = (more: Properties): Properties => ({
  ami: AMI,
  instanceType: "m7i.large",
  subnetId: at.subnet,
  ...more,
});
const rule = (more: Properties): Properties => ({
  securityGroupId: at.group,
  ipProtocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrIpv4: "10.0.0.0/8",
  ...more,
});

const seen = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
});
const webAcl = (rate: Properties = {}, answer: Properties = {}): Properties => ({
  name: "front",
  scope: "REGIONAL",
  defaultAction: { allow: {} },
  customResponseBodies: [{ key: "busy", contentType: "APPLICATION_JSON", content: "{}" }],
  rules: [
    {
      name: "rate",
      priority: 0,
      action: { block: { customResponse: { responseCode: 429, customResponseBodyKey: "busy", ...answer } } },
      statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", ...rate } },
      visibilityConfig: seen("rate"),
    },
  ],
  visibilityConfig: seen("front"),
});

const CREATES: readonly Case[] = [
  [
    "an unknown property",
    t.VPC,
    () => ({ cidrBlock: "10.0.0.0/16", colour: "red" }),
    "colour: is not a property of",
  ],
  ["a missing property", t.SUBNET, () => ({ cidrBlock: "10.0.3.0/24" }), "vpcId: missing required property"],
  ["a wrong type", t.VOLUME, () => ({ availabilityZone: "eu-central-1a", size: "100" }), "size: "],
  ["a reserved tag", t.VPC, () => ({ cidrBlock: "10.0.0.0/16", tags: { "aws:x": "1" } }), "reserved"],
  ["a VPC too large", t.VPC, () => ({ cidrBlock: "10.0.0.0/15" }), "between /16 and /28"],
  ["a CIDR with host bits", t.VPC, () => ({ cidrBlock: "10.0.0.1/16" }), "not a valid CIDR"],
  [
    "a subnet too small",
    t.SUBNET,
    () => ({ vpcId: at.vpc, cidrBlock: "10.0.3.0/29" }),
    "between /16 and /28",
  ],
  ["a subnet outside", t.SUBNET, () => ({ vpcId: at.vpc, cidrBlock: "10.1.0.0/24" }), "InvalidSubnet.Range"],
  [
    "subnets that overlap",
    t.SUBNET,
    () => ({ vpcId: at.vpc, cidrBlock: "10.0.1.128/25" }),
    "InvalidSubnet.Conflict",
  ],
  [
    "a zone of another region",
    t.SUBNET,
    () => ({ vpcId: at.vpc, cidrBlock: "10.0.3.0/24", availabilityZone: "us-east-1a" }),
    "parameter availabilityZone is invalid",
  ],
  [
    "a VPC that is not there",
    t.SUBNET,
    () => ({ vpcId: "vpc-0", cidrBlock: "10.0.3.0/24" }),
    "InvalidVpcID.NotFound",
  ],
  [
    "a second internet gateway",
    t.INTERNET_GATEWAY,
    () => ({ vpcId: at.vpc }),
    "already has an internet gateway",
  ],
  [
    "a NAT gateway without address",
    t.NAT_GATEWAY,
    () => ({ subnetId: at.subnet }),
    "allocationId: is required",
  ],
  [
    "a second route to one destination",
    "aws:ec2/route:Route",
    () => ({ routeTableId: at.table, destinationCidrBlock: "0.0.0.0/0", gatewayId: at.gateway }),
    "RouteAlreadyExists",
  ],
  [
    "a route without target",
    "aws:ec2/route:Route",
    () => ({ routeTableId: at.table, destinationCidrBlock: "10.9.0.0/16" }),
    "must be specified",
  ],
  [
    "a group of that name",
    t.SECURITY_GROUP,
    () => ({ name: "hosts", vpcId: at.vpc }),
    "InvalidGroup.Duplicate",
  ],
  ["a reserved group name", t.SECURITY_GROUP, () => ({ name: "sg-x", vpcId: at.vpc }), "name: "],
  [
    "61 inline rules",
    t.SECURITY_GROUP,
    () => ({
      name: "many",
      vpcId: at.vpc,
      ingress: [
        {
          protocol: "tcp",
          fromPort: 1,
          toPort: 1,
          cidrBlocks: Array.from({ length: 61 }, (_, n) => `10.0.${n}.0/24`),
        },
      ],
    }),
    "RulesPerSecurityGroupLimitExceeded",
  ],
  ["a rule with two sources", t.INGRESS_RULE, () => rule({ cidrIpv6: "::/0" }), "exactly one of"],
  [
    "a rule without ports",
    t.INGRESS_RULE,
    () => rule({ toPort: undefined, fromPort: undefined }),
    "tcp needs ports",
  ],
  ["ports backwards", t.INGRESS_RULE, () => rule({ fromPort: 23 }), "23 is above toPort 22"],
  ["a bad CIDR in a rule", t.INGRESS_RULE, () => rule({ cidrIpv4: "10.0.0.1/8" }), "not a valid CIDR"],
  ["a machine type", t.INSTANCE, () => host({ instanceType: "m7i.huge" }), "Invalid value 'm7i.huge'"],
  ["an image id", t.INSTANCE, () => host({ ami: "debian-12" }), "InvalidAMIID.Malformed"],
  ["user data too long", t.INSTANCE, () => host({ userData: "x".repeat(16_385) }), "limited to 16384 bytes"],
  [
    "encoded user data too long",
    t.INSTANCE,
    () => host({ userDataBase64: Buffer.from("x".repeat(16_385)).toString("base64") }),
    "limited to 16384 bytes",
  ],
  ["user data twice", t.INSTANCE, () => host({ userData: "x", userDataBase64: "eA==" }), "conflicts with"],
  [
    "an address outside",
    t.INSTANCE,
    () => host({ privateIp: "10.0.2.10" }),
    "does not fall within the subnet",
  ],
  ["an address in use", t.INSTANCE, () => host({ privateIp: "10.0.1.10" }), "InvalidIPAddress.InUse"],
  ["a reserved address", t.INSTANCE, () => host({ privateIp: "10.0.1.3" }), "reserved address range"],
  ["a key that is not there", t.INSTANCE, () => host({ keyName: "none" }), "InvalidKeyPair.NotFound"],
  [
    "a group that is not there",
    t.INSTANCE,
    () => host({ vpcSecurityGroupIds: ["sg-0"] }),
    "InvalidGroup.NotFound",
  ],
  [
    "a profile that is not there",
    t.INSTANCE,
    () => host({ iamInstanceProfile: "none" }),
    "Invalid IAM Instance Profile",
  ],
  [
    "IPv6 without a block",
    t.INSTANCE,
    () => host({ ipv6AddressCount: 1 }),
    "does not have an IPv6 CIDR block",
  ],
  [
    "a zone not of the subnet",
    t.INSTANCE,
    () => host({ availabilityZone: "eu-central-1b" }),
    "does not match the zone",
  ],
  [
    "too large a disk",
    t.VOLUME,
    () => ({ availabilityZone: "eu-central-1a", size: 70_000, type: "gp3" }),
    "1 to 65536 GiB",
  ],
  [
    "IOPS for the size",
    t.VOLUME,
    () => ({ availabilityZone: "eu-central-1a", size: 10, type: "gp3", iops: 6000 }),
    "500 IOPS for each GiB",
  ],
  [
    "throughput for the IOPS",
    t.VOLUME,
    () => ({ availabilityZone: "eu-central-1a", size: 100, type: "gp3", throughput: 1000 }),
    "raise iops",
  ],
  [
    "throughput of the wrong type",
    t.VOLUME,
    () => ({ availabilityZone: "eu-central-1a", size: 100, type: "gp2", throughput: 200 }),
    "cannot be given",
  ],
  [
    "a volume twice",
    t.VOLUME_ATTACHMENT,
    () => ({ deviceName: "/dev/sdg", instanceId: at.host, volumeId: at.disk }),
    "is already attached to an instance",
  ],
  [
    "a key in another format",
    t.KEY_PAIR,
    () => ({ keyName: "k", publicKey: "ssh-dss x" }),
    "InvalidKey.Format",
  ],
  [
    "more hosts wanted than allowed",
    t.AUTOSCALING_GROUP,
    () => ({ minSize: 3, maxSize: 2, launchTemplate: { id: "lt-0" }, vpcZoneIdentifiers: [at.subnet] }),
    "Min size 3 is above max size 2",
  ],
  [
    "a template that is not there",
    t.AUTOSCALING_GROUP,
    () => ({ minSize: 1, maxSize: 2, launchTemplate: { id: "lt-0" }, vpcZoneIdentifiers: [at.subnet] }),
    "InvalidLaunchTemplateId.NotFound",
  ],
  [
    "a template's user data",
    t.LAUNCH_TEMPLATE,
    () => ({ name: "hosts", userData: "#cloud-config" }),
    "must be base64-encoded",
  ],
  ["a template's name", t.LAUNCH_TEMPLATE, () => ({ name: "a b c" }), "name: "],
  [
    "a balancer's name",
    t.LOAD_BALANCER,
    () => ({ name: "x".repeat(33), subnets: [at.subnet] }),
    "longer than 32",
  ],
  [
    "a balancer in one zone",
    t.LOAD_BALANCER,
    () => ({ name: "lb", subnets: [at.subnet] }),
    "At least two subnets",
  ],
  [
    "a target group's name",
    t.TARGET_GROUP,
    () => ({ name: "-x", port: 1, protocol: "TCP", vpcId: at.vpc }),
    "name: ",
  ],
  [
    "a network balancer's idle time",
    t.LOAD_BALANCER,
    () => ({ name: "lb", loadBalancerType: "network", subnets: [at.subnet], idleTimeout: 60 }),
    "only valid for load balancers of type application",
  ],
  [
    "a rate under the least",
    t.WEB_ACL,
    () => webAcl({ limit: 9 }),
    "expected to be in the range (10 - 2000000000)",
  ],
  [
    "a window of its own",
    t.WEB_ACL,
    () => webAcl({ evaluationWindowSec: 90 }),
    "expected one of 60, 120, 300, 600",
  ],
  [
    "an answer that has no text",
    t.WEB_ACL,
    () => webAcl({}, { customResponseBodyKey: "none" }),
    "no custom response body has the key none",
  ],
  [
    "an answer's content type",
    t.WEB_ACL,
    () => webAcl({}, { responseHeaders: [{ name: "Content-Type", value: "x" }] }),
    "content-type cannot be given",
  ],
  [
    "a list of some other place",
    t.WEB_ACL,
    () => ({ ...webAcl(), scope: "EDGE" }),
    "expected REGIONAL, CLOUDFRONT",
  ],
  ["a role's name", t.ROLE, () => ({ name: "a b", assumeRolePolicy: POLICY }), "name: "],
  ["a role of that name", t.ROLE, () => ({ name: "host", assumeRolePolicy: POLICY }), "EntityAlreadyExists"],
  ["a policy that is none", t.ROLE, () => ({ name: "x", assumeRolePolicy: "{" }), "MalformedPolicyDocument"],
  [
    "an ARN that is none",
    t.ROLE_POLICY_ATTACHMENT,
    () => ({ role: "host", policyArn: "x" }),
    "is an invalid ARN",
  ],
  ["a role that is not there", t.INSTANCE_PROFILE, () => ({ name: "p", role: "none" }), "NoSuchEntity"],
  ["a bucket's name", t.BUCKET, () => ({ bucket: "Big_Bucket" }), "bucket: "],
  ["a bucket of that name", t.BUCKET, () => ({ bucket: "snapshots" }), "BucketAlreadyOwnedByYou"],
  [
    "a bucket that is not there",
    "aws:s3/bucketVersioning:BucketVersioning",
    () => ({ bucket: "none", versioningConfiguration: { status: "Enabled" } }),
    "NoSuchBucket",
  ],
];

describe("the simulated AWS", () => {
  freshWorld();
  for (const [what, token, inputs, words] of CREATES) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(plugin.create(token, inputs()))).to.contain(words);
    });
  }

  it("complains of nothing that is not known yet", () => {
    const unknown = host({ userData: UNKNOWN, privateIp: UNKNOWN, rootBlockDevice: { volumeSize: UNKNOWN } });
    expect(plugin.check(t.INSTANCE, unknown)).to.deep.equal([]);
    expect(plugin.check(t.INGRESS_RULE, rule({ fromPort: UNKNOWN, cidrIpv4: UNKNOWN }))).to.deep.equal([]);
  });

  it("counts sixty rules in one direction, and no twin", async () => {
    for (let port = 1; port <= 60; port += 1) {
      await plugin.create(t.INGRESS_RULE, rule({ fromPort: port, toPort: port }));
    }
    const twin = await failureOf(plugin.create(t.INGRESS_RULE, rule({ fromPort: 60, toPort: 60 })));
    expect(twin).to.contain("InvalidPermission.Duplicate");
    const more = await failureOf(plugin.create(t.INGRESS_RULE, rule({ fromPort: 61, toPort: 61 })));
    expect(more).to.contain("RulesPerSecurityGroupLimitExceeded");
    await plugin.create(t.INGRESS_RULE, rule({ cidrIpv4: undefined, cidrIpv6: "::/0" }));
    await plugin.create(t.EGRESS_RULE, rule({}));
  });

  it("attaches a disk in its own zone only, each device name once", async () => {
    const far = await plugin.create(t.VOLUME, { availabilityZone: "eu-central-1b", size: 10 });
    const near = await plugin.create(t.VOLUME, { availabilityZone: "eu-central-1a", size: 10 });
    const attach = (volumeId: string, deviceName: string) =>
      failureOf(plugin.create(t.VOLUME_ATTACHMENT, { deviceName, instanceId: at.host, volumeId }));
    expect(await attach(far, "/dev/sdg")).to.contain("InvalidVolume.ZoneMismatch");
    expect(await attach(near, "/dev/sdf")).to.contain("Attachment point /dev/sdf is already in use");
    expect(await attach(near, "disk1")).to.contain("not a valid EBS device name");
  });

  it("gives the next free address, and none when the subnet is full", async () => {
    const small = (privateIp?: string) => host({ subnetId: at.other, privateIp });
    const first = await plugin.created(t.INSTANCE, small());
    expect(first.outputs).to.include({ privateIp: "10.0.2.4", availabilityZone: "eu-central-1b" });
    await plugin.create(t.INSTANCE, small("10.0.2.6"));
    const addresses = [];
    for (let count = 0; count < 9; count += 1) {
      addresses.push((await plugin.created(t.INSTANCE, small())).outputs.privateIp);
    }
    expect(addresses.slice(0, 2)).to.deep.equal(["10.0.2.5", "10.0.2.7"]);
    expect(await failureOf(plugin.create(t.INSTANCE, small()))).to.contain(
      "InsufficientFreeAddressesInSubnet",
    );
  });

  it("puts a web ACL before application balancers alone, and keeps it while it stands there", async () => {
    const subnets = [at.subnet, at.other];
    const inFront = async (loadBalancerType: string) =>
      (await plugin.created(t.LOAD_BALANCER, { name: loadBalancerType, loadBalancerType, subnets })).outputs
        .arn;
    const list = await plugin.created(t.WEB_ACL, webAcl());
    const associate = async (kind: string, webAclArn: unknown) =>
      plugin.create(t.WEB_ACL_ASSOCIATION, { resourceArn: await inFront(kind), webAclArn });
    expect(await failureOf(associate("network", list.outputs.arn))).to.contain(
      "WAFInvalidParameterException",
    );
    expect(await failureOf(associate("application", "arn:aws:wafv2:x"))).to.contain(
      "WAFNonexistentItemException",
    );
    const resourceArn = plugin.world.get(t.LOAD_BALANCER, plugin.world.ids(t.LOAD_BALANCER)[1] ?? "")?.outputs
      .arn;
    await plugin.create(t.WEB_ACL_ASSOCIATION, { resourceArn, webAclArn: list.outputs.arn });
    expect(await failureOf(plugin.delete(t.WEB_ACL, list.id))).to.contain("WAFAssociatedItemException");
  });

  it("listens with what a balancer and its region know", async () => {
    const { outputs } = await plugin.created(t.LOAD_BALANCER, { name: "lb", subnets: [at.subnet, at.other] });
    const group = (protocol: string) =>
      plugin.create(t.TARGET_GROUP, { name: protocol, port: 80, protocol, vpcId: at.vpc });
    const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
    const listen = async (more: Properties, protocol = "HTTP") =>
      plugin.create(t.LISTENER, {
        ...{ loadBalancerArn: outputs.arn, port: 443, protocol: "HTTPS", certificateArn },
        defaultActions: [{ type: "forward", targetGroupArn: await group(protocol) }],
        ...more,
      });
    expect(await failureOf(listen({}, "TCP"))).to.contain("IncompatibleProtocols");
    const far = certificateArn.replace("eu-central-1", "us-east-1");
    expect(await failureOf(listen({ certificateArn: far, defaultActions: [] }))).to.contain(
      "CertificateNotFound",
    );
  });

  it("keeps records inside their zone", async () => {
    const zoneId = await plugin.create(t.ZONE, { name: "example.com" });
    const record = (name: string, more: Properties = {}) => ({
      zoneId,
      name,
      type: "A",
      ttl: 60,
      records: ["192.0.2.1"],
      ...more,
    });
    const made = await plugin.created(t.RECORD, record("rpc.eu"));
    expect(made.outputs.fqdn).to.equal("rpc.eu.example.com");
    const table: [Properties, string][] = [
      [record("rpc.example.net"), "is not permitted in zone example.com"],
      [record("rpc.eu.example.com"), "but it already exists"],
      [record("x", { records: ["host"] }), "not a valid IPv4 address"],
      [record("x", { ttl: undefined }), "ttl: is required"],
      [record("x", { zoneId: "Z0" }), "NoSuchHostedZone"],
    ];
    for (const [inputs, words] of table) {
      expect(await failureOf(plugin.create(t.RECORD, inputs))).to.contain(words);
    }
    expect(await failureOf(plugin.delete(t.ZONE, zoneId))).to.contain("HostedZoneNotEmpty");
  });
});

describe("the simulated AWS refuses to", () => {
  freshWorld();
  const table: readonly [what: string, act: () => Promise<unknown>, words: string][] = [
    ["delete a VPC in use", () => plugin.delete(t.VPC, at.vpc), "DependencyViolation"],
    ["delete a subnet in use", () => plugin.delete(t.SUBNET, at.subnet), "DependencyViolation"],
    ["delete a group in use", () => plugin.delete(t.SECURITY_GROUP, at.group), "has a dependent object"],
    ["delete an attached volume", () => plugin.delete(t.VOLUME, at.disk), "is currently attached to"],
    ["delete a bucket that is not empty", () => plugin.delete(t.BUCKET, "snapshots"), "BucketNotEmpty"],
    [
      "shrink a volume",
      () => plugin.update(t.VOLUME, at.disk, { availabilityZone: "eu-central-1a", size: 50, type: "gp3" }),
      "New size cannot be smaller",
    ],
    [
      "terminate a protected instance",
      async () => {
        const machine = await plugin.create(t.INSTANCE, host({ disableApiTermination: true }));
        return plugin.delete(t.INSTANCE, machine);
      },
      "OperationNotPermitted",
    ],
    [
      "delete a protected balancer",
      async () => {
        const subnets = [at.subnet, at.other];
        const balancer = await plugin.create(t.LOAD_BALANCER, {
          name: "lb",
          subnets,
          enableDeletionProtection: true,
        });
        return plugin.delete(t.LOAD_BALANCER, balancer);
      },
      "deletion protection is enabled",
    ],
    [
      "delete a role in a profile",
      async () => {
        await plugin.create(t.INSTANCE_PROFILE, { name: "host", role: at.role });
        return plugin.delete(t.ROLE, at.role);
      },
      "remove roles from instance profile",
    ],
  ];
  for (const [what, act, words] of table) {
    it(what, async () => {
      expect(await failureOf(act())).to.contain(words);
    }).timeout(10_000);
  }

  it("go on forever: a deletion waits for what is in use to go", async () => {
    const deleting = plugin.delete(t.VOLUME, at.disk);
    const [attachment = ""] = plugin.world.ids(t.VOLUME_ATTACHMENT);
    await plugin.delete(t.VOLUME_ATTACHMENT, attachment);
    await deleting;
    expect(plugin.world.ids(t.VOLUME)).to.deep.equal([]);
  });
});
