import type { z } from "zod";
import type { Health, OnChange } from "../../../cloud-init/document";
import type { Listener } from "../network/listener";
import type { ChainNetwork } from "../networks/network";

/** What a service knows when it plans itself for one host. */
export interface ServiceContext<Settings = unknown> {
  stack: string;
  host: string;
  role: string;
  network: ChainNetwork;
  settings: Settings;
  /** `name:port` of the p2p peers to connect to. */
  peers: string[];
  /** Set where the chain is born with this stack: what its native genesis says. */
  birth?: { timestamp: string; initialKey: string };
  /** Set on a block producer. */
  producer?: Producer;
  /** Listeners of another service of the same host, in their order; empty if the host does not run it. */
  listenersOf(service: string): Listener[];
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
  /** A fixed shell script, with nothing put into its text. */
  | { format: "script"; text: string };

export interface HaproxySection {
  kind: "global" | "defaults" | "frontend" | "backend";
  name?: string;
  /** Each line as its words; the printer quotes them. */
  lines: string[][];
}

export interface ServiceFile {
  path: string;
  content: FileContent;
}

/** One process of a service on one host. */
export interface ServicePlan {
  service: string;
  /** Name of the systemd unit, without its suffix. Unique on the host. */
  unit: string;
  summary: string;
  /** System user it runs as. */
  user: string;
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
  /** Further folders that it may write. */
  writes?: string[];
  /** Units that start first. */
  after?: string[];
  readiness?: "exec" | "notify";
  reload?: string[][];
  onChange: OnChange;
  stop: StopPolicy;
  /** Exit codes after which a restart would do harm or no good; a person or a recovery decides. */
  finalExits?: number[];
  capabilities?: string[];
  health?: Health;
}

export interface StopPolicy {
  /** After that long systemd kills it, which for nodeos means a dirty database. */
  timeoutSeconds: number;
}

/** A kind of program that hosts run. To add one: a file here and a line in `services/index.ts`. */
export interface Service<Schema extends z.ZodType = z.ZodType> {
  name: string;
  summary: string;
  /** Settings a stack file may give; every key has a default. */
  settings: Schema;
  listeners(settings: z.output<Schema>, role: string): Listener[];
  plan(context: ServiceContext<z.output<Schema>>): ServicePlan[];
}

/** Keeps the schema's type for the service's own functions. */
export const defineService = <Schema extends z.ZodType>(service: Service<Schema>): Service<Schema> => service;

/** The folder of the data disk: everything that must outlive the machine lies below. */
export const DATA = "/data";
export const PROGRAMS = "/opt/nodewright/bin";
