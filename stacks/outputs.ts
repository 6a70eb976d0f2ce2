import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import { UserError } from "../components/core/config/finding";
import type { ChainNetwork } from "../components/core/networks/network";
import {
  type Endpoint,
  type HostPlan,
  machinesOf,
  type Plan,
  type StandIn,
} from "../components/core/plan/plan";
import type { HostOutputs, Provisioned } from "../components/targets/provisioner";

/** What a stack tells other stacks and its operator. Nothing secret. */
export interface StackOutputs {
  /** Shape of these outputs, for stacks that read them. */
  schema: 1;
  network: string;
  /** Of the native chain, which two networks may share; absent where it is not known before it is born. */
  nativeChainId: string | undefined;
  /** Of the EVM chain; absent where there is none. */
  chainId: number | undefined;
  hosts: Record<string, HostOutputs>;
  balancers: Record<string, Input<string>>;
  /** Public p2p endpoints, `name:port`: by the stack's own seed names where it has a domain, else by address. */
  relays: Input<string>[];
  /** Every public name of the stack. */
  names: string[];
  /** Name servers to delegate the stack's domain to. */
  nameServers: Input<string[]>;
  endpoints: Endpoint[];
  standIns: StandIn[];
  /** Hosts and pools that have less than their role's floor, and why. */
  belowFloor: Record<string, string>;
  /** USD a month at list prices. */
  monthlyCost: number | undefined;
}

export function stackOutputs(plan: Plan, { hosts, balancers, nameServers }: Provisioned): StackOutputs {
  return {
    schema: 1,
    network: plan.network.name,
    nativeChainId: plan.network.native.chainId,
    chainId: plan.network.evm?.chainId,
    hosts,
    balancers: balancers ?? {},
    relays: relaysOf(plan, hosts),
    names: plan.names?.records.map(({ name }) => name) ?? [],
    nameServers: nameServers ?? plan.names?.servers.map(({ name }) => name) ?? [],
    endpoints: plan.endpoints,
    standIns: plan.standIns,
    belowFloor: Object.fromEntries(
      machinesOf(plan).flatMap(({ name, belowFloor }) =>
        belowFloor === undefined ? [] : [[name, belowFloor]],
      ),
    ),
    monthlyCost: plan.cost?.total,
  };
}

const p2pPort = ({ listeners }: HostPlan): number | undefined =>
  listeners.find(({ name, exposure }) => name === "p2p" && exposure === "public")?.port;

/** One for each relay. A name is good for ever, an address until the host is replaced. */
function relaysOf({ hosts, names }: Plan, outputs: Record<string, HostOutputs>): Input<string>[] {
  return hosts.flatMap((host) => {
    const port = p2pPort(host);
    if (port === undefined || host.role !== "seed") return [];
    const name = names?.records.find((record) => record.hosts[0] === host.name)?.name;
    const address = outputs[host.name]?.addresses.public;
    if (name !== undefined) return [`${name}:${port}`];
    return address === undefined ? [] : [withPort(address, port)];
  });
}

const withPort = (address: Input<string>, port: number): Input<string> =>
  typeof address === "string" ? `${address}:${port}` : joined(address, port);

const joined = (address: Exclude<Input<string>, string>, port: number): Input<string> =>
  "apply" in address
    ? address.apply((known) => `${known}:${port}`)
    : address.then((known) => `${known}:${port}`);

/** The part of another stack's outputs that this one builds on. */
const relaysSchema = z.object({
  schema: z.literal(1),
  network: z.string(),
  nativeChainId: z.string().optional(),
  relays: z.array(z.string()),
});
/** Its keys, which are all that need be read. */
export const RELAY_OUTPUTS = Object.keys(relaysSchema.shape);

/** The public relays of another stack, from its outputs. Throws a `UserError` where this one's nodes could not peer with any. */
export function relaysFrom(stack: string, network: ChainNetwork, outputs: Record<string, unknown>): string[] {
  const parsed = relaysSchema.safeParse(outputs);
  if (!parsed.success)
    throw new UserError(
      `peersOf: ${stack} has no relays in its outputs: is it a nodewright stack, and is it up? Run pulumi up there first`,
    );
  const { network: theirs, nativeChainId, relays } = parsed.data;
  const { name, native } = network;
  const isSame =
    nativeChainId === undefined || native.chainId === undefined
      ? theirs === name
      : nativeChainId === native.chainId;
  if (!isSame)
    throw new UserError(
      `peersOf: ${stack} is on ${theirs}, this stack on ${name}: their nodes cannot peer. Take it out`,
    );
  if (relays.length === 0)
    throw new UserError(`peersOf: ${stack} has no public relay: add a seed there, or take it out`);
  return relays;
}
