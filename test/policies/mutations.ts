import type { HostDocument } from "../../cloud-init/document";
import { firewallFile } from "../../cloud-init/parts/firewall";
import type { FirewallRule } from "../../components/core/network/firewall";
import { type Added, type Change, edited, over, type Props } from "./change";

/** A mistake that somebody could make in a sample, and the rule that must find it, there and alone. */
export interface Mutation {
  what: string;
  sample: string;
  rule: string;
  /** Name of the resource that the rule points at. */
  at: string;
  changes?: Change[];
  added?: Added[];
  /** Rules that rightly find it too. */
  also?: string[];
}

const AWS = "eos-aws";
const GCP = "eos-gcp";
const DO = "eos-digitalocean";
const METAL = "eos-metal";
const DOCKER = "docker";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const FIREWALL = "gcp:compute/firewall:Firewall";
/** nodeos' port for its producer API (components/core/services/nodeos.ts). */
const CONTROL = 8890;
/** As the sample's stack file has it. */
const SIGNING_KEY = "PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63";
/** Put in place of the value that the run's own signing key has. */
export const SECRET_OF_STACK = "the stack's own signing key";
const KEY = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3";

const at = (type: string, name: string, props: (props: Props) => Props): Change => ({ type, name, props });
const group = (host: string, port: number, source: Props, to = port): Added => ({
  ...{ type: RULE, name: "opened" },
  props: { ipProtocol: "tcp", fromPort: port, toPort: to, ...source },
  from: { securityGroupId: [`SecurityGroup ${host}`] },
});
const V4 = { cidrIpv4: "0.0.0.0/0" };
const V6 = { cidrIpv6: "::/0" };
const firewall = (account: string, port: string, sourceRanges?: string[]): Added => ({
  ...{ type: FIREWALL, name: "opened" },
  props: {
    ...{
      direction: "INGRESS",
      allows: [{ protocol: "tcp", ports: [port] }],
      targetServiceAccounts: ["known later"],
    },
    ...(sourceRanges ? { sourceRanges } : {}),
  },
  from: { targetServiceAccounts: [`Account ${account}-account`], network: ["Network network-network"] },
});
const inbound = (host: string, portRange: string, sourceAddresses: string[]): Change =>
  at("Firewall", `${host}-firewall`, (props) => ({
    ...props,
    inboundRules: [...(props.inboundRules as Props[]), { protocol: "tcp", portRange, sourceAddresses }],
  }));
const document = (host: string, edit: (document: HostDocument) => HostDocument): Change =>
  at("Command", `${host}-document`, edited(edit));
/** The host's own rules with one more. */
const hostOpens = (host: string, port: number, from: FirewallRule["from"]): Change =>
  document(host, (doc) => {
    const { nftables } = JSON.parse(
      firewallFile([{ name: "opened", protocol: "tcp", port, from }]).content,
    ) as { nftables: unknown[] };
    const files = doc.files.map((file) => {
      if (file.path !== "/etc/nodewright/firewall.json") return file;
      const own = JSON.parse(file.content) as { nftables: unknown[] };
      return { ...file, content: JSON.stringify({ nftables: [...own.nftables, nftables.at(-1)] }) };
    });
    return { ...doc, files };
  });
const first = (value: unknown, more: Props): Props[] =>
  (value as Props[]).map((each, index) => (index === 0 ? { ...each, ...more } : each));
const ETCD = {
  ...{ name: "etcd.service", service: "etcd", content: "", onChange: "restart" as const },
  ...{ reads: [], runs: [], secrets: [] },
};
const runsEtcd = (host: string) => document(host, (doc) => ({ ...doc, units: [...doc.units, ETCD] }));

