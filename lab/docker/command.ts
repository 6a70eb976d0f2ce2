import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOptions {
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** What the program reads on its standard input. Default nothing. */
  input?: string;
  /** Ends the program; the call then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How the program is ended. Default SIGTERM. */
  endBy?: NodeJS.Signals;
  /** Gets each line of both outputs as it comes. */
  onLine?: (line: string) => void;
}

export interface Outcome {
  /** Exit code; 127 when there is no such program, null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. Does not throw for its exit code. */
export type Run = (program: string, words: readonly string[], options?: CommandOptions) => Promise<Outcome>;

/** Runs a program of this machine, without a shell. */
export const runCommand: Run = async (program, words, { cwd, env, input, signal, endBy, onLine } = {}) => {
  signal?.throwIfAborted();
  const child = spawn(program, words, {
    cwd,
    // Messages are read by people who may send them to us, and by us: in one language.
    env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that ends without reading breaks the pipe; its exit code says what was wrong.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const stop = () => child.kill(endBy ?? "SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  const outcome: Outcome = { status: null, stdout: "", stderr: "" };
  const collect = (stream: "stdout" | "stderr") =>
    createInterface({ input: child[stream] }).on("line", (line) => {
      outcome[stream] += `${line}\n`;
      onLine?.(line);
    });
  collect("stdout");
  collect("stderr");
  try {
    outcome.status = await new Promise<number | null>((resolve, reject) => {
      child.on("error", (cause: NodeJS.ErrnoException) =>
        cause.code === "ENOENT" ? resolve(127) : reject(cause),
      );
      child.on("close", resolve);
    });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
  return outcome;
};

/** The last lines of what a program said: where it says why it failed. */
export const lastWords = (text: string, lines = 12): string =>
  text.trim().split("\n").slice(-lines).join("\n");
