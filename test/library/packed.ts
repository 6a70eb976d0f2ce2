import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROJECT } from "../../stacks/stack-file";

const LIMIT_MS = 600_000;

/** Runs a command to its end. Throws with all that it said where it fails. */
export function run(words: readonly string[], cwd: string, env: Record<string, string> = {}): string {
  const [program = "", ...rest] = words;
  const { status, stdout, stderr, error } = spawnSync(program, rest, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: LIMIT_MS,
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0)
    throw new Error(`${words.join(" ")} ended with ${status ?? error?.message}:\n${stdout}${stderr}`);
  return stdout;
}

/** A folder of somebody else's, which has the package as npm lays it down, and what it declares to need; nothing more. */
export class OwnRepository {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-own-"));

  /** Builds and packs this repository, and unpacks it here. */
  install(): void {
    run([process.execPath, "lab/start.mjs", "library/build.ts"], PROJECT);
    run(["npm", "pack", "--ignore-scripts", "--pack-destination", this.folder], PROJECT);
    const [tarball = ""] = readdirSync(this.folder).filter((name) => name.endsWith(".tgz"));
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, "nodewright"), { recursive: true });
    run(["tar", "-xzf", tarball, "--strip-components=1", "-C", "node_modules/nodewright"], this.folder);
    for (const name of Object.keys(this.manifest("node_modules/nodewright").dependencies)) this.provide(name);
  }

  manifest(folder = "."): { dependencies: Record<string, string> } {
    return JSON.parse(readFileSync(join(this.folder, folder, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
  }

  /** A package that is installed here already, in place of a download of the same version. */
  provide(name: string): void {
    const link = join(this.folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules", name), link);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  node(...words: string[]): string {
    return run([process.execPath, ...words], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