const reachable: Mutation[] = [
  {
    ...{ what: "a public address and an open port", sample: AWS, rule: "producer-reachable", at: "opened" },
    changes: [
      {
        ...at("Instance", "producer-machine", over({ associatePublicIpAddress: true })),
        from: { subnetId: ["Subnet network-public-eu-central-1a"] },
      },
    ],
    added: [group("producer", 9876, V4)],
  },
  {
    ...{
      what: "a public subnet and a port open over IPv6",
      sample: AWS,
      rule: "producer-reachable",
      at: "opened",
    },
    changes: [
      {
        type: "Instance",
        name: "producer-machine",
        from: { subnetId: ["Subnet network-public-eu-central-1a"] },
      },
    ],
    added: [group("producer", 9876, V6)],
  },
  {
    ...{
      what: "the internet in two halves",
      sample: DO,
      rule: "producer-reachable",
      at: "producer-firewall",
    },
    changes: [inbound("producer", "9876", ["0.0.0.0/1", "128.0.0.0/1"])],
  },
  {
    ...{ what: "one foreign network", sample: DO, rule: "producer-reachable", at: "producer-firewall" },
    changes: [inbound("producer", "8888", ["198.51.100.7/32"])],
  },
  {
    ...{ what: "over IPv6 alone", sample: DO, rule: "producer-reachable", at: "producer-firewall" },
    changes: [inbound("producer", "9876", ["::/0"])],
  },
  {
    ...{ what: "a balancer in front of it", sample: AWS, rule: "producer-reachable", at: "opened" },
    added: [
      {
        ...{ type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", name: "attached" },
        from: { targetGroupArn: ["TargetGroup read-targets"], targetId: ["Instance producer-machine"] },
      },
      group("producer", 80, V4, 65535),
    ],
    also: ["ship-exposed", "producer-api-exposed", "etcd-exposed", "agent-exposed", "monitoring-exposed"],
  },
  {
    what: "a balancer that ends TLS in front of it, let in by the stack's own network",
    ...{ sample: AWS, rule: "producer-reachable", at: "opened" },
    changes: [at("LoadBalancer", "read-balancer", over({ loadBalancerType: "application" }))],
    added: [
      {
        ...{ type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", name: "attached" },
        from: { targetGroupArn: ["TargetGroup read-targets"], targetId: ["Instance producer-machine"] },
      },
      group("producer", 80, { cidrIpv4: "10.80.0.0/16" }),
    ],
  },
  {
    ...{ what: "a peered network", sample: AWS, rule: "producer-reachable", at: "opened" },
    added: [
      {
        ...{ type: "aws:ec2/route:Route", name: "peer" },
        props: { destinationCidrBlock: "10.9.0.0/16", vpcPeeringConnectionId: "pcx-1" },
        from: { routeTableId: ["RouteTable network-private-eu-central-1a"] },
      },
      group("producer", 9876, { cidrIpv4: "10.9.4.0/24" }),
    ],
  },
  {
    ...{ what: "an access configuration and a rule", sample: GCP, rule: "producer-reachable", at: "opened" },
    changes: [
      at("Instance", "producer-machine", (props) => ({
        ...props,
        networkInterfaces: first(props.networkInterfaces, { accessConfigs: [{}] }),
      })),
    ],
    added: [firewall("validator", "9876", ["0.0.0.0/0"])],
  },
  {
    what: "Google's front ends before it, let in as probes are",
    ...{ sample: GCP, rule: "producer-reachable", at: "opened" },
    added: [
      {
        ...{ type: "gcp:compute/instanceGroup:InstanceGroup", name: "group" },
        props: { namedPorts: [{ name: "p2p", port: 9876 }] },
        from: { instances: ["Instance producer-machine"] },
      },
      {
        ...{ type: "gcp:compute/backendService:BackendService", name: "service" },
        ...{ props: { portName: "p2p" }, from: { backends: ["InstanceGroup group"] } },
      },
      {
        ...{ type: "gcp:compute/uRLMap:URLMap", name: "map" },
        from: { defaultService: ["BackendService service"] },
      },
      {
        ...{ type: "gcp:compute/targetHttpsProxy:TargetHttpsProxy", name: "proxy" },
        from: { urlMap: ["URLMap map"] },
      },
      {
        ...{ type: "gcp:compute/globalForwardingRule:GlobalForwardingRule", name: "rule" },
        ...{ props: { loadBalancingScheme: "EXTERNAL_MANAGED" } },
        from: { target: ["TargetHttpsProxy proxy"] },
      },
      firewall("validator", "9876", ["35.191.0.0/16"]),
    ],
  },
  {
    ...{
      what: "a peering and a rule for the whole of 10/8",
      sample: GCP,
      rule: "producer-reachable",
      at: "opened",
    },
    added: [
      {
        type: "gcp:compute/networkPeering:NetworkPeering",
        name: "office",
        from: { network: ["Network network-network"] },
      },
      firewall("validator", "9876", ["10.0.0.0/8"]),
    ],
  },
  {
    ...{
      what: "a port that Docker publishes everywhere",
      sample: DOCKER,
      rule: "producer-reachable",
      at: "producer-machine",
    },
    changes: [at("Container", "producer-machine", over({ ports: [{ internal: 9876, external: 9876 }] }))],
  },
  {
    ...{
      what: "its own firewall open, at a public address",
      sample: METAL,
      rule: "producer-reachable",
      at: "producer-document",
    },
    changes: [
      hostOpens("producer", 9876, "anyone"),
      at("Command", "producer-document", (props) => ({
        ...props,
        connection: { ...(props.connection as Props), host: "203.0.113.13" },
      })),
    ],
  },
  {
    ...{
      what: "no firewall, and its own gone",
      sample: DO,
      rule: "producer-reachable",
      at: "producer-document",
    },
    changes: [
      at("Firewall", "producer-firewall", over({ tags: ["another"] })),
      document("producer", (doc) => ({
        ...doc,
        files: doc.files.filter(({ path }) => path !== "/etc/nodewright/firewall.json"),
      })),
    ],
    also: [
      "firewall-missing",
      "ssh-exposed",
      "ship-exposed",
      "producer-api-exposed",
      "etcd-exposed",
      "agent-exposed",
      "monitoring-exposed",
    ],
  },
];

const LISTENERS = [
  ["ship-exposed", 8999],
  ["agent-exposed", 9400],
  ["ssh-exposed", 22],
] as const;
const exposed: Mutation[] = LISTENERS.flatMap(([rule, port]): Mutation[] => [
  {
    ...{ what: `${port} of a history`, sample: AWS, rule, at: "opened" },
    added: [group("history", port, V4)],
  },
  { ...{ what: `${port} over IPv6`, sample: AWS, rule, at: "opened" }, added: [group("history", port, V6)] },
  {
    ...{ what: `${port} within a range`, sample: AWS, rule, at: "opened" },
    added: [group("history", port - 1, { cidrIpv4: "198.51.100.0/24" }, port + 1)],
  },
  {
    ...{ what: `${port} for everyone at Google`, sample: GCP, rule, at: "opened" },
    added: [firewall("archive", `${port}`, ["0.0.0.0/0"])],
  },
  {
    ...{ what: `${port} by a rule without sources`, sample: GCP, rule, at: "opened" },
    added: [firewall("archive", `${port}`)],
  },
  {
    ...{ what: `${port} on a droplet`, sample: DO, rule, at: "history-firewall" },
    changes: [inbound("history", `${port}`, ["0.0.0.0/0", "::/0"])],
  },
  {
    ...{ what: `${port} by nftables`, sample: METAL, rule, at: "history-document" },
    changes: [hostOpens("history", port, "anyone")],
  },
  {
    ...{ what: `${port} by nftables of a cloud's host`, sample: AWS, rule, at: "history-document" },
    changes: [hostOpens("history", port, ["::/0"])],
  },
]);
const narrow: Mutation[] = [
  {
    ...{ what: "etcd's port", sample: AWS, rule: "etcd-exposed", at: "opened" },
    added: [group("relays-1", 2379, V4)],
  },
  {
    ...{ what: "etcd's peers, on metal", sample: METAL, rule: "etcd-exposed", at: "seed-1-document" },
    changes: [hostOpens("seed-1", 2380, "anyone")],
  },
  {
    ...{
      what: "the producer API, to the cluster",
      sample: METAL,
      rule: "producer-api-exposed",
      at: "rpc-1-document",
    },
    changes: [hostOpens("rpc-1", CONTROL, ["10.20.0.0/16"])],
  },
  {
    ...{ what: "metrics, to everyone", sample: AWS, rule: "monitoring-exposed", at: "opened" },
    added: [group("relays-1", 9100, V4)],
  },
  {
    ...{
      what: "SSH, to another office",
      sample: AWS,
      rule: "ssh-exposed",
      at: "relays-1-in-ssh-203.0.113.0-24",
    },
    changes: [
      at("SecurityGroupIngressRule", "relays-1-in-ssh-203.0.113.0-24", over({ cidrIpv4: "198.51.100.0/24" })),
    ],
  },
  {
    ...{ what: "SSH of a pool", sample: AWS, rule: "ssh-exposed", at: "opened" },
    added: [group("read", 22, V4)],
  },
  {
    ...{ what: "SSH by a prefix list", sample: AWS, rule: "ssh-exposed", at: "opened" },
    added: [group("relays-1", 22, { prefixListId: "pl-1" })],
  },
  {
    ...{ what: "SSH on Docker", sample: DOCKER, rule: "ssh-exposed", at: "seed-1-machine" },
    changes: [at("Container", "seed-1-machine", over({ ports: [{ internal: 22, external: 2222 }] }))],
  },
  {
    ...{ what: "a droplet of no firewall", sample: DO, rule: "firewall-missing", at: "history-machine" },
    changes: [at("Droplet", "history-machine", over({ tags: ["nodewright:eos-digitalocean"] }))],
  },
];

const kept: Mutation[] = [
  {
    ...{ what: "a data disk without encryption", sample: AWS, rule: "disk-unencrypted", at: "history-data" },
    changes: [at("Volume", "history-data", over({ encrypted: false }))],
  },
  {
    ...{
      what: "a data disk that says nothing of it",
      sample: AWS,
      rule: "disk-unencrypted",
      at: "history-data",
    },
    changes: [at("Volume", "history-data", ({ encrypted: _, ...rest }) => rest)],
  },
  {
    ...{ what: "a root device", sample: AWS, rule: "disk-unencrypted", at: "history-machine" },
    changes: [
      at("Instance", "history-machine", (props) => ({
        ...props,
        rootBlockDevice: { ...(props.rootBlockDevice as Props), encrypted: false },
      })),
    ],
  },
  {
    ...{ what: "no root device at all", sample: AWS, rule: "disk-unencrypted", at: "history-machine" },
    changes: [at("Instance", "history-machine", ({ rootBlockDevice: _, ...rest }) => rest)],
  },
  {
    ...{ what: "a disk of a pool", sample: AWS, rule: "disk-unencrypted", at: "read-template" },
    changes: [
      at("LaunchTemplate", "read-template", (props) => ({
        ...props,
        blockDeviceMappings: (props.blockDeviceMappings as Props[]).map((each) => ({
          ...each,
          ebs: { ...(each.ebs as Props), encrypted: "false" },
        })),
      })),
    ],
  },
  {
    ...{ what: "a volume at no machine", sample: AWS, rule: "disk-unencrypted", at: "spare" },
    added: [{ type: "aws:ebs/volume:Volume", name: "spare", props: { size: 10 } }],
  },
  {
    ...{ what: "a bucket's block taken back", sample: AWS, rule: "bucket-open", at: "mirror-bucket" },
    changes: [at("BucketPublicAccessBlock", "mirror-private", over({ blockPublicPolicy: false }))],
  },
  {
    ...{ what: "a public ACL", sample: AWS, rule: "bucket-open", at: "mirror-bucket" },
    changes: [at("Bucket", "mirror-bucket", over({ acl: "public-read" }))],
  },
  {
    ...{ what: "a policy for anyone", sample: AWS, rule: "bucket-open", at: "mirror-bucket" },
    changes: [
      at(
        "BucketPolicy",
        "mirror-readers",
        over({
          policy: JSON.stringify({
            Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:*" }],
          }),
        }),
      ),
    ],
  },
  {
    ...{ what: "allUsers on Google's", sample: GCP, rule: "bucket-open", at: "mirror-bucket" },
    changes: [at("BucketIAMMember", "rpc-reads-mirror", over({ member: "allUsers" }))],
  },
  {
    ...{ what: "prevention inherited", sample: GCP, rule: "bucket-open", at: "mirror-bucket" },
    changes: [at("Bucket", "mirror-bucket", over({ publicAccessPrevention: "inherited" }))],
  },
  {
    ...{ what: "a space for everyone", sample: DO, rule: "bucket-open", at: "mirror-bucket" },
    changes: [at("SpacesBucket", "mirror-bucket", over({ acl: "public-read" }))],
  },
  {
    ...{ what: "an algorithm that is none", sample: AWS, rule: "bucket-unencrypted", at: "mirror-bucket" },
    added: [
      {
        ...{
          type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
          name: "none",
        },
        props: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "none" } }] },
        from: { bucket: ["Bucket mirror-bucket"] },
      },
    ],
  },
  {
    ...{ what: "IMDSv1 on a host", sample: AWS, rule: "metadata-v1", at: "producer-machine" },
    changes: [at("Instance", "producer-machine", over({ metadataOptions: { httpTokens: "optional" } }))],
  },
  {
    ...{ what: "nothing said of it", sample: AWS, rule: "metadata-v1", at: "producer-machine" },
    changes: [at("Instance", "producer-machine", ({ metadataOptions: _, ...rest }) => rest)],
  },
  {
    ...{ what: "IMDSv1 in a pool", sample: AWS, rule: "metadata-v1", at: "read-template" },
    changes: [at("LaunchTemplate", "read-template", ({ metadataOptions: _, ...rest }) => rest)],
  },
];

