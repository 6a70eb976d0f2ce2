import { createHash } from "node:crypto";
import { type Birth, emitBirth } from "../../../cloud-init/emit/user-data";
import { dataName, machineName, networkName } from "../../core/naming";
import { type HostPlan, machinesOf, type Plan, type PoolPlan } from "../../core/plan/plan";
import { cloudRules, type InboundRule } from "./cloud-rules";
import { type DigitalOceanConfig, spacesRegion } from "./config";
import { bucketName, groupTag, stackTag } from "./names";
import { type RecordArgs, renderRecords } from "./records";

/** Everything the engine creates, as plain data. */
export interface DigitalOceanStack {
  region: string;
  network: { name: string; range: string; existing?: string };
  tags: { stack: string; groups: string[] };
  firewalls: FirewallArgs[];
  keys: KeyArgs[];
  /** Whether they are there already. */
  keysInAccount: boolean;
  hosts: DropletArgs[];
  pools: PoolArgs[];
  zone?: { domain: string; existing: boolean; ttl: number; records: RecordArgs[] };
  /** Absent where the operator has a mirror of their own. */
  mirror?: { bucket: string; region: string; artifacts: string[]; bundles: Birth["bundle"][] };
}

export interface KeyArgs {
  name: string;
  publicKey: string;
  /** By which DigitalOcean knows it. */
  fingerprint: string;
}

export interface FirewallArgs {
  group: string;
  name: string;
  tag: string;
  inbound: InboundRule[];
}

export interface DropletArgs {
  host: HostPlan;
  name: string;
  size: string;
  image: string;
  tags: string[];
  volume: { name: string; size: number };
  /** Whether it keeps its public address when it is replaced. */
  reserved: boolean;
  birth: Birth;
}

export interface PoolArgs {
  pool: PoolPlan;
  name: string;
  size: string;
  image: string;
  tag: string;
  tags: string[];
  userData: string;
}

export function renderDigitalOcean(plan: Plan): DigitalOceanStack {
  const config = plan.target.config as DigitalOceanConfig;
  const groups = [...new Set(machinesOf(plan).map(({ group }) => group))];
  const hosts = plan.hosts.map((host) => renderHost(plan, config, host));
  const pools = plan.pools.map((pool) => renderPool(plan, config, pool));
  const zone = plan.names && renderRecords(plan, plan.names, config.zone);
  return {
    region: config.region,
    network: {
      name: networkName(plan.stack, "cluster"),
      range: config.network,
      ...(config.vpc === undefined ? {} : { existing: config.vpc }),
    },
    tags: { stack: stackTag(plan.stack), groups: groups.map((group) => groupTag(plan.stack, group)) },
    firewalls: groups.map((group) => renderFirewall(plan, group)),
    keys: plan.sshKeys.map((key) => renderKey(plan, key)),
    keysInAccount: config.keysInAccount,
    hosts,
    pools,
    ...(zone ? { zone } : {}),
    ...(config.mirror === undefined ? { mirror: renderMirror(plan, config, hosts) } : {}),
  };
}

/** Named by the key itself, so that no other key moves when one leaves the list. */
function renderKey({ stack }: Plan, publicKey: string): KeyArgs {
  const [, body = ""] = publicKey.trim().split(/\s+/);
  // MD5 names a key here and secures nothing (API reference, SSH keys).
  const digest = createHash("md5").update(Buffer.from(body, "base64")).digest("hex");
  const fingerprint = digest.match(/../g)?.join(":") ?? "";
  return { name: `${stack}-${digest.slice(0, 8)}`, publicKey, fingerprint };
}

/** Whether the world knows the host: by a name, or by a port that anyone may reach. */
export const isReserved = ({ names }: Pick<Plan, "names">, { name, listeners }: HostPlan): boolean =>
  names?.records.some(({ hosts }) => hosts.includes(name)) === true ||
  listeners.some(({ exposure }) => exposure === "public");

/** Hosts of one group are of one role with one configuration, so they have the same rules. */
function renderFirewall(plan: Plan, group: string): FirewallArgs {
  const member = machinesOf(plan).find((host) => host.group === group);
  return {
    group,
    name: machineName(plan.stack, group),
    tag: groupTag(plan.stack, group),
    inbound: cloudRules({ firewall: member?.firewall ?? [] }),
  };
}

const tagsOf = ({ stack }: Plan, { tags }: DigitalOceanConfig, { group }: HostPlan): string[] => [
  stackTag(stack),
  groupTag(stack, group),
  ...tags,
];

function renderHost(plan: Plan, config: DigitalOceanConfig, host: HostPlan): DropletArgs {
  if (!host.disk) throw new Error(`${host.name} has no disk in the plan`);
  return {
    host,
    name: machineName(plan.stack, host.name),
    size: host.machine,
    image: config.image,
    tags: tagsOf(plan, config, host),
    volume: { name: dataName(plan.stack, host.name), size: host.disk.size },
    reserved: isReserved(plan, host),
    birth: emitBirth(plan, host),
  };
}

const renderPool = (plan: Plan, config: DigitalOceanConfig, pool: PoolPlan): PoolArgs => ({
  pool,
  name: machineName(plan.stack, pool.name),
  size: pool.member.machine,
  image: config.image,
  tag: groupTag(plan.stack, pool.member.group),
  tags: tagsOf(plan, config, pool.member),
  userData: emitBirth(plan, pool.member).userData,
});

function renderMirror(plan: Plan, config: DigitalOceanConfig, hosts: readonly DropletArgs[]) {
  const births = [
    ...hosts.map(({ birth }) => birth),
    ...plan.pools.map(({ member }) => emitBirth(plan, member)),
  ];
  return {
    bucket: bucketName(config, plan.stack),
    region: spacesRegion(config),
    artifacts: [...new Set(machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256)))],
    bundles: births.filter(({ byHash }) => byHash).map(({ bundle }) => bundle),
  };
}
