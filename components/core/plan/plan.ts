import type { Traits } from "../../targets/target";
import type { ChainSection } from "../config/chain";
import type { PackageMirror, StackConfig } from "../config/schema";
import type { Size } from "../config/units";
import type { FailoverPlan } from "../failover/plan";
import type { CostLine } from "../hardware/cost";
import type { Hardware } from "../hardware/hardware";
import type { HostAddresses } from "../network/address-ref";
import type { Balancer } from "../network/balancer";
import type { FirewallRule } from "../network/firewall";
import type { Listener } from "../network/listener";
import type { EvmBegin } from "../networks/evm-gaps";
import type { ChainNetwork } from "../networks/network";
import type { Release } from "../releases";
import type { Producer, ServicePlan } from "../services/service";
import type { ZonePlan } from "./dns";

/** All that a stack shall be. Execution chooses nothing: every name, port, size and hash stands here. */
export interface Plan {
  stack: string;
  network: ChainNetwork;
  target: {
    name: string;
    summary: string;
    where: string;
    config: unknown;
    traits: Traits;
    /** How balancers of pools end TLS. Absent: they pass TCP on as it is. */
    balancer?: Balancer;
  };
  mirror: string;
  /** Where hosts take packages of the operating system from. Default: where their image says. */
  packageMirror?: PackageMirror;
  /** Public SSH keys that may log in to hosts, from admin addresses. */
  sshKeys: string[];
  /** Whether data disks refuse to be deleted. */
  protect: boolean;
  hosts: HostPlan[];
  pools: PoolPlan[];
  /** Names in the operator's own domain. */
  names?: ZonePlan;
  cost?: CostPlan;
  /** How producers take turns, where some do. */
  failover?: FailoverPlan;
  /** The state that the native chain is brought to, where the stack says. */
  chain?: ChainPlan;
  endpoints: Endpoint[];
  /** Software that takes the place of the real one, and why. */
  standIns: StandIn[];
  /** Why they will do on a public chain; without it they are not brought up there. */
  acceptStandIns?: string;
}

/** What the stack makes of the native chain itself. */
export interface ChainPlan {
  /** With the chain id that it is for, as far as one can be known. */
  section: ChainSection;
  /** Whether the chain is born with the stack: before that there is nothing to ask. */
  isBorn: boolean;
}

/** All that one host shall be: machine, addresses, services, ports, software. */
export interface HostPlan {
  name: string;
  /** Key of the host's entry in the stack file. */
  group: string;
  role: string;
  summary: string;
  hardware: Hardware;
  /** Why it may have less than its role's floor. */
  belowFloor?: string;
  machine: string;
  /** What that machine has. Absent where nobody says. */
  has?: MachineFigures;
  /** Failure domain. */
  zone?: string;
  disk?: DiskPlan;
  addresses: HostAddresses;
  /** Name by which other hosts reach it on the cluster network. */
  clusterName: string;
  /** Host that SSH goes through, where the outside cannot reach this one. */
  reachedThrough?: string;
  producer?: Producer;
  /** `name:port` of the peers that it calls. */
  peers: string[];
  /** `name:port` of names behind each of whose addresses is a further peer. Absent where there are none. */
  dnsSeeds?: string[];
  services: ServicePlan[];
  /** Every listener of the host: those of its services, and SSH. */
  listeners: Listener[];
  firewall: FirewallRule[];
  /** What the services run, in install order. */
  releases: Release[];
  /** Secrets it needs, by name; the stack keeps them as `<host>/<name>`. */
  secrets: string[];
  cost: CostLine[];
}

/** Hosts that are all the same, made and replaced by the cloud itself, behind its balancer. They hold no secret. */
export interface PoolPlan {
  name: string;
  min: number;
  max: number;
  /** Any of its members. Its name is the pool's. */
  member: HostPlan;
  /** The listener that the balancer serves, and the one that it asks for health. */
  serves: Listener;
  probes: Listener;
}

export interface MachineFigures {
  /** Virtual ones where the target sells those. */
  cores: number;
  memory: Size;
  ecc: boolean;
}

export interface DiskPlan {
  /** GiB. */
  size: number;
  /** As the target calls it: `gp3`, `hyperdisk-balanced`; `local` for the machine's own. */
  type: string;
  iops?: number;
  /** MiB a second. */
  throughput?: number;
  /**
   * Where the host finds it: a path below `/dev` that does not change. One `*` may stand in it where the disk's own name
   * is known only when it is made (AWS). Absent where `/data` is there already.
   */
  device?: string;
}

/** What the stack costs a month, in USD, at list prices. */
export interface CostPlan {
  hosts: { name: string; monthly: number; parts: CostLine[] }[];
  shared: CostLine[];
  total: number;
  /** With every pool at its largest. Equal to `total` where none grows. */
  most: number;
  source: string;
  date: string;
}

/** Every kind of machine of the stack: its hosts, and one member of each pool. */
export const machinesOf = ({ hosts, pools }: Pick<Plan, "hosts" | "pools">): HostPlan[] => [
  ...hosts,
  ...pools.map(({ member }) => member),
];

/** A URL at which the operator's machine reaches a listener of a host. */
export interface Endpoint {
  name: string;
  host: string;
  listener: string;
  url: string;
}

/** In the place of a host: what runs on all of them. */
export const CHAIN = "chain";

export interface StandIn {
  host: string;
  service: string;
  release: string;
  reason: string;
}

/** What `buildPlan` plans from. */
export interface PlanInput {
  stack: string;
  config: StackConfig;
  releases: Release[];
  /** Public relays of other stacks, `name:port`, by stack. Empty where they cannot be known. */
  relays?: Readonly<Record<string, readonly string[]>>;
  /** How the EVM began, as the chain tells it. Absent where it has none yet, or nobody asked. */
  evmBegin?: EvmBegin;
}
