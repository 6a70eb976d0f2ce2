import { dockerMissing } from "../docker/machine";
import { isAtLeast } from "../engine/version";
import type { Line } from "./line";
import type { MachineFacts } from "./machine-facts";

const GB = 1e9;
/** What a run of the engine takes, and a host of the lab: the stack `docker`, eight hosts, does with 4 GB. */
const MEMORY = { engine: 1 * GB, host: 0.5 * GB };
/** Measured after a first lab: host image 0.65 GB, Docker's copy of it 0.67, artifacts 0.1, engine 0.08; and room for what hosts write. */
const DISK = { lab: 3 * GB, engine: 1 * GB };

/** What a run needs of the machine. */
export interface Needs {
  /** As package.json says: `>=20.19`. */
  node: string;
  /** Hosts that shall run on this machine's Docker; 0 where they run elsewhere. */
  hosts: number;
  ports: readonly number[];
  /** Whether the lab that has these ports may be this one, up already. */
  isUp: boolean;
}

/** Each thing that is looked at, with what to do where it stands in the way. */
export const judgeMachine = (facts: MachineFacts, needs: Needs): Line[] => [
  node(facts, needs),
  room(
    "memory",
    "memory",
    facts.memory,
    needs.hosts > 0 ? MEMORY.engine + needs.hosts * MEMORY.host : MEMORY.engine,
  ),
  room("disk", "free where the project lies", facts.freeDisk, needs.hosts > 0 ? DISK.lab : DISK.engine),
  engine(facts),
  ...(needs.hosts > 0 ? [docker(facts), ...needs.ports.map((port) => portLine(port, facts, needs))] : []),
];

function node({ node: version }: MachineFacts, { node: wanted }: Needs): Line {
  const isRecent = isAtLeast(version, wanted);
  return {
    about: "machine",
    what: "Node.js",
    state: isRecent ? "ok" : "fix",
    said: `${version}${isRecent ? "" : `, ${wanted} is needed`}`,
    ...(isRecent ? {} : { remedy: "install a newer one: https://nodejs.org" }),
  };
}

function room(what: "memory" | "disk", words: string, has: number, needed: number): Line {
  const enough = has >= needed;
  const inGb = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`;
  return {
    about: "machine",
    what,
    state: enough ? "ok" : "fix",
    said: `${inGb(has)} ${words}${enough ? "" : `, ${inGb(needed)} needed`}`,
    ...(enough
      ? {}
      : {
          remedy:
            what === "memory"
              ? "a larger machine, or fewer hosts"
              : "make room: npm run lab:clean removes caches",
        }),
  };
}

function engine({ pulumi, built, go, unusable, wanted }: MachineFacts): Line {
  const line = (state: Line["state"], said: string, remedy?: string): Line => ({
    about: "engine",
    what: "engine",
    state,
    said,
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (pulumi !== undefined) return line("ok", `pulumi ${pulumi}`);
  if (built) return line("ok", `pulumi ${wanted.pulumi}, built here from its pinned module`);
  if (go !== undefined)
    return line("ok", `none yet: Go ${go} builds pulumi ${wanted.pulumi} at the first run, two minutes`);
  return line(
    "fix",
    `neither pulumi ${wanted.pulumi} nor Go ${wanted.go}${unusable === undefined ? "" : ` (${unusable})`}`,
    `install pulumi (https://www.pulumi.com/docs/install/) or Go (https://go.dev/doc/install), on PATH`,
  );
}

function docker({ docker: found, canInstallDocker, machine }: MachineFacts): Line {
  const line = (state: Line["state"], said: string, remedy?: string): Line => ({
    about: "docker",
    what: "Docker",
    state,
    said,
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (typeof found === "object") return line("ok", `${found.version} at ${found.host}`);
  if (found === "denied")
    return line(
      "fix",
      "it runs, and this user may not use it",
      'sudo usermod -aG docker "$USER", then log in again',
    );
  if (canInstallDocker) return line("ok", "none yet: the lab installs and starts one, as root on Debian");
  return line("fix", "no engine answers", dockerMissing(machine).message.replace(/^.*?Remedy: /s, ""));
}

function portLine(port: number, { taken }: MachineFacts, { isUp }: Needs): Line {
  const line = (state: Line["state"], said: string): Line => ({
    about: "machine",
    what: `port ${port}`,
    state,
    said,
  });
  if (!taken.includes(port)) return line("ok", "free");
  return isUp
    ? line("ok", "taken, by this stack's own lab")
    : {
        ...line("fix", "somebody listens on it"),
        remedy: `end what does (ss -ltnp 'sport = :${port}'), or publish another port`,
      };
}
