import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Change, propertyOf } from "../diff";
import type { Call, ResourceSpec } from "../resource";
import type { Properties } from "../value";
import type { CommandInputs } from "./schema";

/** One run of a command, wherever it runs. */
export interface Execution {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly signal: AbortSignal;
  /** Takes the output as it comes, for the operator's eyes. */
  readonly show: (stream: Stream, text: string) => void;
  /** Tells the operator something about the run itself. */
  readonly note: (text: string) => void;
}

type Stream = "stdout" | "stderr";

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  /** `exit status 3`, `signal TERM`; undefined for success. */
  readonly failure?: string | undefined;
}

/** Changes that only the state must learn of: how to get there, what to run later, what to show. */
const QUIET = new Set(["connection", "delete", "logging", "addPreviousOutputInEnv"]);

/** Inputs that a program's output can repeat. */
const REPEATED = ["create", "update", "delete", "environment", "stdin"];

/**
 * The life of a command resource: `create` once, `update ?? create` on a change that matters, `delete` at the end. A
 * change of `triggers` replaces it.
 */
export function commandSpec<Inputs extends CommandInputs>(
  schema: z.ZodType<Inputs>,
  parseState: (state: Properties) => Inputs,
  run: (inputs: Inputs, execution: Execution) => Promise<Finished>,
): ResourceSpec<Inputs> {
  const perform = async (call: Call, inputs: Inputs, command: string | undefined, previous: Properties) => {
    if (command === undefined) return {};
    const { execution, flush } = executionOf(call, inputs, command, previous);
    const finished = await run(inputs, execution);
    flush();
    if (finished.failure) throw new Error(failureMessage(command, finished, finished.failure));
    return { stdout: withoutLastNewline(finished.stdout), stderr: withoutLastNewline(finished.stderr) };
  };
  return {
    schema,
    computed: { stdout: REPEATED, stderr: REPEATED },
    inPlace: (change) => propertyOf(change) !== "triggers",
    recomputes: isLoud,
    create: async (call, inputs) => {
      const outputs = await perform(call, inputs, inputs.create, {});
      return { id: randomUUID(), outputs: { stdout: "", stderr: "", ...outputs } };
    },
    // There is nothing to look at: what a command did is not known to its runner.
    read: async (_call, _id, inputs) => {
      if (!inputs) throw new Error("a command cannot be imported: it has no existence but its run");
      return { inputs: {}, outputs: {} };
    },
    update: async (call, _id, inputs, { state, changes }) =>
      isLoud(changes) ? perform(call, inputs, inputs.update ?? inputs.create, state) : {},
    delete: async (call, _id, state) => {
      if (state.delete === undefined) return;
      const inputs = parseState(state);
      await perform(call, inputs, inputs.delete, state);
    },
  };
}

function isLoud(changes: readonly Change[]): boolean {
  return changes.some((change) => !QUIET.has(propertyOf(change)));
}

function executionOf(call: Call, inputs: CommandInputs, command: string, previous: Properties) {
  const shown = inputs.logging ?? "stdoutAndStderr";
  const lines = { stdout: lineSplitter(showLine), stderr: lineSplitter(showLine) };
  function showLine(line: string) {
    call.log("info", line);
  }
  const execution: Execution = {
    command,
    environment: { ...inputs.environment, ...previousOutput(inputs, previous) },
    stdin: inputs.stdin ?? "",
    signal: call.signal,
    show: (stream, text) => {
      if (shown === stream || shown === "stdoutAndStderr") lines[stream].add(text);
    },
    note: (text) => call.log("info", text),
  };
  const flush = () => {
    lines.stdout.end();
    lines.stderr.end();
  };
  return { execution, flush };
}

function previousOutput(inputs: CommandInputs, previous: Properties): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  const named = { PULUMI_COMMAND_STDOUT: previous.stdout, PULUMI_COMMAND_STDERR: previous.stderr };
  return Object.fromEntries(
    Object.entries(named).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])),
  );
}

function lineSplitter(show: (line: string) => void) {
  let rest = "";
  return {
    add: (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) show(line);
    },
    end: () => {
      if (rest) show(rest);
    },
  };
}

function failureMessage(command: string, { stdout, stderr }: Finished, failure: string): string {
  return `${failure}: running ${JSON.stringify(command)}:\n${stderr}${stdout}`.trimEnd();
}

function withoutLastNewline(text: string): string {
  return text.replace(/\n$/, "");
}
