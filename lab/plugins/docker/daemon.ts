import Docker from "dockerode";
import { isObject } from "../value";

/** An error that the operator can act on; its message is complete as it stands. */
export class DockerProblem extends Error {}

const DEFAULT_HOST = "unix:///var/run/docker.sock";

/**
 * The daemon's address as the docker command finds it: the provider's `host`, else DOCKER_HOST, else the system's
 * socket. Understands `unix:` and `tcp:`.
 */
export function daemonHost(configured: string | undefined, environment = process.env): string {
  return configured || environment.DOCKER_HOST || DEFAULT_HOST;
}

/** A client for the daemon at `host`; nothing is sent before the first request. */
export function connectDaemon(host: string): Docker {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "unix:") return new Docker({ socketPath: url.pathname });
  if (url?.protocol === "tcp:" && url.hostname) {
    return new Docker({ protocol: "http", host: url.hostname, port: url.port || 2375 });
  }
  throw new DockerProblem(
    `the Docker host ${JSON.stringify(host)} is neither unix:///path nor tcp://name:port`,
  );
}

/** The HTTP status that the daemon answered with; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return isObject(error) && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** The daemon's own words, without the client's decoration. */
export function daemonMessage(error: unknown): string {
  if (isObject(error) && isObject(error.json) && typeof error.json.message === "string")
    return error.json.message;
  return error instanceof Error ? error.message : String(error);
}

const NO_ANSWER = [
  "ENOENT",
  "EACCES",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
];

/** One message for whatever went wrong with the daemon at `host`. */
export function explainDaemon(error: unknown, host: string): string {
  const code = isObject(error) && typeof error.code === "string" ? error.code : undefined;
  if (code && NO_ANSWER.includes(code)) {
    return `no Docker daemon answers at ${host} (${code}): start it, or name another with DOCKER_HOST or the provider's "host"`;
  }
  return daemonMessage(error);
}

/** The answer, or undefined when the daemon does not know the thing asked for. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
