import * as route53 from "@pulumi/aws/route53";
import * as ssm from "@pulumi/aws/ssm";
import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../../core/plan/plan";
import type { Provisioned, Provisioner } from "../../provisioner";
import type { AwsConfig } from "../config";
import { type AwsStack, renderAws } from "../render";
import { Access } from "./access";
import { connectHosts } from "./connect";
import { Host } from "./host";
import { Mirror } from "./mirror";
import { Names } from "./names";
import { Network } from "./network";
import { Pool } from "./pool";
import { awsProvider } from "./provider";

/** Debian says which image of a release is its newest (wiki.debian.org/Cloud/AmazonEC2Image). */
const NEWEST_IMAGE = "/aws/service/debian/release/12/latest/amd64";

/** What all machines of a stack stand in. */
interface Ground {
  stack: AwsStack;
  network: Network;
  access: Access;
  image: pulumi.Input<string>;
  protect: boolean;
  opts: pulumi.ComponentResourceOptions;
}

/** Creates what a plan says on AWS. Throws a `UserError` without credentials. */
export const provisionAws: Provisioner = (plan, secrets, files) => {
  const stack = renderAws(plan);
  const provider = awsProvider(stack.region, stack.tags);
  const network = new Network("network", { ...stack.network, region: stack.region }, { provider });
  const access = new Access("access", { vpcId: network.vpc }, { provider });
  const mirror = stack.mirror
    ? [new Mirror("mirror", { ...stack.mirror, endpoint: network.s3, files }, { provider })]
    : [];
  const image = stack.image ?? ssm.getParameterOutput({ name: NEWEST_IMAGE }, { provider }).insecureValue;
  // A machine's first boot asks for what it installs: the mirror and the way out must be there.
  const opts = { provider, dependsOn: [network, ...mirror] };
  const ground: Ground = { stack, network, access, image, protect: plan.protect, opts };
  const hosts = createHosts(ground);
  const pools = createPools(ground);
  for (const { host } of stack.hosts) nameInCluster(host.name, host.clusterName, ground, hosts[host.name]);
  const connected = connectHosts(stack.hosts, hosts, secrets);
  const names = createNames(plan, hosts, pools, { provider });
  return {
    hosts: Object.fromEntries(
      stack.hosts.map(({ host }) => [
        host.name,
        outputsOf(host.role, hosts[host.name], connected[host.name]),
      ]),
    ),
    balancers: Object.fromEntries(Object.entries(pools).map(([name, { address }]) => [name, address])),
    ...(names?.nameServers ? { nameServers: names.nameServers } : {}),
  };
};

const at = (subnets: Record<string, pulumi.Output<string>>, zone: string): pulumi.Output<string> => {
  const subnet = subnets[zone];
  if (!subnet) throw new Error(`no subnet in ${zone}`);
  return subnet;
};

function createHosts({ stack, network, access, image, protect, opts }: Ground): Record<string, Host> {
  return Object.fromEntries(
    stack.hosts.map((args) => {
      const { host, machine, zone, address, isPublic, rules, birth, disk, tags } = args;
      const subnet = at(network.subnets[isPublic ? "public" : "private"], zone);
      const { vpc } = network;
      const { profile, group } = access;
      const where = { machine, image, vpc, subnet, zone, address, isPublic };
      const what = { rules, groups: [group], profile, userData: birth.userData, disk, protect, tags };
      return [host.name, new Host(host.name, { ...where, ...what }, opts)];
    }),
  );
}

function createPools({ stack, network, access, image, opts }: Ground): Record<string, Pool> {
  const each = (side: "public" | "private") =>
    stack.network.zones.map(({ zone }) => at(network.subnets[side], zone));
  return Object.fromEntries(
    stack.pools.map(({ pool, machine, rules, disk, birth, tags, balancer, targets, https }) => {
      const { name, min, max, serves, probes } = pool;
      const args = {
        ...{ min, max, machine, image, keepImage: stack.image === undefined, rules, disk, tags },
        ...{ vpc: network.vpc, subnets: each("private"), publicSubnets: each("public") },
        ...{ groups: [access.group], profile: access.profile, userData: birth.userData },
        ...{ serves: serves.port, probes: probes.port, names: { balancer, targets }, https },
      };
      return [name, new Pool(name, args, opts)];
    }),
  );
}

function nameInCluster(host: string, name: string, { network }: Ground, made: Host | undefined): void {
  if (!made) return;
  const record = { zoneId: network.names, name, type: "A", ttl: 60, records: [made.privateIp] };
  new route53.Record(`${host}-cluster-name`, record, { parent: made });
}

function createNames(
  plan: Plan,
  hosts: Record<string, Host>,
  pools: Record<string, Pool>,
  opts: pulumi.ComponentResourceOptions,
): Names | undefined {
  const { zone } = plan.target.config as AwsConfig;
  return plan.names ? new Names("names", { plan: plan.names, zone, hosts, pools }, opts) : undefined;
}

function outputsOf(
  role: string,
  host: Host | undefined,
  connected: ReturnType<typeof connectHosts>[string] | undefined,
): Provisioned["hosts"][string] {
  if (!host || !connected) throw new Error("a host of the plan was not made");
  const { id, privateIp, publicIp } = host;
  return {
    role,
    machine: id,
    addresses: { ...(publicIp ? { public: publicIp } : {}), cluster: privateIp },
    ...connected.told,
  };
}
