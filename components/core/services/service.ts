import type { z } from "zod";
import type { Health, OnChange } from "../../../cloud-init/document";
import type { Size } from "../config/units";
import type { FailoverGroup } from "../failover/plan";
import type { Hardware } from "../hardware/hardware";
import type { Balancer } from "../network/balancer";
import type { Exposure, Listener } from "../network/listener";
import type { ChainNetwork, EvmChain } from "../networks/network";
import type { ZonePlan } from "../plan/dns";
import type { PeerPlan } from "./nodeos-peers";

/** What a service knows of its host before any service is planned. */
export interface Place {
  role: string;
  /** Every service of the host, by name. */
  services: readonly string[];
  /** Whether the host shares its load with others of its group, with no balancer of a cloud in front of them. */
  shares: boolean;
  /** Whether hosts of the stack that hold no key send it their writes. */
  writesForOthers: boolean;
}

/** A listener of another host of the stack. */
export interface Remote {
  host: string;
  /** Key of that host's entry in the stack file. */
  group: string;
  role: string;
  /** By which it is reached on the cluster network. */
  name: string;
  port: number;
  /** Who may reach it. */
  exposure: Exposure;
}

/** A listener that tells metrics, of this host or another. */
export interface Scraped extends Remote {
  service: string;
  /** Default `/metrics`. */
  path?: string;
}

/** What a service knows when it plans itself for one host. */
export interface ServiceContext<Settings = unknown> {
  stack: string;
  host: string;
  /** By which other hosts reach it on the cluster network. */
  clusterName: string;
  group: string;
  role: string;
  network: ChainNetwork;
  settings: Settings;
  hardware: Hardware;
  /** What its machine has. Absent where nobody says. */
  memory?: Size;
  place: Place;
  /** Its own, as `listeners` gives them, with the exposures that the role gives. */
  listeners: Listener[];
  /** The p2p peers to connect to. */
  peers: PeerPlan;
  /** Set where the chain is born with this stack: what its native genesis says. */
  birth?: { timestamp: string; initialKey: string };
  /** Set on a block producer. */
  producer?: Producer;
  /** Set on a block producer that takes turns with others. */
  failover?: FailoverGroup;
  /** Listeners of another service of the same host, in their order; empty if the host does not run it. */
  listenersOf(service: string): Listener[];
  /** That listener of that service on every other fixed host of the stack that runs it. */
  elsewhere(service: string, listener: string): Remote[];
  /** Whether the release lock brings a program: the same software had other names and flags before. */
  brings(program: string): boolean;
  /** Every other fixed host of the stack that runs that service. */
  hostsOf(service: string): Omit<Remote, "port" | "exposure">[];
  /** Every listener of the stack's fixed hosts that tells metrics, this host's among them. */
  scraped: readonly Scraped[];
  /** Every service that some host of the stack runs, each once. */
  stackServices: readonly string[];
  /** The stack's own names, on a host that answers for them. */
  zone?: ZonePlan;
  /** Set on a member of a pool whose balancer ends TLS. */
  balancer?: Balancer;
  /** Names in the stack's domain that lead to this host. */
  publicNames: readonly string[];
}

export interface Producer {
  /** Account that the chain's schedule names. */
  name: string;
  /** Public half of the key this host signs with. The private half is the secret `signing-key`. */
  signingKey?: string;
}

/** File content as data; `cloud-init/emit` prints it. */
export type FileContent =
  | { format: "ini"; entries: [key: string, value: string | number | boolean][] }
  | { format: "json"; value: unknown }
  | { format: "haproxy"; sections: HaproxySection[] }
  /** One entry a line: maps and lists of patterns that HAProxy reads. */
  | { format: "lines"; lines: string[] }
  | { format: "yaml"; value: unknown }
  /** A zone's master file (RFC 1035). */
  | { format: "zone"; zone: ZonePlan }
  | { format: "rsyslog"; statements: RsyslogStatement[] }
  /** A fixed shell script, with nothing put into its text. */
  | { format: "script"; text: string };

/** What rsyslog is told, in order: objects with their parameters, and what to do with a line. */
export type RsyslogStatement =
  | {
      object: "global" | "module" | "template" | "input" | "action";
      parameters: Record<string, string | number | boolean | readonly string[]>;
    }
  | { ruleset: string; statements: RsyslogStatement[] }
  | { call: string }
  | {
      /** Holds where the property, `$hostname` say, is one of these. */
      when: { property: string; is: readonly string[] };
      do: RsyslogStatement[];
      otherwise?: RsyslogStatement[];
    }
  | "stop";

export interface HaproxySection {
  kind: "global" | "defaults" | "resolvers" | "frontend" | "backend";
  name?: string;
  /** Each line as its words; the printer quotes them. */
  lines: string[][];
}

