import type { HostDocument } from "../cloud-init/document";
import type { Hardware } from "../components/core/hardware/hardware";
import type { Catalog } from "../components/core/hardware/machine";
import type { Resource, Stack } from "./resource";

/** Who may come in on which ports, by one rule of one firewall. */
export interface Opening {
  protocol: "tcp" | "udp" | "any";
  from: number;
  to: number;
  /** CIDRs. */
  sources: readonly string[];
  /** `the cloud's`, or the host's own nftables. */
  layer: "cloud" | "host";
  /** What must be changed to close it. */
  by: Resource;
}

/** A way by which packets from outside reach a machine, before any firewall of it is asked. */
export interface Way {
  /** For people: `its public IPv4 address`, `the balancer read-balancer`, `the peering office`. */
  through: string;
  family: 4 | 6;
  /** Networks that come that way. */
  sources: readonly string[];
  /** Ports of the machine that it leads to. Default: all. */
  ports?: readonly number[];
  /** Whether what comes from `sources` speaks for anyone: a balancer that ends connections and begins its own. */
  forAnyone?: boolean;
  by: Resource;
}

/** A disk, wherever it is attached. */
export interface Disk {
  resource: Resource;
  /** Whether it lives and dies with its machine. */
  ownedByMachine: boolean;
  /** GiB. Absent where nobody knows. */
  size?: number;
  type?: string;
  iops?: number;
  throughput?: number;
  /** Absent where the cloud encrypts every disk, and it cannot be turned off. */
  encrypted?: boolean;
}

/** A machine, or all machines of a group that a cloud makes by itself. */
export interface Machine {
  resource: Resource;
  cloud: string;
  /** Name of its host; of the pool for a group. */
  host: string;
  /** Absent where nothing tells it. */
  role?: string;
  document?: HostDocument;
  /** What brings the document. */
  documentBy?: Resource;
  /** As the cloud sells it: `r6i.2xlarge`. */
  type?: string;
  /** How many there are, at most. */
  count: number;
  isPool: boolean;
  /** Failure domains. Empty where its cloud tells none. */
  zones: readonly string[];
  /** What it is born with, in plain text. */
  userData: readonly string[];
  image?: { name: string; frozen: boolean };
  /** Labels and tags. */
  tags: Readonly<Record<string, string>>;
  disks: readonly Disk[];
  /** Absent where its cloud has no firewall, so that the host's own must do. */
  hasCloudFirewall: boolean;
  openings: readonly Opening[];
  ways: readonly Way[];
  /** Whether its metadata service answers version 1. Absent where the cloud has one version alone. */
  metadataV1?: boolean;
  /** Whether the cloud refuses to delete it. Absent where the cloud knows no such thing. */
  refusesDeletion?: boolean;
  /** Ports that its listeners have, by name. */
  ports: Readonly<Record<string, { port: number; protocol: "tcp" | "udp" }>>;
}

/** A bucket of the stack. */
export interface Bucket {
  resource: Resource;
  /** Why anyone on the internet may list or read it as a whole. Undefined: nobody may. */
  open?: string;
  encrypted: boolean;
}

/** A record in a zone of the stack's. */
export interface DnsName {
  resource: Resource;
  name: string;
  type: string;
  /** Seconds. Absent for one that the cloud answers with an address of its own. */
  ttl?: number;
}

/** What the rules know of a stack beside its resources: its own configuration, as the engine has it. */
export interface Intent {
  stack: string;
  /** Networks of its operator. Undefined: not told. */
  admins?: readonly string[];
  /** Networks between its hosts, beside private ones. */
  cluster: readonly string[];
  /** USD a month. */
  budget?: number;
  domain?: string;
  region?: string;
  /** Values that nothing but a secret may hold, by their names. */
  secrets: Readonly<Record<string, string>>;
  /** Ports that listeners have by default, by the listener's name. */
  listeners: Readonly<Record<string, readonly number[]>>;
  /** What a role's machine must have, by the role. */
  floors: Readonly<Record<string, Hardware>>;
  /** Roles whose hosts keep the chain. */
  stateful: readonly string[];
  /** Roles that watch the others. */
  watching: readonly string[];
}

/** A stack as one picture: what runs where, who can reach it, what it keeps. */
export interface Graph {
  stack: Stack;
  intent: Intent;
  machines: readonly Machine[];
  buckets: readonly Bucket[];
  names: readonly DnsName[];
  /** What the stack's clouds sell, by the cloud. */
  catalogs: Readonly<Record<string, Catalog>>;
  /** What is billed beside machines and disks: `nat`, `loadBalancer`, each as often as it is there. */
  extras: readonly { cloud: string; extra: "publicIpv4" | "loadBalancer" | "nat" | "dnsZone" }[];
}
