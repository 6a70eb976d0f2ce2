import { Provider } from "@pulumi/digitalocean/provider";
import { SshKey } from "@pulumi/digitalocean/sshKey";
import type * as pulumi from "@pulumi/pulumi";
import { OPERATOR_KEY } from "../../../core/naming";
import { HostKey } from "../../../ssh/connection";
import { HostChanges } from "../../../ssh/host-changes";
import type { HostOutputs, Provisioner, Secrets } from "../../provisioner";
import { requireCredentials } from "../credentials";
import { NAME_SERVERS } from "../records";
import { type DigitalOceanStack, type DropletArgs, type PoolArgs, renderDigitalOcean } from "../render";
import { Host } from "./host";
import { Mirror } from "./mirror";
import { Names } from "./names";
import { Network } from "./network";
import { Pool } from "./pool";

/** What every machine needs of the rest of the stack. */
interface Ground {
  stack: DigitalOceanStack;
  vpc: pulumi.Input<string>;
  sshKeys: pulumi.Input<string>[];
  protect: boolean;
  secrets: Secrets;
  /** What a machine of that group must not be born without: its firewall, and what it fetches. */
  needs(group: string): pulumi.Resource[];
  provider: pulumi.ProviderResource;
}

/** Creates what a plan says in one region of DigitalOcean. The credentials come from the environment. */
export const provisionDigitalOcean: Provisioner = (plan, secrets, files) => {
  const stack = renderDigitalOcean(plan);
  requireCredentials(process.env, stack.mirror !== undefined);
  const provider = new Provider("digitalocean", {});
  const network = new Network("network", stack, { provider });
  const mirror = stack.mirror ? [new Mirror("mirror", { ...stack.mirror, files }, { provider })] : [];
  const ground: Ground = {
    stack,
    vpc: network.vpc,
    sshKeys: createKeys(stack, provider),
    protect: plan.protect,
    secrets,
    needs: (group) => [network.firewallOf(group), ...mirror],
    provider,
  };
  const made = stack.hosts.map((args) => createHost(args, ground));
  const pools = Object.fromEntries(stack.pools.map((args) => [args.pool.name, createPool(args, ground)]));
  const hosts = Object.fromEntries(made.map(({ name, host }) => [name, host]));
  if (stack.zone) new Names("names", { ...stack.zone, hosts, pools }, { provider });
  return {
    hosts: Object.fromEntries(made.map(({ name, outputs }) => [name, outputs])),
    balancers: Object.fromEntries(Object.entries(pools).map(([name, { address }]) => [name, address])),
    ...(stack.zone ? { nameServers: NAME_SERVERS } : {}),
  };
};

/** Fingerprints of the stack's keys, which the account takes once each. */
const createKeys = ({ keys, keysInAccount }: DigitalOceanStack, provider: pulumi.ProviderResource) =>
  keys.map(({ name, publicKey, fingerprint }) =>
    keysInAccount ? fingerprint : new SshKey(name, { name, publicKey }, { provider }).fingerprint,
  );

function createHost(args: DropletArgs, { stack, vpc, sshKeys, protect, secrets, needs, provider }: Ground) {
  const { host: plan, birth, volume, name, size, image, tags, reserved } = args;
  const dependsOn = needs(plan.group);
  const host = new Host(
    plan.name,
    {
      ...{ name, region: stack.region, size, image, vpc, sshKeys, tags, reserved, protect },
      userData: birth.userData,
      volumeName: volume.name,
      volumeSize: volume.size,
    },
    { provider, dependsOn },
  );
  const reach = { host: host.ownAddress, privateKey: secrets(OPERATOR_KEY) };
  const later = { parent: host, dependsOn: [host.attachment, ...dependsOn] };
  const key = new HostKey(plan.name, { ...reach, machine: host.machine }, later);
  const changes = new HostChanges(
    plan.name,
    { host: plan, birth, machine: host.machine, route: { ...reach, hostKey: key.value }, secrets },
    later,
  );
  const outputs: HostOutputs = {
    role: plan.role,
    machine: host.machine,
    addresses: { public: host.address, cluster: host.clusterAddress },
    ...changes.told,
  };
  return { name: plan.name, host, outputs };
}

const createPool = (args: PoolArgs, { stack, vpc, sshKeys, needs, provider }: Ground): Pool => {
  const { pool, name, size, image, tag, tags, userData } = args;
  return new Pool(
    pool.name,
    {
      ...{ name, region: stack.region, vpc, size, image, sshKeys, userData, tag, tags },
      min: pool.min,
      max: pool.max,
      servesPort: pool.serves.port,
      probesPort: pool.probes.port,
    },
    { provider, dependsOn: needs(pool.member.group) },
  );
};