/** A file that a service needs on its host, written before it starts. */
export interface ServiceFile {
  path: string;
  content: FileContent;
  /** Default: a script may be run by anyone, and the rest be read by the service's user. */
  mode?: string;
  /** Whether it is read again while the service runs: then its change concerns no unit. */
  live?: true;
}

/** One process of a service on one host. */
export interface ServicePlan {
  service: string;
  /** Name of the systemd unit, without its suffix. Unique on the host. */
  unit: string;
  summary: string;
  /** System user it runs as. */
  user: string;
  /** Further groups of that user, while it runs this. */
  groups?: string[];
  /** Program and arguments. A program of a release lies in `/opt/nodewright/bin`. */
  exec: string[];
  /** Run before `exec`, each start. */
  before?: string[];
  environment?: Record<string, string>;
  /** Programs it runs, by name; the release lock says which release brings each. */
  programs: string[];
  /** Packages of the operating system. */
  packages?: string[];
  /** Units of those packages that must not run. */
  masked?: string[];
  files: ServiceFile[];
  listeners: Listener[];
  /** Names of the secrets it needs, each a file of that name in `$CREDENTIALS_DIRECTORY`. */
  secrets?: string[];
  /** Folder on the data disk that it owns. */
  data?: string;
  /** A file system in memory that is mounted for it: it outlives the service, and ends with the host. */
  tmpfs?: Tmpfs;
  /** Folders that are made where they are not there; a mount may lie on one. */
  folders?: string[];
  /** Further folders that it may write. */
  writes?: string[];
  /** Whether it keeps something of its own below `/var/lib/<unit>`, on the system's disk. */
  keepsState?: boolean;
  /** Units that start first. */
  after?: string[];
  readiness?: "exec" | "notify";
  /**
   * What root runs at each end of the process, and after how many seconds without its word (`WATCHDOG=1`) it is killed. Goes
   * with the readiness `notify`.
   */
  guard?: { path: string; seconds: number };
  reload?: string[][];
  onChange: OnChange;
  stop: StopPolicy;
  /** Runs to its end at these times (systemd.time(7), a calendar event) in place of all the time; without one, by hand. */
  schedule?: { calendar?: string };
  /** Exit codes after which a restart would do harm or no good; a person or a recovery decides. */
  finalExits?: number[];
  capabilities?: string[];
  health?: Health;
  /** For what it waits, where it is not started yet: its place is kept, its files and its unit come with a later change. */
  waits?: string;
  /** What was chosen for this host, and why, for a reader of the plan. */
  choices?: string[];
}

export interface Tmpfs {
  path: string;
  /** What it may hold at most; memory is taken only for what lies in it. */
  size: Size;
}

export interface StopPolicy {
  /** What the main process is told by to end. Default SIGTERM. */
  signal?: "SIGUSR1";
  /** After that long systemd kills it, which for nodeos means a dirty database. */
  timeoutSeconds: number;
}

/** A kind of program that hosts run. To add one: a file here and a line in `services/index.ts`. */
export interface Service<Schema extends z.ZodType = z.ZodType> {
  name: string;
  summary: string;
  /** Settings a stack file may give; every key has a default. */
  settings: Schema;
  listeners(settings: z.output<Schema>, place: Place): Listener[];
  /** Whether it needs a secret: then it runs on no machine that an autoscaler makes by itself. */
  keyed?: boolean;
  /** Another service without which it has nothing to do: it runs only in a stack of which some host runs that one. */
  needs?: string;
  /** Its part in a failover of producers: it runs only on members of the quorum, or on hosts that may produce in turn. */
  failover?: "member" | "candidate";
  /** Whether it serves the EVM chain: it runs only where the network has one. */
  onEvm?: boolean;
  /** Whether it is the name server of the stack: it runs only where the target has no service for names. */
  answersNames?: boolean;
  plan(context: ServiceContext<z.output<Schema>>): ServicePlan[];
}

/** The EVM chain of a service that is `onEvm`. Throws where the plan let it run without one. */
export function evmOf({ network }: Pick<ServiceContext, "network">): EvmChain {
  if (!network.evm) throw new Error(`${network.name} has no EVM chain`);
  return network.evm;
}

/** Keeps the schema's type for the service's own functions. */
export const defineService = <Schema extends z.ZodType>(service: Service<Schema>): Service<Schema> => service;

/** The folder of the data disk: everything that must outlive the machine lies below. */
export const DATA = "/data";
/** Says whose disk it is: `stack/host`, and the end of the line. */
export const DATA_OWNER = `${DATA}/.nodewright-owner`;
/** Where programs of releases lie on a host. */
export const PROGRAMS = "/opt/nodewright/bin";
