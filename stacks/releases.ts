import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { error, type Finding } from "../components/core/config/finding";
import { type LockEntry, type Release, releaseLockSchema } from "../components/core/releases";
import { projectProgram } from "./project-program";
import { PROJECT } from "./stack-file";

/**
 * Reads a release lock, and hashes what is built from this repository. `path` is relative to the project's folder; a lock
 * that is not there may be the one that comes with nodewright.
 */
export function loadReleases(path: string, folder = PROJECT): { releases: Release[]; findings: Finding[] } {
  const own = resolve(folder, path);
  const file = existsSync(own) ? own : resolve(PROJECT, path);
  if (!existsSync(file))
    return {
      releases: [],
      findings: [error("releases", `${path} is not there: the release lock pins what hosts install`)],
    };
  const { value, problem } = parseLock(readFileSync(file, "utf8"));
  if (problem !== undefined) return { releases: [], findings: [error("releases", `${path}: ${problem}`)] };
  const parsed = releaseLockSchema.safeParse(value);
  if (!parsed.success) {
    const findings = parsed.error.issues.map((issue) =>
      error("releases", `${path}: ${issue.path.join(".")} ${issue.message}`),
    );
    return { releases: [], findings };
  }
  return { releases: parsed.data.releases.map(resolveRelease), findings: [] };
}

/** The content of a lock: JSON, in which comments may stand. */
export function parseLock(text: string): { value: unknown; problem?: string } {
  const faults: ParseError[] = [];
  const value: unknown = parse(text, faults, { allowTrailingComma: true });
  const [fault] = faults;
  if (!fault) return { value };
  const line = text.slice(0, fault.offset).split("\n").length;
  return { value, problem: `is no JSON: ${printParseErrorCode(fault.error)} in line ${line}` };
}

const resolveRelease = (entry: LockEntry): Release => ({
  ...entry,
  sha256: entry.sha256 ?? createHash("sha256").update(bundleProgram(entry)).digest("hex"),
});

/** Where a package has what is built from this repository: it has no sources. */
export const builtProgram = (name: string): string => join(PROJECT, "dist", "programs", `${name}.cjs`);

/** The bytes of a release that is built from this repository: one CommonJS file, the same on every machine. */
export function bundleProgram({ name, source }: LockEntry): Uint8Array {
  if (source.kind !== "project") throw new Error(`${name} is not built from this repository`);
  if (!existsSync(join(PROJECT, source.entry))) return readFileSync(builtProgram(name));
  return projectProgram(source.entry);
}
