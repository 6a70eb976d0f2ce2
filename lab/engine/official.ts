import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { findExecutable } from "./place";
import { isAtLeast, parseVersion } from "./version";

const run = promisify(execFile);

/** An answer to `pulumi version` takes a tenth of a second; a launcher that hangs must not hang us. */
const VERSION_TIME_LIMIT_MS = 20_000;

export interface OfficialEngine {
  readonly pulumi: string;
  readonly version: string;
}

/**
 * The first `pulumi` in the folders, if it runs and is `minimum` or newer. One that is there but unusable is named
 * by `progress`, so that nobody wonders why their installation is passed over.
 */
export async function findOfficialEngine(
  folders: readonly string[],
  minimum: string,
  environment: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<OfficialEngine | undefined> {
  const pulumi = findExecutable("pulumi", folders);
  if (!pulumi) return undefined;
  try {
    const { stdout } = await run(pulumi, ["version"], {
      env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: VERSION_TIME_LIMIT_MS,
      killSignal: "SIGKILL",
    });
    if (isAtLeast(stdout, minimum)) return { pulumi, version: parseVersion(stdout)?.join(".") ?? minimum };
    progress(
      `${pulumi} is ${stdout.trim() || "of an unknown version"}, ${minimum} or newer is needed: not used`,
    );
  } catch (error) {
    progress(`${pulumi} does not answer to "pulumi version": not used (${firstLine(error)})`);
  }
  return undefined;
}

/** Whether an official installation brings this executable: on the user's PATH, or beside the real `pulumi`. */
export function shipsWith(pulumi: string, folders: readonly string[]): (name: string) => boolean {
  const candidates = [...folders, dirname(realpathSync(pulumi))];
  return (name) => findExecutable(name, candidates) !== undefined;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1).join();
}
