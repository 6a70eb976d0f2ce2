import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { connect } from "node:net";
import { totalmem } from "node:os";
import { promisify } from "node:util";
import { probe } from "../docker/endpoint";
import { canInstall, type Machine, thisMachine } from "../docker/machine";
import { placeIn } from "../docker/own-daemon";
import { cachedBuild } from "../engine/build";
import { findGo, readGoModule } from "../engine/go-module";
import { findOfficialEngine } from "../engine/official";
import { enginePlace, userPath } from "../engine/place";

const run = promisify(execFile);
const DIAL_MS = 2_000;
const AGENT_MS = 10_000;

/** What this machine is, as data: who judges it asks nothing. */
export interface MachineFacts {
  node: string;
  machine: Machine;
  /** Bytes. */
  memory: number;
  /** Bytes that may still be written where the project lies. */
  freeDisk: number;
  /** A recent official engine. */
  pulumi?: string;
  /** Whether an engine was built here before. */
  built: boolean;
  /** Go that is new enough to build one; or what is wrong with the one that is there. */
  go?: string;
  unusable?: string;
  wanted: { pulumi: string; go: string };
  docker: { host: string; version: string } | "denied" | "none";
  canInstallDocker: boolean;
  /** Public keys that the SSH agent holds; absent where no agent answers. */
  agentKeys?: string[];
  /** Of the ports that were asked about, those that somebody listens on. */
  taken: number[];
}

/** Looks, and changes nothing. `ports` are those of 127.0.0.1 that shall be free. */
export async function machineFacts(root: string, ports: readonly number[]): Promise<MachineFacts> {
  const [{ bavail, bsize }, engine, docker, agentKeys, busy] = await Promise.all([
    statfs(root),
    engineFacts(root),
    dockerFacts(),
    keysOfAgent(),
    Promise.all(ports.map(async (port) => ((await isTaken(port)) ? [port] : []))),
  ]);
  const machine = thisMachine();
  return {
    node: process.versions.node,
    machine,
    memory: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    freeDisk: bavail * bsize,
    ...engine,
    docker,
    canInstallDocker: canInstall(machine),
    ...(agentKeys === undefined ? {} : { agentKeys }),
    taken: busy.flat(),
  };
}

async function engineFacts(
  root: string,
): Promise<Pick<MachineFacts, "pulumi" | "built" | "go" | "unusable" | "wanted">> {
  const place = enginePlace(root);
  const folders = userPath(place, process.env);
  const module = readGoModule();
  const official = await findOfficialEngine(folders, module.engineVersion, process.env, () => {});
  const { tool, unusable } = await findGo(module, folders, process.env);
  return {
    ...(official ? { pulumi: official.version } : {}),
    built: cachedBuild(place, module, tool) !== undefined,
    ...(tool ? { go: tool.version } : {}),
    ...(unusable === undefined ? {} : { unusable }),
    wanted: { pulumi: module.engineVersion, go: module.goVersion },
  };
}

/** In the order in which the lab looks. */
async function dockerFacts(): Promise<MachineFacts["docker"]> {
  const named = process.env.DOCKER_HOST;
  const hosts = [...(named ? [named] : []), "unix:///var/run/docker.sock", placeIn().host];
  let denied = false;
  for (const host of hosts) {
    const answer = await probe(host).catch(() => ({ kind: "silent" as const }));
    if (answer.kind === "answers") return { host, version: answer.version };
    denied ||= answer.kind === "denied";
  }
  return denied ? "denied" : "none";
}

async function keysOfAgent(): Promise<string[] | undefined> {
  if (!process.env.SSH_AUTH_SOCK) return undefined;
  return run("ssh-add", ["-L"], { timeout: AGENT_MS }).then(
    ({ stdout }) => stdout.split("\n").filter((line) => line !== ""),
    // It ends with 1 where the agent holds none, with 2 where there is no agent.
    (cause: { code?: number }) => (cause.code === 1 ? [] : undefined),
  );
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: DIAL_MS });
    const end = (taken: boolean) => {
      socket.destroy();
      answer(taken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
