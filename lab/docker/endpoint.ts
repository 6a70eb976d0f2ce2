import Docker from "dockerode";
import { UserError } from "../../components/core/config/finding";

/** Private cgroup namespaces, without which systemd does not start in a container, came with Docker Engine 20.10. */
const OLDEST_API = 41;
const PROBE_MS = 5_000;

export type Probe =
  | { kind: "answers"; version: string; root: string }
  | { kind: "denied" }
  | { kind: "silent"; reason: string };

/**
 * A client for an address in DOCKER_HOST's form. A `unix:` address is taken as it stands; for any other the client
 * itself reads DOCKER_HOST, with its TLS settings, so that is the only other address it can be asked for.
 */
export function connectDocker(host: string): Docker {
  return host.startsWith("unix://")
    ? // Without `host: undefined` a DOCKER_HOST with a name in it would win over the socket.
      new Docker({ socketPath: host.slice("unix://".length), host: undefined })
    : new Docker();
}

/** Asks a daemon for its version. Throws a `UserError` when it answers and is too old for a lab. */
export async function probe(host: string): Promise<Probe> {
  try {
    const docker = connectDocker(host);
    const abortSignal = AbortSignal.timeout(PROBE_MS);
    const { Version, ApiVersion } = await within(docker.version(), abortSignal);
    if (Number(ApiVersion.split(".")[1]) < OLDEST_API && ApiVersion.startsWith("1."))
      throw new UserError(
        `Docker ${Version} at ${host} is too old for hosts that run systemd: update it to 20.10 or newer`,
      );
    const { DockerRootDir } = (await within(docker.info(), abortSignal)) as { DockerRootDir: string };
    return { kind: "answers", version: Version, root: DockerRootDir };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    return code === "EACCES" ? { kind: "denied" } : { kind: "silent", reason: code ?? message };
  }
}

/** A daemon that is stuck accepts the connection and never answers. */
const within = <Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ]);
