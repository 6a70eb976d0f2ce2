import { type Birth, emitBirth } from "../../../cloud-init/emit/user-data";
import { dataName, machineName, networkName } from "../../core/naming";
import { plannedAddress } from "../../core/network/address-ref";
import { type DiskPlan, type HostPlan, machinesOf, type Plan, type PoolPlan } from "../../core/plan/plan";
import { planAccounts } from "./accounts";
import { CATALOG } from "./catalog";
import type { CloudRule } from "./cloud-rules";
import type { GcpConfig } from "./config";
import { type HttpsArgs, renderHttps } from "./https";
import { accountId, bucketName, ruleName, shortened } from "./names";
import { bootDisk, needsNat } from "./place";
import { subnetsOf } from "./subnets";

export { admits, cloudRules } from "./cloud-rules";

/** Everything the engine creates, as plain data. */
export interface GcpStack {
  project: string;
  region: string;
  labels: Labels;
  network: { name: string; hosts: string; pools: string | undefined; nat: boolean };
  /** Absent where the operator has a mirror of their own. */
  mirror: { name: string; location: string; files: string[]; bundles: Birth["bundle"][] } | undefined;
  accounts: AccountArgs[];
  hosts: MachineArgs[];
  pools: GroupArgs[];
  zones: ZoneArgs[];
}

export type Labels = Record<string, string>;

export interface AccountArgs {
  key: string;
  accountId: string;
  description: string;
  rules: (CloudRule & { fullName: string })[];
}

/** What hosts and members of pools have in common. */
interface Machine {
  name: string;
  /** Key of its service account. */
  account: string;
  machineType: string;
  image: string;
  isBareMetal: boolean;
  labels: Labels;
  birth: Birth;
}

export interface MachineArgs extends Machine {
  host: HostPlan;
  zone: string;
  address: string;
  isPublic: boolean;
  boot: { type: string; size: number };
  data: DiskPlan & { name: string };
}

export interface GroupArgs extends Machine {
  pool: PoolPlan;
  zones: string[];
  disk: DiskPlan;
  /** Present where the balancer ends TLS. */
  https?: HttpsArgs;
}

/** A zone of names; `existing` is one that is there already, `isPrivate` one that the hosts alone can ask. */
export interface ZoneArgs {
  key: "cluster" | "public";
  name: string;
  domain: string;
  isPrivate: boolean;
  existing: string | undefined;
  ttl: number;
  records: RecordArgs[];
}

export interface RecordArgs {
  name: string;
  /** Each an address that the plan fixes, or the public one of a host or of a pool's balancer. */
  answers: (string | { host: string } | { pool: string })[];
}

/** Seconds that a host keeps the answer for a name of the cluster. Addresses there never change. */
const CLUSTER_TTL = 300;

export function renderGcp(plan: Plan): GcpStack {
  const config = plan.target.config as GcpConfig;
  const labels = { ...config.labels, "nodewright-stack": plan.stack };
  const subnets = subnetsOf(config.network);
  const accounts = planAccounts(plan);
  const keys = new Map(accounts.flatMap(({ key, machines }) => machines.map((name) => [name, key] as const)));
  const accountOf = (name: string) => keys.get(name) ?? "";
  const hosts = plan.hosts.map((host) => renderHost(plan, host, accountOf(host.name), labels));
  const pools = plan.pools.map((pool) => renderPool(plan, pool, accountOf(pool.name), labels));
  return {
    project: config.project,
    region: config.region,
    labels,
    network: {
      name: networkName(plan.stack, "cluster"),
      hosts: subnets.hosts,
      pools: pools.length > 0 ? subnets.pools : undefined,
      nat: needsNat(plan),
    },
    mirror: renderMirror(plan, config, [...hosts, ...pools]),
    accounts: accounts.map(({ key, role, rules }) => ({
      key,
      accountId: accountId(plan.stack, key),
      description: `${role} hosts of ${plan.stack}`,
      rules: rules.map((rule) => ({ ...rule, fullName: ruleName(plan.stack, key, rule.name) })),
    })),
    hosts,
    pools,
    zones: renderZones(plan, config),
  };
}