const secret: Mutation[] = [
  {
    ...{ what: "in user data", sample: AWS, rule: "secret-in-plain", at: "producer-machine" },
    changes: [
      at("Instance", "producer-machine", (props) => ({
        ...props,
        userData: `${String(props.userData)}\n# ${KEY}`,
      })),
    ],
  },
  {
    ...{ what: "in a tag", sample: AWS, rule: "secret-in-plain", at: "watch-machine" },
    changes: [
      at("Instance", "watch-machine", (props) => ({
        ...props,
        tags: { ...(props.tags as Props), key: KEY },
      })),
    ],
  },
  {
    ...{ what: "in metadata", sample: GCP, rule: "secret-in-plain", at: "watch-machine" },
    changes: [
      at("Instance", "watch-machine", (props) => ({
        ...props,
        metadata: { ...(props.metadata as Props), token: "https://user:letmein99@example.org/" },
      })),
    ],
  },
  {
    ...{ what: "in a pool's template, in base64", sample: AWS, rule: "secret-in-plain", at: "read-template" },
    changes: [
      at(
        "LaunchTemplate",
        "read-template",
        over({
          userData: Buffer.from(`#cloud-config\n# AKIAIOSFODNN7EXAMPLE and some more`).toString("base64"),
        }),
      ),
    ],
  },
  {
    ...{ what: "in an environment", sample: DOCKER, rule: "secret-in-plain", at: "producer-machine" },
    changes: [at("Container", "producer-machine", over({ envs: ["container=docker", `KEY=${KEY}`] }))],
  },
  {
    ...{ what: "on a command line", sample: METAL, rule: "secret-in-plain", at: "rpc-1-secret-miner-key" },
    changes: [
      at("Command", "rpc-1-secret-miner-key", (props) => ({ ...props, create: `echo ${KEY} | sudo store` })),
    ],
  },
  {
    ...{ what: "in a host document", sample: DO, rule: "secret-in-plain", at: "history-document" },
    changes: [
      document("history", (doc) => ({
        ...doc,
        files: [...doc.files, { path: "/etc/key", mode: "0600", content: `-----BEGIN PRIVATE KEY-----\n` }],
      })),
    ],
  },
  {
    ...{
      what: "one of the stack's own, in triggers",
      sample: DO,
      rule: "secret-in-plain",
      at: "producer-document",
    },
    changes: [
      { ...at("Command", "producer-document", (props) => ({ ...props, triggers: [SECRET_OF_STACK] })) },
    ],
  },
];

