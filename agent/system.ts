import { spawn } from "node:child_process";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { remedyFor } from "./remedy";

export type Command = readonly [program: string, ...args: string[]];

export interface Outcome {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface Space {
  /** What is left for others than root. */
  freeBytes: number;
  totalBytes: number;
}

/** The machine, as far as the steps touch it. Tests put a folder and their own commands in its place. */
export interface System {
  /** Where a path of the host lies for this process. */
  path(path: string): string;
  /** Runs a command to its end. Never throws for its exit code; 127 means that there is no such program. */
  run(command: Command, input?: Buffer): Promise<Outcome>;
  /** Room on the file system that holds a path. */
  space(path: string): Promise<Space>;
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** A failure that the operator can act on: its message says what to do. */
export class HostError extends Error {}

/** This machine. `root` is put before every path, default none. */
export function machine(root = "/"): System {
  return {
    path: (path) => join(root, path),
    run: runCommand,
    space: async (path) => {
      const { bavail, blocks, bsize } = await statfs(join(root, path));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    now: () => new Date(),
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
}

/** Runs a command that must succeed; answers with its standard output. Its error names the command, never its input. */
export async function mustRun(system: System, command: Command, input?: Buffer): Promise<Buffer> {
  const { code, stdout, stderr } = await system.run(command, input);
  if (code === 0) return stdout;
  const words = stderr.trim() || stdout.toString().trim();
  const said = [lastLines(words, 15), remedyFor(words)].filter(Boolean).map((line) => `\n${line}`);
  throw new HostError(`${command.join(" ")}: exit ${code}${said.join("")}`);
}

const lastLines = (text: string, count: number): string => text.split("\n").slice(-count).join("\n");

function runCommand([program, ...args]: Command, input?: Buffer): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      LC_ALL: "C",
      DEBIAN_FRONTEND: "noninteractive",
      SYSTEMD_COLORS: "0",
      SYSTEMD_PAGER: "",
    };
    const child = spawn(program, args, { env, stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT"
        ? resolve({ code: 127, stdout: Buffer.alloc(0), stderr: `${program}: no such program` })
        : reject(error),
    );
    child.on("close", (code) =>
      resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
