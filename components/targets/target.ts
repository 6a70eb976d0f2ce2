import type { z } from "zod";
import type { Finding } from "../core/config/finding";
import type { HardwareWishes } from "../core/config/schema";
import type { CostLine } from "../core/hardware/cost";
import type { Hardware } from "../core/hardware/hardware";
import type { HostAddresses } from "../core/network/address-ref";
import type { Balancer } from "../core/network/balancer";
import type { Zones } from "../core/network/firewall";
import type { DiskPlan, HostPlan, MachineFigures, Plan, PoolPlan } from "../core/plan/plan";
import type { Role } from "../core/roles/role";
import type { Provisioner } from "./provisioner";
import type { QuotaQuestions } from "./quotas";

/** How a target differs from the others, for code that serves them all. */
export interface Traits {
  /** Most bytes of user data it takes, as sent. */
  userDataBytes: number;
  /** Whether it has a firewall of its own, beside the host's nftables. */
  firewall: boolean;
  /** Whether a host may change kernel settings: not where it shares the machine's kernel. */
  ownKernel: boolean;
  /** Whether hardware floors hold: not where hosts are containers for a lab. */
  floors: boolean;
  /** Whether it makes and balances machines by itself: a counted group of a role that scales becomes a pool. */
  scaling: boolean;
  /** Who answers for the stack's domain: a service of the target, or the seed hosts themselves. */
  names: "service" | "hosts";
  /** Whether the mirror takes the host document too, so that one too large for user data comes by its hash. */
  storesBundles: boolean;
  /** Whether its machines have logins of their own that stay, root's among them. Default: ours is the only one. */
  keepsLogins?: boolean;
  /** Its own servers of time, which its machines reach without a way out. Default none. */
  timeServers?: readonly string[];
}

/** The place of one host on a target. */
export interface Placement {
  addresses: HostAddresses;
  /** DNS name by which other hosts of the stack reach it on the cluster network. */
  clusterName: string;
  /** What it runs on: a machine type, a container. */
  machine: string;
  /** What that machine has. Absent where nobody says. */
  has?: MachineFigures;
  /** Failure domain. Hosts of a group are spread over them. Absent where there is one alone. */
  zone?: string;
  /** The data disk. Absent where the target cannot choose it. */
  disk?: DiskPlan;
  /** What it costs a month, by part. Empty where nobody pays. */
  cost: CostLine[];
}

/** What a target needs to know of a host to place it. For a pool: of any of its members. */
export interface HostNeeds {
  stack: string;
  host: string;
  group: string;
  /** Number within its group, from 0: hosts are spread over failure domains by it. */
  index: number;
  role: Role;
  /** The floor: the role's, raised by the network and by the stack, or lowered with a reason. */
  hardware: Hardware;
  wishes: HardwareWishes;
  /** Whether it is one of a pool: then its disk is part of the machine, and nobody knows its name. */
  pooled: boolean;
  /** The stack's own domain, for a target whose cluster names must stand below it. */
  domain?: string | undefined;
}

/** A place, or why there is none and what would help. `key` is the host's own key that the problem stands at. */
export type Placed = { placement: Placement } | { problem: string; key?: string };

/** Where hosts run. One folder each: config, catalog, render and index are pure, provision alone touches the engine. */
export interface Target<Schema extends z.ZodType = z.ZodType> {
  name: string;
  summary: string;
  config: Schema;
  traits: Traits;
  /** Region and such, for a person: `eu-central-1 (a, b)`. */
  where(config: z.output<Schema>): string;
  zones(config: z.output<Schema>, host: { addresses: HostAddresses }): Zones;
  /** How the balancers of its pools end TLS. Absent, or undefined: they pass TCP on as it is. */
  balancer?(config: z.output<Schema>): Balancer | undefined;
  /** Base URL, as the hosts see it, of the mirror that holds the stack's artifacts by their sha256. */
  mirror(config: z.output<Schema>, stack: string): string;
  place(config: z.output<Schema>, needs: HostNeeds): Placed;
  /** What the stack costs a month beside its hosts: balancers, ways out, zones of names. */
  sharedCost(config: z.output<Schema>, plan: Pick<Plan, "hosts" | "pools" | "names">): CostLine[];
  /** Where the prices are from, and of when. Absent where nobody pays. */
  prices?: { source: string; date: string };
  /** Mistakes that only the target can see, paths below `target.<name>`. Not `whole`: hosts may be missing by a typo. */
  check(config: z.output<Schema>, plan: CheckedPlan, whole: boolean): Finding[];
  /** URLs that reach a host's listener from the operator's machine, if the target makes it reachable there. */
  endpoint(config: z.output<Schema>, host: HostPlan, listener: string): string | undefined;
  /** Throws a `UserError` where the cloud could not know who asks. Absent where nobody need be known. */
  requireCredentials?(config: z.output<Schema>, environment: NodeJS.ProcessEnv): void;
  /** What to ask of the account's limits; may throw where nobody can ask. Absent where there is no account. */
  quotas?(config: z.output<Schema>, plan: Plan, environment: NodeJS.ProcessEnv): QuotaQuestions;
  /** Loads the engine code, and with it this target's SDK alone. */
  load(): Provisioner;
}

/** What a target looks at for mistakes that only it can see. */
export interface CheckedPlan {
  stack: string;
  hosts: readonly HostPlan[];
  pools: readonly PoolPlan[];
  names?: Plan["names"];
  sshKeys: readonly string[];
}
