import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { UserError } from "../../components/core/config/finding";
import { type Run, runCommand } from "./command";
import { installPackages } from "./debian-packages";
import { connectDocker, probe } from "./endpoint";
import { canInstall, dockerMissing, findProgram, type Machine, thisMachine } from "./machine";
import { inTurn } from "./machine-lock";
import { type DaemonPlace, daemonProcess, placeIn, startDaemon, stopDaemon } from "./own-daemon";
import { usersIn } from "./users";

export interface DockerDaemon {
  /** Address as in DOCKER_HOST. */
  host: string;
  api: Docker;
  /** Whether labs have started it. */
  own: boolean;
  version: string;
}

export interface ReachOptions {
  /** The project's cache folder: a daemon started by this lab keeps its data in `docker` there. */
  cache: string;
  /** Folder of the lab that uses the daemon, there for as long as the lab is. */
  user: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** What tests put in the place of the machine. */
  environment?: NodeJS.ProcessEnv;
  system?: string;
  place?: DaemonPlace;
  machine?: Machine;
  find?: typeof findProgram;
  run?: Run;
}

const SYSTEM = "unix:///var/run/docker.sock";
const PACKAGES = ["docker.io", "containerd", "iptables"];

/**
 * A Docker daemon to put hosts on: DOCKER_HOST's, else the system's, else the one that labs share, which is installed
 * and started if need be. Throws a `UserError` that says what to do where all of that is impossible.
 */
export async function reachDocker(options: ReachOptions): Promise<DockerDaemon> {
  const { environment = process.env, place = placeIn(), progress, signal } = options;
  const named = environment.DOCKER_HOST;
  if (named && named !== place.host) {
    const found = await reach(named);
    if (found) return found;
    progress(`DOCKER_HOST is ${named}, where no Docker answers; looking further`);
  }
  const { system = SYSTEM } = options;
  const found = await reach(system);
  if (found) return found;
  const waiting = () => progress("waiting for another lab that starts or stops Docker");
  return inTurn(place.run, () => reachOwn(options, place, system), { waiting, signal });
}

async function reach(host: string): Promise<DockerDaemon | undefined> {
  const answer = await probe(host);
  return answer.kind === "answers"
    ? { host, api: connectDocker(host), own: false, version: answer.version }
    : undefined;
}

async function reachOwn(options: ReachOptions, place: DaemonPlace, system: string): Promise<DockerDaemon> {
  const { machine = thisMachine(), find = findProgram, progress, signal, user } = options;
  const alive = await ownAnswer(place);
  if (!alive) {
    if ((await probe(system)).kind === "denied")
      throw new UserError(
        `Docker runs here, and this user may not use it (${system}). Remedy: sudo usermod -aG docker "$USER", log in again, then run this again.`,
      );
    if (!canInstall(machine)) throw dockerMissing(machine);
    const dockerd = find("dockerd") ?? (await install(options, find));
    const theirs = await startedByInstallation(system);
    if (theirs) return theirs;
    progress("starting a Docker daemon for labs");
    await stopDaemon(place);
    await startDaemon({ place, dockerd, data: join(options.cache, "docker"), progress, signal });
  }
  const answer = alive ?? (await ownAnswer(place));
  if (!answer) throw new Error(`the Docker daemon at ${place.host} fell silent right after its start`);
  usersIn(place.users).add(user);
  return answer;
}

/** The labs' own daemon. One whose data folder was deleted, with its project, is of no use to anyone. */
async function ownAnswer(place: DaemonPlace): Promise<DockerDaemon | undefined> {
  const answer = await probe(place.host);
  return answer.kind === "answers" && existsSync(answer.root)
    ? { host: place.host, api: connectDocker(place.host), own: true, version: answer.version }
    : undefined;
}

async function install(
  { run = runCommand, progress, signal, machine = thisMachine() }: ReachOptions,
  find: typeof findProgram,
): Promise<string> {
  await installPackages(PACKAGES, { run, progress, signal });
  const dockerd = find("dockerd");
  if (!dockerd) throw dockerMissing(machine);
  return dockerd;
}

/** On a machine with an init system the package starts its own service, within seconds. */
async function startedByInstallation(system: string): Promise<DockerDaemon | undefined> {
  const socket = system.slice("unix://".length);
  for (let attempt = 0; attempt < 40 && existsSync(socket); attempt += 1) {
    const found = await reach(system);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return undefined;
}

/** Whether the daemon was stopped, and which other labs still use it. */
export interface Released {
  stopped: boolean;
  others: string[];
}

/**
 * Says that a lab no longer uses the labs' own daemon, and stops it when none is left. A daemon that labs have not
 * started is never touched.
 */
export async function releaseDocker({
  user,
  progress,
  place = placeIn(),
}: Pick<ReachOptions, "cache" | "user" | "progress" | "place">): Promise<Released> {
  if (!existsSync(place.run)) return { stopped: false, others: [] };
  const users = usersIn(place.users);
  const release = async () => {
    users.remove(user);
    const others = users.all();
    if (others.length > 0 || daemonProcess(place) === undefined) return { stopped: false, others };
    progress("stopping the Docker daemon: no lab uses it any more");
    await stopDaemon(place);
    return { stopped: true, others };
  };
  return inTurn(place.run, release, {
    waiting: () => progress("waiting for another lab's turn with Docker"),
  });
}
