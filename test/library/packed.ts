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

/** What npm says where it could not reach a registry: nothing of it is the package's fault. */
const NO_REGISTRY =
  /\b(ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** A folder of somebody else's, with these files, which has the package as npm installs it. */
export class OwnRepository {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-own-"));

  /** Builds and packs this repository, and installs what the folder's package.json names, the tarball among it. */
  install(): void {
    run([process.execPath, "lab/start.mjs", "library/build.ts"], PROJECT);
    run(["npm", "pack", "--ignore-scripts", "--pack-destination", this.folder], PROJECT);
    const words = ["npm", "install", "--prefix", this.folder, "--prefer-offline", "--ignore-scripts"];
    try {
      run([...words, "--no-audit", "--no-fund"], this.folder);
    } catch (cause) {
      if (!NO_REGISTRY.test(String(cause))) throw cause;
      process.stdout.write(
        "    no registry answers: the tarball is unpacked, beside this repository's packages\n",
      );
      this.unpack();
    }
  }

  private unpack(): void {
    const modules = join(this.folder, "node_modules");
    rmSync(modules, { recursive: true, force: true });
    mkdirSync(join(modules, "nodewright"), { recursive: true });
    const [tarball = ""] = readdirSync(this.folder).filter((name) => name.endsWith(".tgz"));
    run(["tar", "-xzf", tarball, "--strip-components=1", "-C", "node_modules/nodewright"], this.folder);
    const needed = [this.manifest(), this.manifest("node_modules/nodewright")];
    for (const name of new Set(needed.flatMap(({ dependencies }) => Object.keys(dependencies))))
      if (name !== "nodewright") this.provide(name);
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
