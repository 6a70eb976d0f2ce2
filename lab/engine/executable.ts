import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT } from "../../stacks/stack-file";

const TYPESCRIPT = join(PROJECT, "library", "typescript.cjs");

/**
 * Writes a tiny executable that becomes `node ARGUMENTS…` with its own arguments behind. `exec` keeps it one process,
 * so that the engine's signals and its view of the exit status reach the program itself. An equal file is left alone;
 * a new one is renamed into place, because another run may be starting the old one right now.
 */
export function writeNodeExecutable(path: string, nodeArguments: readonly string[]): void {
  const command = [process.execPath, ...nodeArguments].map(quoteForShell).join(" ");
  const text = `#!/bin/sh\nexec ${command} "$@"\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, path);
}

/** Node arguments that run a TypeScript file from any working directory (it costs about 25 ms over plain JavaScript). */
export function typescriptArguments(file: string): string[] {
  return ["--require", TYPESCRIPT, file];
}

/** Removes a generated executable whose official counterpart has turned up. */
export function removeExecutable(path: string): void {
  rmSync(path, { force: true });
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
