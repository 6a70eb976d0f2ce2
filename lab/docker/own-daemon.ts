import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { UserError } from "../../components/core/config/finding";
import { lastWords } from "./command";
import { probe } from "./endpoint";
import { endProcess, processOf } from "./process";

/** Where the machine's own daemon keeps what must not outlive a restart of the machine. */
export interface DaemonPlace {
  run: string;
  host: string;
  config: string;
  pid: string;
  log: string;
  exec: string;
  users: string;
}

/** One for all labs of the machine: two daemons would undo each other's packet filter rules. */
export const placeIn = (run = "/run/nodewright"): DaemonPlace => ({
  run,
  // A socket's path has at most 107 bytes, so it cannot lie in the project's folder.
  host: `unix://${run}/docker.sock`,
  config: join(run, "dockerd.json"),
  pid: join(run, "docker.pid"),
  log: join(run, "docker.log"),
  exec: join(run, "exec"),
  users: join(run, "users"),
});

const PATIENCE_MS = 60_000;
const SYSTEM_CONTAINERD = "/run/containerd/containerd.sock";

/** The daemon's process, if it lives. */
export const daemonProcess = (place: DaemonPlace): number | undefined => processOf(place.pid, place.config);

export interface StartOptions {
  place: DaemonPlace;
  dockerd: string;
  /** Folder for images, containers and volumes. */
  data: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Starts the daemon, which outlives this process, and waits until it answers. Throws with the end of its log. */
export async function startDaemon(options: StartOptions): Promise<void> {
  const { place, dockerd, data } = options;
  mkdirSync(data, { recursive: true });
  mkdirSync(place.run, { recursive: true, mode: 0o711 });
  await removeRemains(place);
  writeFileSync(place.config, JSON.stringify(daemonConfig(place, data)));
  const log = openSync(place.log, "w");
  const child = spawn(dockerd, [`--config-file=${place.config}`], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    // It looks for containerd, runc and iptables on its PATH.
    env: { ...process.env, PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${process.env.PATH ?? ""}` },
  });
  closeSync(log);
  let ended: string | undefined;
  child.on("error", (cause) => {
    ended = cause.message;
  });
  child.on("exit", (code, signal) => {
    ended = `it ended with ${code ?? signal}`;
  });
  child.unref();
  try {
    await answering(options, () => ended);
  } catch (cause) {
    child.kill("SIGTERM");
    throw cause;
  }
}

/** dockerd's own configuration file; also keeps it from reading the system's, which may name other sockets. */
const daemonConfig = (place: DaemonPlace, data: string) => ({
  "data-root": data,
  "exec-root": place.exec,
  pidfile: place.pid,
  hosts: [place.host],
  // Labs have networks of their own; the default one could overlap with what the machine's user has.
  bridge: "none",
});

async function answering(
  { place, progress, signal }: StartOptions,
  ended: () => string | undefined,
): Promise<void> {
  const start = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    if ((await probe(place.host)).kind === "answers") return;
    const seconds = Math.round((Date.now() - start) / 1000);
    progress(`waiting for the Docker daemon, ${seconds} s`);
    const reason = ended() ?? (Date.now() - start > PATIENCE_MS ? `no answer after ${seconds} s` : undefined);
    if (reason) throw startFailed(place, reason);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function startFailed({ log }: DaemonPlace, reason: string): UserError {
  return new UserError(
    `the Docker daemon did not start (${reason}). The end of ${log}:\n${lastWords(readFileSync(log, "utf8"))}\n` +
      "Remedy: solve what it says there, or start Docker yourself, or name another one with DOCKER_HOST.",
  );
}

/** What a daemon that was killed leaves behind would keep the next one from starting. */
async function removeRemains(place: DaemonPlace): Promise<void> {
  rmSync(place.pid, { force: true });
  rmSync(place.host.slice("unix://".length), { force: true });
  const containerd = join(place.exec, "containerd", "containerd.pid");
  const pid = processOf(containerd, place.exec);
  if (pid !== undefined) await endProcess(pid, () => processOf(containerd, place.exec) === pid, 15_000);
  rmSync(containerd, { force: true });
  rmSync(join(place.exec, "containerd", "containerd.sock"), { force: true });
  // dockerd waits forever for a system containerd whose socket is there and which is not.
  if (existsSync(SYSTEM_CONTAINERD) && (await isDead(SYSTEM_CONTAINERD))) rmSync(SYSTEM_CONTAINERD);
}

const isDead = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = connect(socket);
    connection.on("connect", () => {
      connection.destroy();
      resolve(false);
    });
    connection.on("error", (cause: NodeJS.ErrnoException) => resolve(cause.code === "ECONNREFUSED"));
  });

/** Stops the daemon and its containerd, and waits for their end. Does nothing where none runs. */
export async function stopDaemon(place: DaemonPlace): Promise<void> {
  const pid = daemonProcess(place);
  // It stops what still runs first, which it gives 15 s, and then its containerd.
  if (pid !== undefined && !(await endProcess(pid, () => daemonProcess(place) === pid, 60_000)))
    throw new UserError(
      `the Docker daemon (process ${pid}) did not stop within a minute. Look into ${place.log}, end it, then run this again`,
    );
  await removeRemains(place);
}