function renderMachine(plan: Plan, host: HostPlan, account: string, labels: Labels): Machine {
  const { image } = plan.target.config as GcpConfig;
  return {
    name: machineName(plan.stack, host.name),
    account,
    machineType: host.machine,
    image,
    isBareMetal: typeOf(host)?.bareMetal ?? false,
    labels: { ...labels, "nodewright-host": host.name, "nodewright-role": host.role },
    birth: emitBirth(plan, host),
  };
}

function renderHost(plan: Plan, host: HostPlan, account: string, labels: Labels): MachineArgs {
  const address = plannedAddress(host.addresses.cluster)?.ipv4;
  if (host.zone === undefined || host.disk === undefined || address === undefined)
    throw new Error(`${host.name} has no zone, disk or address: it was not placed by this target`);
  return {
    ...renderMachine(plan, host, account, labels),
    host,
    zone: host.zone,
    address,
    isPublic: host.addresses.public !== "none",
    boot: bootDisk(typeOf(host) ?? {}),
    data: { ...host.disk, name: dataName(plan.stack, host.name) },
  };
}

function renderPool(plan: Plan, pool: PoolPlan, account: string, labels: Labels): GroupArgs {
  const { region, zones } = plan.target.config as GcpConfig;
  if (pool.member.disk === undefined)
    throw new Error(`${pool.name} has no disk: it was not placed by this target`);
  const machine = renderMachine(plan, pool.member, account, labels);
  const https = renderHttps(plan, pool, machine.name);
  return {
    ...machine,
    pool,
    zones: zones.map((zone) => `${region}-${zone}`),
    disk: pool.member.disk,
    ...(https ? { https } : {}),
  };
}

const typeOf = ({ machine }: HostPlan) => CATALOG.machines.find(({ name }) => name === machine);

/** Every artifact once, however many hosts install it. */
function renderMirror(plan: Plan, config: GcpConfig, machines: readonly Machine[]): GcpStack["mirror"] {
  if (config.mirror !== undefined) return undefined;
  const releases = machinesOf(plan).flatMap((host) => host.releases);
  const bundles = machines.filter(({ birth }) => birth.byHash).map(({ birth }) => birth.bundle);
  return {
    name: bucketName(config, plan.stack),
    location: config.region,
    files: [...new Set(releases.map(({ sha256 }) => sha256))],
    bundles: [...new Map(bundles.map((bundle) => [bundle.sha256, bundle])).values()],
  };
}

function renderZones(plan: Plan, { dnsZone }: GcpConfig): ZoneArgs[] {
  const { stack, names, hosts } = plan;
  const cluster: ZoneArgs = {
    key: "cluster",
    name: shortened(`${stack}-cluster`),
    domain: `${stack}.internal`,
    isPrivate: true,
    existing: undefined,
    ttl: CLUSTER_TTL,
    records: hosts.flatMap(({ clusterName, addresses }) => {
      const address = plannedAddress(addresses.cluster)?.ipv4;
      return address === undefined ? [] : [{ name: clusterName, answers: [address] }];
    }),
  };
  if (!names) return [cluster];
  const reachable = new Set(
    hosts.filter(({ addresses }) => addresses.public !== "none").map(({ name }) => name),
  );
  const records = names.records.map(({ name, hosts: them, pool }) => ({
    name,
    answers: [
      ...them.filter((host) => reachable.has(host)).map((host) => ({ host })),
      ...(pool === undefined ? [] : [{ pool }]),
    ],
  }));
  return [
    cluster,
    {
      key: "public",
      name: shortened(`${stack}-public`),
      domain: names.domain,
      isPrivate: false,
      existing: dnsZone,
      ttl: names.ttl,
      records: records.filter(({ answers }) => answers.length > 0),
    },
  ];
}
