import type { Target } from "../../targets/target";
import type { Finding } from "../config/finding";
import { named, type Registry } from "../config/registry";
import type { StackConfig } from "../config/schema";
import { planFailover } from "../failover/plan";
import { networkOf } from "../networks/choice";
import { withGenesis } from "../networks/evm-gaps";
import type { ChainNetwork } from "../networks/network";
import { releaseOf } from "../releases";
import { chooseServices } from "./choose-services";
import { planCost } from "./cost";
import { planNames } from "./dns";
import { type PlacedHost, placeHosts } from "./place-hosts";
import {
  CHAIN,
  type Endpoint,
  type HostPlan,
  machinesOf,
  type Plan,
  type PlanInput,
  type PoolPlan,
  type StandIn,
} from "./plan";
import { planHost, type Surroundings } from "./plan-host";

export { KEY_TO_COME } from "./plan-host";

/**
 * Fixes everything a stack shall be. Pure: the same input gives the same plan, on any machine. Hosts for which the
 * target has no place are left out, each with a finding.
 */
export function buildPlan(
  { stack, config, releases, relays = {}, evmBegin }: PlanInput,
  registry: Registry,
): { plan: Plan; findings: Finding[] } {
  const target = named(registry.targets, config.target.name);
  const network = chain(begun(networkOf(config.network, registry.networks), config, evmBegin), config);
  const { placed, findings } = placeHosts(stack, config, network, registry);
  const names = planNames(
    config,
    placed.map(({ name, role, size, place }) => ({
      name,
      role: role.name,
      isPool: size !== undefined,
      address: place.addresses.public,
    })),
    target.traits.names,
  );
  const failover = planFailover(placed, !target.traits.floors);
  const known = { config, network, registry, hosts: placed, names, failover };
  const around: Surroundings = {
    ...known,
    stack,
    releases,
    chosen: chooseServices(known),
    relays: config.peersOf.flatMap((each) => relays[each] ?? []),
  };
  const hosts = placed.filter(({ size }) => !size).map((host) => planHost(host, around));
  const pools = placed.flatMap((host) => planPool(host, around));
  const made = { hosts, pools, ...(names ? { names } : {}) };
  const cost = planCost(target, config.target.config, made);
  const plan: Plan = {
    stack,
    network,
    target: planTarget(target, config.target.config),
    mirror: target.mirror(config.target.config, stack),
    ...(config.packageMirror ? { packageMirror: config.packageMirror } : {}),
    sshKeys: config.sshKeys,
    protect: config.protect,
    ...made,
    ...(failover ? { failover } : {}),
    ...planChain(config, network),
    ...(cost ? { cost } : {}),
    endpoints: hosts.flatMap((host) => endpointsOf(host, config, registry)),
    standIns: [...machinesOf(made).flatMap(standInsOf), ...standInContracts(config)],
    ...(config.acceptStandIns === undefined ? {} : { acceptStandIns: config.acceptStandIns }),
  };
  return { plan, findings };
}

function planTarget(target: Target, config: unknown): Plan["target"] {
  const { name, summary, traits } = target;
  const balancer = target.balancer?.(config);
  return { name, summary, where: target.where(config), config, traits, ...(balancer ? { balancer } : {}) };
}

/** A pool's balancer serves the listener that the world may reach, and asks the one that tells health. */
function planPool(host: PlacedHost, around: Surroundings): PoolPlan[] {
  if (!host.size) return [];
  const member = planHost(host, around);
  const serves = member.listeners.find(({ exposure }) => exposure === "public");
  const probes = member.listeners.find(({ probed }) => probed);
  // Without the EVM chain that it serves there is no pool: a check says what the network lacks.
  if (!serves && !around.network.evm) return [];
  if (!serves || !probes)
    throw new Error(`${host.role.name} scales, but has nothing public, or nothing to probe`);
  return [{ name: host.name, ...host.size, member, serves, probes }];
}

/** The section, for the network's chain and no other. */
function planChain({ chain }: StackConfig, { native, birth }: ChainNetwork): Pick<Plan, "chain"> {
  if (!chain) return {};
  const chainId = chain.chainId ?? native.chainId;
  const section = { ...chain, ...(chainId === undefined ? {} : { chainId }) };
  return { chain: { section, isBorn: birth !== undefined } };
}

/** Contracts that take the place of the real ones, by the account that runs them. */
const standInContracts = ({ chain }: StackConfig): StandIn[] =>
  Object.entries(chain?.accounts ?? {}).flatMap(([account, { contract }]) =>
    contract?.standIn === undefined
      ? []
      : [{ host: CHAIN, service: account, release: contract.wasm, reason: contract.standIn }],
  );

/** The chain, with the EVM that the stack itself begins on it. */
function begun(network: ChainNetwork, { chain }: StackConfig, found: PlanInput["evmBegin"]): ChainNetwork {
  return chain?.evm ? withGenesis(network, found ?? chain.evm.genesis) : network;
}

/** The chain, with the accounts that this stack's genesis adds. */
function chain(network: ChainNetwork, { evm }: StackConfig): ChainNetwork {
  if (!network.evm) return network;
  const given = Object.entries(evm.alloc).map(([account, wei]) => [
    account,
    { balance: `0x${BigInt(wei).toString(16)}` },
  ]);
  const { alloc } = network.evm.genesis;
  const genesis = { ...network.evm.genesis, alloc: { ...(alloc as object), ...Object.fromEntries(given) } };
  return { ...network, evm: { ...network.evm, genesis } };
}

function endpointsOf(host: HostPlan, config: StackConfig, registry: Registry): Endpoint[] {
  const target = named(registry.targets, config.target.name);
  return host.services.flatMap((service) =>
    service.listeners.flatMap(({ name, exposure }) => {
      const url = exposure === "loopback" ? undefined : target.endpoint(config.target.config, host, name);
      return url === undefined ? [] : [{ name: service.service, host: host.name, listener: name, url }];
    }),
  );
}

const standInsOf = (host: HostPlan): StandIn[] =>
  host.services.flatMap(({ unit, programs }) =>
    programs.flatMap((program) => {
      const release = releaseOf(host.releases, program);
      return release?.standIn === undefined
        ? []
        : [{ host: host.name, service: unit, release: release.name, reason: release.standIn }];
    }),
  );
