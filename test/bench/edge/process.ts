import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { basename } from "node:path";

/** A program that answers on a port of loopback, and what it costs. */
export interface Running {
  port: number;
  /** Each program that it takes, by name. */
  parts: Readonly<Record<string, Cost>>;
  stop(): Promise<void>;
}

/** What a program and its children cost. */
export interface Cost {
  /** CPU time since it started, in seconds. */
  cpuSeconds(): number;
  /** Resident memory, in MB. */
  memory(): number;
}

/** Clock ticks a second of /proc; 100 on every Linux that Node.js runs on. */
const TICKS = 100;
const PAGE_BYTES = 4096;
const START_MS = 30_000;

/**
 * Starts a program, and answers when something listens on its port. Throws with its last words when it ends before. What it
 * prints goes to `log`, if that is a file's path.
 */
export async function start(
  words: readonly string[],
  port: number,
  env: Record<string, string> = {},
  log?: string,
): Promise<Running> {
  const [program = "", ...rest] = words;
  const printed = log === undefined ? "pipe" : openSync(log, "a");
  const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: ["ignore", printed, "pipe"] });
  if (typeof printed === "number") closeSync(printed);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data) => {
      said = `${said}${data}`.slice(-2_000);
    });
  const until = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > until)
      throw new Error(`${program} did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return running(child, port, basename(program));
}

function running(child: ChildProcess, port: number, name: string): Running {
  const pids = () => (child.pid === undefined ? [] : [child.pid, ...childrenOf(child.pid)]);
  const sum = (figure: (pid: number) => number) => pids().reduce((all, pid) => all + figure(pid), 0);
  return {
    port,
    parts: {
      [name]: {
        cpuSeconds: () => sum((pid) => (stat(pid, 13) + stat(pid, 14)) / TICKS),
        memory: () => sum((pid) => (stat(pid, 23) * PAGE_BYTES) / 1e6),
      },
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.on("exit", () => resolve());
        // Once it has ended they are nobody's children, and stay.
        for (const pid of pids().reverse()) kill(pid);
      }),
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
      .on("connect", () => resolve(true))
      .on("error", () => resolve(false))
      .on("connect", () => socket.destroy());
  });
}

/** A field of proc(5)'s stat, counted from 0; 0 of a process that is gone. */
function stat(pid: number, field: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[field - 2]);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((each) => !Number.isNaN(each) && stat(each, 3) === pid);
}
