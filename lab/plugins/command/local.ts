import { spawn } from "node:child_process";
import { resource } from "../resource";
import { commandSpec, type Execution, type Finished } from "./command";
import { type LocalInputs, localSchema } from "./schema";

const DEFAULT_INTERPRETER = ["/bin/sh", "-c"];

/** `command:local:Command`: runs on the operator's machine. */
export const localCommand = resource(
  commandSpec<LocalInputs>(localSchema, (state) => localSchema.strip().parse(state), runLocally),
);

function runLocally(inputs: LocalInputs, execution: Execution): Promise<Finished> {
  const [program = "/bin/sh", ...args] = inputs.interpreter ?? DEFAULT_INTERPRETER;
  return new Promise((resolve, reject) => {
    execution.signal.throwIfAborted();
    // A group of its own, so that a cancel also ends what the shell started.
    const child = spawn(program, [...args, execution.command], {
      cwd: inputs.dir,
      env: { ...process.env, ...execution.environment },
      stdio: "pipe",
      detached: true,
    });
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        texts[stream] += text;
        execution.show(stream, text);
      });
    }
    const abort = () => {
      if (child.pid) process.kill(-child.pid, "SIGTERM");
    };
    execution.signal.addEventListener("abort", abort, { once: true });
    child.on("error", (error) => {
      execution.signal.removeEventListener("abort", abort);
      reject(new Error(`cannot run ${program}${inputs.dir ? ` in ${inputs.dir}` : ""}: ${error.message}`));
    });
    child.on("close", (code, signalName) => {
      execution.signal.removeEventListener("abort", abort);
      if (execution.signal.aborted) return reject(new Error(`cancelled: ${execution.command}`));
      resolve({ ...texts, failure: failureOf(code, signalName) });
    });
    // A program that does not read its input may be gone before all of it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(execution.stdin);
  });
}

/** How a program failed, in the official provider's words; undefined for success. */
export function failureOf(
  code: number | null | undefined,
  signalName: string | null | undefined,
): string | undefined {
  if (code === 0) return undefined;
  return typeof code === "number" ? `exit status ${code}` : `ended by signal ${signalName ?? "unknown"}`;
}