const sized: Mutation[] = [
  {
    ...{ what: "a small machine", sample: AWS, rule: "machine-below-floor", at: "history-machine" },
    changes: [at("Instance", "history-machine", over({ instanceType: "m7i.large" }))],
  },
  {
    ...{ what: "a machine nobody knows", sample: AWS, rule: "machine-below-floor", at: "history-machine" },
    changes: [at("Instance", "history-machine", over({ instanceType: "t9.nano" }))],
  },
  {
    ...{ what: "a small machine of a pool", sample: GCP, rule: "machine-below-floor", at: "read-template" },
    changes: [at("InstanceTemplate", "read-template", over({ machineType: "n2-standard-2" }))],
  },
  {
    ...{ what: "a small droplet", sample: DO, rule: "machine-below-floor", at: "producer-machine" },
    changes: [at("Droplet", "producer-machine", over({ size: "g-2vcpu-8gb" }))],
  },
  {
    ...{
      what: "what EOS takes, on WAX",
      sample: "wax-aws",
      rule: "machine-below-floor",
      at: "relays-1-machine",
    },
    changes: [at("Instance", "relays-1-machine", over({ instanceType: "r6i.2xlarge" }))],
  },
  {
    ...{ what: "a small disk", sample: AWS, rule: "disk-below-floor", at: "relays-1-data" },
    changes: [at("Volume", "relays-1-data", over({ size: 500 }))],
  },
  {
    ...{ what: "a small disk at Google", sample: GCP, rule: "disk-below-floor", at: "relays-1-data" },
    changes: [at("Disk", "relays-1-data", over({ size: 500 }))],
  },
  {
    ...{ what: "a small volume", sample: DO, rule: "disk-below-floor", at: "seed-1-data" },
    changes: [at("Volume", "seed-1-data", over({ size: 500 }))],
  },
  {
    ...{ what: "a disk that turns", sample: AWS, rule: "disk-too-slow", at: "relays-1-data" },
    changes: [at("Volume", "relays-1-data", over({ type: "st1", iops: undefined, throughput: undefined }))],
  },
  {
    ...{ what: "a standard disk", sample: GCP, rule: "disk-too-slow", at: "relays-1-data" },
    changes: [at("Disk", "relays-1-data", over({ type: "pd-standard" }))],
  },
  {
    ...{ what: "data inside the machine", sample: AWS, rule: "data-disk-missing", at: "relays-1-machine" },
    changes: [{ type: "VolumeAttachment", name: "relays-1-data", from: { instanceId: [] } }],
  },
  {
    ...{ what: "no attached disk", sample: GCP, rule: "data-disk-missing", at: "relays-1-machine" },
    changes: [{ type: "Instance", name: "relays-1-machine", from: { attachedDisks: [] } }],
  },
  {
    ...{ what: "no volume", sample: DO, rule: "data-disk-missing", at: "seed-1-machine" },
    changes: [{ type: "VolumeAttachment", name: "seed-1-attachment", from: { volumeId: [] } }],
  },
  {
    ...{ what: "no volume in a container", sample: DOCKER, rule: "data-disk-missing", at: "seed-1-machine" },
    changes: [{ type: "Container", name: "seed-1-machine", from: { volumes: [] } }],
  },
  {
    ...{ what: "a disk that may go", sample: AWS, rule: "data-disk-unprotected", at: "relays-1-data" },
    changes: [{ type: "Volume", name: "relays-1-data", protect: false }],
  },
  {
    ...{
      what: "a disk at Google that may go",
      sample: GCP,
      rule: "data-disk-unprotected",
      at: "relays-1-data",
    },
    changes: [{ type: "Disk", name: "relays-1-data", protect: false }],
  },
  {
    ...{ what: "a volume that may go", sample: DO, rule: "data-disk-unprotected", at: "seed-1-data" },
    changes: [{ type: "Volume", name: "seed-1-data", protect: false }],
  },
  {
    ...{ what: "a machine that may go", sample: AWS, rule: "machine-unprotected", at: "producer-machine" },
    changes: [at("Instance", "producer-machine", over({ disableApiTermination: false }))],
  },
  {
    ...{
      what: "a machine at Google that may go",
      sample: GCP,
      rule: "machine-unprotected",
      at: "producer-machine",
    },
    changes: [at("Instance", "producer-machine", over({ deletionProtection: false }))],
  },
];

