import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { Host } from "../../components/targets/aws/provision/host";

/**
 * A program of somebody else: a network that is there already, and one host of nodewright's in it. Nothing of a plan or a
 * stack file; what is created elsewhere comes as it is, an Output.
 */
export async function relay(userData: string): Promise<Record<string, pulumi.Input<unknown>>> {
  const vpc = new ec2.Vpc("own", {
    cidrBlock: "10.9.0.0/16",
    assignGeneratedIpv6CidrBlock: true,
  });
  const gateway = new ec2.InternetGateway("own", { vpcId: vpc.id });
  const zone = pulumi.output("eu-central-1a");
  const subnet = new ec2.Subnet("own", {
    vpcId: vpc.id,
    cidrBlock: "10.9.1.0/24",
    ipv6CidrBlock: vpc.ipv6CidrBlock.apply((block) => block.replace(/::\/56$/, "::/64")),
    availabilityZone: zone,
  });
  const outward = new ec2.SecurityGroup("outward", {
    vpcId: vpc.id,
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const host = new Host(
    "relay",
    {
      machine: "r6i.2xlarge",
      image: "ami-0123456789abcdef0",
      vpc: vpc.id,
      subnet: subnet.id,
      zone,
      isPublic: true,
      groups: [outward.id],
      userData: pulumi.interpolate`#cloud-config\n# ${userData}\n`,
      disk: { size: 2048, type: "gp3" },
      protect: false,
    },
    { dependsOn: gateway },
  );
  return { address: host.publicIp, machine: host.id };
}
