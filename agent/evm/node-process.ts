import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Fault, faultIn, worse } from "./fault";

/** A run of eos-evm-node. */
export interface NodeProcess {
  /** Why it ended by itself; undefined after a SIGTERM that it obeyed. */
  ended: Promise<Fault | undefined>;
  /** Asks it to end; after `graceSeconds` it is killed. */
  stop(): void;
}

/** Its database may be large; systemd waits a little longer than this. */
const GRACE_MS = 110_000;

/** Starts it, passes its lines on and reads its last words from them. `say` gets each line. */
export function startNode(
  [program = "", ...args]: readonly string[],
  say: (line: string) => void,
): NodeProcess {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let words: Fault | undefined;
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      words = worse(words, faultIn(line));
      say(line);
    });
  let isStopped = false;
  const ended = new Promise<Fault | undefined>((resolve) => {
    child.once("error", (error) => {
      say(`${program}: ${error.message}`);
      resolve("crash");
    });
    // "close", not "exit": the last words may still be in the pipe.
    child.once("close", (code, signal) => {
      if (words !== "ship" && words !== undefined) return resolve(words);
      // Status 0 without a word: its own orderly end, which comes with a lost connection.
      if (isStopped) return resolve(code === 0 || signal === "SIGTERM" ? undefined : "crash");
      resolve(words ?? (code === 0 ? "ship" : "crash"));
    });
  });
  return {
    ended,
    stop: () => {
      isStopped = true;
      terminate(child);
    },
  };
}

function terminate(child: ChildProcess): void {
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  child.once("close", () => clearTimeout(kill));
}
