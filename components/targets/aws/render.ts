import { type Birth, emitBirth } from "../../../cloud-init/emit/user-data";
import { clusterName, machineName } from "../../core/naming";
import { plannedAddress } from "../../core/network/address-ref";
import { type DiskPlan, type HostPlan, machinesOf, type Plan, type PoolPlan } from "../../core/plan/plan";
import { HTTPS_PORT, IDLE_SECONDS } from "./balancer";
import type { AwsConfig } from "./config";
import { cloudRules, type IngressRule } from "./firewall";
import { bucketName, fittedName } from "./names";
import { type ZoneNetwork, zoneNetworks } from "./network";
import { natZones } from "./shared";

export { admits, cloudRules } from "./firewall";

/** Everything the engine creates, as plain data. */
export interface AwsStack {
  region: AwsConfig["region"];
  /** On everything. */
  tags: Record<string, string>;
  image: string | undefined;
  network: NetworkArgs;
  hosts: HostArgs[];
  pools: PoolArgs[];
  /** Absent where the operator keeps a mirror. */
  mirror?: MirrorArgs;
}

export interface NetworkArgs {
  name: string;
  ipv4: string;
  /** Zone of the hosts' names, known to the network alone: `<stack>.internal`. */
  domain: string;
  zones: (ZoneNetwork & { hasNat: boolean })[];
}

interface MachineArgs {
  name: string;
  machine: string;
  rules: IngressRule[];
  disk: Omit<DiskPlan, "device">;
  tags: Record<string, string>;
  birth: Birth;
}

export interface HostArgs extends MachineArgs {
  host: HostPlan;
  zone: string;
  isPublic: boolean;
  address: string;
}

export interface PoolArgs extends MachineArgs {
  pool: PoolPlan;
  /** Balancers and their targets: 32 letters, and a target group's port never changes under its name. */
  balancer: string;
  targets: string;
  /** Present where the balancer ends TLS. */
  https?: HttpsArgs;
}

export interface HttpsArgs {
  /** ARN. */
  certificate: string;
  /** What the world may reach, of the balancer itself. */
  rules: IngressRule[];
  /** Where machines of the pool are. */
  network: string;
  idleSeconds: number;
  firewall?: { requestsIn5Minutes: number };
}

export interface MirrorArgs {
  bucket: string;
  artifacts: string[];
  bundles: { sha256: string; json: string }[];
}

export function renderAws(plan: Plan): AwsStack {
  const config = plan.target.config as AwsConfig;
  const hosts = plan.hosts.map((host) => renderHost(plan, host));
  const pools = plan.pools.map((pool) => renderPool(plan, pool));
  const births = [...hosts, ...pools].map(({ birth }) => birth);
  return {
    region: config.region,
    tags: { ...config.tags, "nodewright:stack": plan.stack },
    image: config.image,
    network: renderNetwork(plan, config),
    hosts,
    pools,
    ...(config.mirror === undefined
      ? { mirror: { bucket: bucketName(config, plan.stack), ...storedBy(plan, births) } }
      : {}),
  };
}

function renderNetwork(plan: Plan, config: AwsConfig): NetworkArgs {
  const withNat = natZones(config, plan);
  return {
    name: plan.stack,
    ipv4: config.network,
    // What stands behind each host's label.
    domain: clusterName(plan.stack, "").slice(1),
    zones: zoneNetworks(config).map((zone) => ({ ...zone, hasNat: withNat.includes(zone.zone) })),
  };
}

/** Objects of the mirror, each once: what machines install, and the documents that user data has no room for. */
function storedBy(plan: Plan, births: readonly Birth[]) {
  const artifacts = machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256));
  const bundles = births
    .filter(({ byHash }) => byHash)
    .map(({ bundle: { sha256, json } }) => ({ sha256, json }));
  return {
    artifacts: [...new Set(artifacts)],
    bundles: [...new Map(bundles.map((bundle) => [bundle.sha256, bundle])).values()],
  };
}

function renderMachine(plan: Plan, host: HostPlan): MachineArgs {
  const name = machineName(plan.stack, host.name);
  if (!host.disk) throw new Error(`${host.name} has no data disk in the plan`);
  const { device: _, ...disk } = host.disk;
  return {
    name,
    machine: host.machine,
    rules: cloudRules(host),
    disk,
    tags: { Name: name, "nodewright:host": host.name, "nodewright:role": host.role },
    birth: emitBirth(plan, host),
  };
}

function renderHost(plan: Plan, host: HostPlan): HostArgs {
  const address = plannedAddress(host.addresses.cluster)?.ipv4;
  if (address === undefined || host.zone === undefined)
    throw new Error(`${host.name} has no zone or no address in the plan`);
  const isPublic = host.addresses.public !== "none";
  return { ...renderMachine(plan, host), host, zone: host.zone, isPublic, address };
}

function renderPool(plan: Plan, pool: PoolPlan): PoolArgs {
  const https = renderHttps(plan.target.config as AwsConfig);
  // A balancer of the other kind is made before the old one goes, and two of a name cannot be.
  const kind = https ? ["https"] : [];
  return {
    ...renderMachine(plan, pool.member),
    pool,
    balancer: fittedName([plan.stack, pool.name, ...kind], 32),
    targets: fittedName([plan.stack, pool.name, ...kind, String(pool.serves.port)], 32),
    ...(https ? { https } : {}),
  };
}

function renderHttps(config: AwsConfig): HttpsArgs | undefined {
  if (!config.balancer) return undefined;
  const { certificate, firewall } = config.balancer;
  const open = (name: string, port: number) => ({ name, protocol: "tcp", port, from: "anyone" }) as const;
  return {
    certificate,
    rules: cloudRules({ firewall: [open("https", HTTPS_PORT), open("redirect", 80)] }),
    network: config.network,
    idleSeconds: IDLE_SECONDS,
    ...(firewall ? { firewall } : {}),
  };
}
