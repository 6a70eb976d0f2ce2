import type { Hardware } from "../components/core/hardware/hardware";
import type { AskedPort } from "../components/core/preflight/requirements-for";
import type { Artifact } from "../components/core/releases";

/**
 * Everything one host shall be, as data: what `provision` reads, at birth and at every later change.
 * Holds no secret, only names of secrets. The order of each list is the order of the work.
 */
export interface HostDocument {
  /** Shape of this document. A host refuses a shape that it does not know. */
  schema: 1;
  /** Counts up where whoever plans wants it: a host then refuses an older document, but in a rollback. Default none. */
  revision?: number;
  stack: string;
  host: string;
  role: string;
  /** Base URL of the mirror; an artifact lies at `<mirror>/<sha256>`. `https:`, `http:` or `file:`. */
  mirror: string;
  /** Packages of the operating system, by the name its package manager knows. */
  packages: string[];
  /** Units of those packages that must not run beside ours (`haproxy.service`). */
  masked: string[];
  users: SystemUser[];
  directories: Directory[];
  /** The disk below `/data`, where the target made one for this host alone. */
  disk?: DataDisk;
  artifacts: SignedArtifact[];
  files: HostFile[];
  /** In start order. Stopped in reverse. */
  units: Unit[];
  /** Units that come with a later document, and what they wait for. Default none. */
  awaited?: Awaited[];
  /** What the host must be before anything on it is changed. Default: it is not looked at. */
  preflight?: Preflight;
}

export interface Awaited {
  /** With its suffix. */
  name: string;
  /** As people call it. */
  service: string;
  why: string;
}

export interface Preflight {
  /** Absent where the target holds no floors. Of what the machine type's maker vouches for, the host is not asked. */
  floor?: Hardware;
  /** Why less will do: what is missed is then only said. */
  belowFloor?: string;
  /** Ports that its services will listen on. */
  ports: AskedPort[];
}

/** Software, and where its makers sign it, their word that these bytes are theirs. */
export type SignedArtifact = Artifact & { signature?: Signature };

/** ed25519, over the bytes of the file that the mirror holds. */
export interface Signature {
  /** Public key in base64: SPKI in DER, or its 32 bytes alone. */
  key: string;
  /** In base64. */
  value: string;
}

/** A system user without a login, its group of the same name. */
export interface SystemUser {
  name: string;
  home: string;
}

/** Made by the target, formatted by us. */
export interface DataDisk {
  /** Path below `/dev` that does not change; a `*` may stand in it. */
  device: string;
  /** GiB, as the stack file wants it. */
  size: number;
}

export interface Ownership {
  /** Default `root`. */
  owner?: string;
  /** Default the owner's group. */
  group?: string;
  /** Four octal digits, `0644`. */
  mode: string;
}

export interface Directory extends Ownership {
  path: string;
}

export interface HostFile extends Ownership {
  path: string;
  content: string;
}

/** What a change of a unit's inputs does: `restart` stops and starts it, `reload` keeps its connections. */
export type OnChange = "restart" | "reload";

export interface Unit {
  /** With its suffix: `nodeos.service`. */
  name: string;
  /** The service this unit runs, as people call it: `nodeos`, `proxy`. */
  service: string;
  /** The unit file. */
  content: string;
  onChange: OnChange;
  /** Paths of `files` whose content the unit reads at start. */
  reads: string[];
  /** Names of `artifacts` that it runs. */
  runs: string[];
  /** Names of secrets that it needs. It is not started before all are on the host. */
  secrets: string[];
  /** Name of the unit that starts it, a timer say: it is only written, never started by `provision`. */
  startedBy?: string;
  /** How to tell that it does its work; without one, an active unit counts as healthy. */
  health?: Health;
}

export type Health =
  /**
   * nodeos: `get_info` answers, of the chain `chainId` if that is said, and its head is younger than `maxHeadAgeSeconds`.
   * `control`: where its producer, net and database APIs answer, default none; `produces`: whether it makes blocks.
   */
  | {
      kind: "nodeos";
      url: string;
      maxHeadAgeSeconds: number;
      chainId?: string;
      control?: string;
      produces?: boolean;
    }
  /** An Ethereum JSON-RPC that answers `eth_blockNumber`. */
  | { kind: "json-rpc"; url: string }
  /** A port that accepts connections on loopback. */
  | { kind: "tcp"; port: number };
