import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type OpMap, type Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { UserError } from "../components/core/config/finding";
import { engineRuntime, PROJECT } from "../stacks/stack-file";
import { lastWords, runCommand } from "./docker/command";
import type { EngineSetup } from "./engine/setup";
import type { Room } from "./room";

/** How many resources each kind of step touched: `{ same: 17, update: 1 }`. */
export type Changes = Partial<OpMap>;

export interface EngineOptions {
  setup: EngineSetup;
  room: Room;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** Environment of every engine run of one lab. State stays in the lab's folder, encrypted by its own passphrase. */
export function engineEnv({ env }: EngineSetup, room: Room): Record<string, string> {
  if (!existsSync(room.passphrase))
    writeFileSync(room.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return {
    ...env,
    PULUMI_BACKEND_URL: `file://${room.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: room.passphrase,
  };
}

/** The stack on the lab's own backend. */
export async function openStack({ setup, room }: Pick<EngineOptions, "setup" | "room">): Promise<Stack> {
  // First of all: without a project in this folder the CLI would take the one above, and write into the user's files.
  const project = { name: "nodewright", runtime: engineRuntime(), main: join(PROJECT, "stacks/index.ts") };
  writeFileSync(join(room.folder, "Pulumi.yaml"), stringify(project));
  // The Automation API finds the CLI on this process's PATH.
  process.env.PATH = setup.env.PATH ?? process.env.PATH;
  const envVars = engineEnv(setup, room);
  return LocalWorkspace.createOrSelectStack({ stackName: room.stack, workDir: room.folder }, { envVars });
}

/** Stores a secret value in the lab's settings. It goes by standard input: an argument could be read by anyone. */
export async function setSecret(
  { setup, room }: Pick<EngineOptions, "setup" | "room">,
  key: string,
  value: string,
): Promise<void> {
  const words = ["config", "set", "--secret", key, "--stack", room.stack, "--non-interactive"];
  const { status, stderr } = await runCommand(setup.pulumi, words, {
    cwd: room.folder,
    env: engineEnv(setup, room),
    input: value,
  });
  if (status !== 0) throw new Error(`the engine could not store ${key}: ${lastWords(stderr)}`);
}

/** Brings the stack to what its settings say. Throws a `UserError` with what the engine found wrong. */
export async function up(stack: Stack, options: EngineOptions): Promise<Changes> {
  const { summary } = await told(options, (run) => stack.up(run));
  return summary.resourceChanges ?? {};
}

export const destroy = (stack: Stack, options: EngineOptions): Promise<unknown> =>
  told(options, (run) => stack.destroy(run));

interface RunOptions {
  onEvent: (event: EngineEvent) => void;
  signal: AbortSignal;
  color: "never";
  suppressProgress: true;
}

/** Runs the engine; a failure says what its diagnostics said, without the rest of its output. */
async function told<Result>(
  { progress, signal }: EngineOptions,
  run: (options: RunOptions) => Promise<Result>,
): Promise<Result> {
  const errors: string[] = [];
  const tell = follow(progress);
  const onEvent = (event: EngineEvent) => {
    const { severity, message, urn } = event.diagnosticEvent ?? {};
    // Said of the stack as a whole when a resource has failed, which has said why.
    const isEcho = message?.trim() === "update failed";
    if (severity === "error" && message && !isEcho)
      errors.push(`${nameOf(urn ?? "")}: ${withoutCommand(message)}`);
    tell(event);
  };
  try {
    return await run({ onEvent, signal, color: "never", suppressProgress: true });
  } catch (cause) {
    if (errors.length === 0 || signal.aborted) throw cause;
    throw new UserError(errors.join("\n"));
  }
}

/** What the remote program said; the command that the provider quotes before it is long and ours. */
const withoutCommand = (message: string): string => message.trim().replace(/ running "[^\n]*":\n/, "\n");

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

const VERBS: Record<string, [doing: string, done: string]> = {
  create: ["creating", "created"],
  update: ["changing", "changed"],
  delete: ["removing", "removed"],
  replace: ["replacing", "replaced"],
};

/** Tells what the engine does, a line an event. */
function follow(progress: (line: string) => void): (event: EngineEvent) => void {
  const say = (urn: string, op: string, tense: 0 | 1) => {
    const verb = VERBS[op]?.[tense];
    if (verb) progress(`${verb} ${nameOf(urn)}`);
  };
  return ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }) => {
    if (resourcePreEvent) say(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.op, 0);
    if (resOutputsEvent) say(resOutputsEvent.metadata.urn, resOutputsEvent.metadata.op, 1);
    if (diagnosticEvent?.severity === "info" && diagnosticEvent.message.trim() !== "") {
      const host = nameOf(diagnosticEvent.urn ?? "").replace(/-(document|secret-.*)$/, "");
      progress(`${host} ${diagnosticEvent.message.trim().split("\n").at(-1)}`.trim());
    }
  };
}