const planned: Mutation[] = [
  {
    ...{
      what: "both relays in one zone",
      sample: GCP,
      rule: "single-failure-domain",
      at: "relays-1-machine",
    },
    changes: [at("Instance", "relays-2-machine", over({ zone: "europe-west3-b" }))],
  },
  {
    ...{
      what: "both relays in one zone of AWS",
      sample: "wax-aws",
      rule: "single-failure-domain",
      at: "relays-1-machine",
    },
    changes: [
      {
        type: "Instance",
        name: "relays-2-machine",
        from: { subnetId: ["Subnet network-public-us-east-1a"] },
      },
    ],
  },
  {
    ...{ what: "etcd of two", sample: METAL, rule: "etcd-quorum", at: "rpc-1-document" },
    changes: [runsEtcd("seed-1"), runsEtcd("rpc-1")],
  },
  {
    ...{ what: "etcd of four", sample: METAL, rule: "etcd-quorum", at: "rpc-1-document" },
    changes: ["seed-1", "seed-2", "rpc-1", "rpc-2"].map(runsEtcd),
  },
  {
    ...{ what: "etcd of one", sample: AWS, rule: "etcd-quorum", at: "relays-1-document" },
    changes: [runsEtcd("relays-1")],
  },
  {
    ...{
      what: "one public key in two units",
      sample: METAL,
      rule: "signing-key-shared",
      at: "rpc-1-document",
    },
    changes: [
      document("rpc-1", (doc) => ({
        ...doc,
        units: [
          ...doc.units,
          {
            ...ETCD,
            name: "nodeos-2.service",
            service: "nodeos",
            content: `Environment="PUBLIC_KEY=${SIGNING_KEY}"`,
          },
        ],
      })),
    ],
  },
  {
    ...{ what: "an image by parameter", sample: AWS, rule: "image-unpinned", at: "history-machine" },
    changes: [at("Instance", "history-machine", over({ ami: "resolve:ssm:/aws/service/debian" }))],
  },
  {
    ...{ what: "latest", sample: DOCKER, rule: "image-unpinned", at: "seed-1-machine" },
    changes: [at("Container", "seed-1-machine", over({ image: "nodewright-host:latest" }))],
  },
  {
    ...{ what: "no tag", sample: DOCKER, rule: "image-unpinned", at: "seed-1-machine" },
    changes: [at("Container", "seed-1-machine", over({ image: "debian" }))],
  },
  {
    ...{ what: "a slug without a release", sample: DO, rule: "image-unpinned", at: "history-machine" },
    changes: [at("Droplet", "history-machine", over({ image: "debian-latest" }))],
  },
  {
    ...{
      what: "a family of its own without a release",
      sample: GCP,
      rule: "image-unpinned",
      at: "read-template",
    },
    changes: [
      at("InstanceTemplate", "read-template", (props) => ({
        ...props,
        disks: first(props.disks, { sourceImage: "acme-images/nodes" }),
      })),
    ],
  },
  {
    ...{
      what: "an artifact without its hash",
      sample: METAL,
      rule: "artifact-unpinned",
      at: "rpc-1-document",
    },
    changes: [
      document("rpc-1", (doc) => ({
        ...doc,
        artifacts: doc.artifacts.map((each, index) => (index === 0 ? { ...each, sha256: "" } : each)),
      })),
    ],
  },
  {
    ...{
      what: "a download that is run unseen",
      sample: AWS,
      rule: "artifact-unpinned",
      at: "history-machine",
    },
    changes: [
      at("Instance", "history-machine", (props) => ({
        ...props,
        userData: `${String(props.userData)}\n# curl -sSL https://get.example.org/install.sh | sudo bash`,
      })),
    ],
  },
  {
    ...{ what: "no monitor", sample: AWS, rule: "monitor-missing", at: "history-machine" },
    changes: [document("watch", (doc) => ({ ...doc, role: "spare" }))],
  },
  {
    ...{
      what: "names kept for a day",
      sample: AWS,
      rule: "dns-seed-range",
      at: "seed1.aws.nodes.example.org-a",
    },
    changes: [at("Record", "seed1.aws.nodes.example.org-a", over({ ttl: 86_400 }))],
  },
  {
    ...{ what: "names kept for half a day", sample: DO, rule: "dns-seed-range", at: "seed1-seed-1-a" },
    changes: [at("DnsRecord", "seed1-seed-1-a", over({ ttl: 43_200 }))],
  },
  {
    ...{
      what: "names asked all the time",
      sample: AWS,
      rule: "dns-seed-range",
      at: "seed1.aws.nodes.example.org-a",
    },
    changes: [at("Record", "seed1.aws.nodes.example.org-a", over({ ttl: 5 }))],
  },
  {
    ...{
      what: "names kept for a day at Google",
      sample: GCP,
      rule: "dns-seed-range",
      at: "public-names-seed1.gcp.nodes.example.org",
    },
    changes: [at("RecordSet", "public-names-seed1.gcp.nodes.example.org", over({ ttl: 86_400 }))],
  },
  {
    ...{ what: "no tags", sample: DOCKER, rule: "owner-missing", at: "watch-machine" },
    changes: [at("Container", "watch-machine", over({ labels: [] }))],
  },
  {
    ...{ what: "no labels", sample: GCP, rule: "owner-missing", at: "watch-machine" },
    changes: [
      at(
        "Instance",
        "watch-machine",
        over({ labels: { "nodewright-role": "monitor", "nodewright-host": "watch" } }),
      ),
    ],
  },
  {
    ...{ what: "a dearer machine", sample: AWS, rule: "cost-over-budget", at: "read-template" },
    changes: [at("LaunchTemplate", "read-template", over({ instanceType: "r6i.16xlarge" }))],
  },
  {
    ...{ what: "a larger disk", sample: AWS, rule: "cost-over-budget", at: "relays-1-machine" },
    changes: [at("Volume", "relays-1-data", over({ size: 160_000 }))],
  },
];

export const mutations: readonly Mutation[] = [
  ...reachable,
  ...exposed,
  ...narrow,
  ...kept,
  ...secret,
  ...sized,
  ...planned,
];
