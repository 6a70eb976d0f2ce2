import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { isAlive } from "../docker/process";

const INCOMING = "incoming-";
const PARTIAL = "partial-";

/** A folder of files named by the sha256 of their content; hosts take what they install from it. */
export interface Mirror {
  /** Where a file of this hash lies, or would. */
  path(sha256: string): string;
  /** Whether the file is there and still has its hash. One that has changed is removed. */
  has(sha256: string): Promise<boolean>;
  /** Gives `work` a folder of its own for files that nobody has verified, and removes it afterwards. */
  incoming<Result>(name: string, work: (folder: string) => Promise<Result>): Promise<Result>;
  /** Takes a file in under its hash. Verify it first. */
  admit(file: string, sha256: string): Promise<void>;
  /** Takes out what an earlier download of a file brought, into a folder, to go on with. Answers with the path, where there may be nothing. */
  takePartial(sha256: string, folder: string): Promise<string>;
  /** Keeps half a file for the next download. */
  leavePartial(file: string): Promise<void>;
  /** Removes every file of the mirror's own naming but these; answers with their names. Strangers' files stay. */
  prune(keep: readonly string[]): Promise<string[]>;
}

/** Opens a mirror, and removes what fetches left that were killed. */
export async function openMirror(folder: string): Promise<Mirror> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = Number(/^incoming-(\d+)-/.exec(name)?.[1]);
    if (name.startsWith(INCOMING) && !isAlive(pid)) await clear(join(folder, name), folder);
  }
  const path = (sha256: string) => join(folder, sha256);
  return {
    path,
    async has(sha256) {
      if (!existsSync(path(sha256))) return false;
      const good = (await sha256Of(path(sha256))) === sha256;
      if (!good) await rm(path(sha256), { force: true });
      return good;
    },
    async incoming(name, work) {
      const own = join(folder, `${INCOMING}${process.pid}-${name}`);
      await rm(own, { recursive: true, force: true });
      await mkdir(own);
      try {
        return await work(own);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
    async admit(file, sha256) {
      const handle = await open(file, "r+");
      // Hosts' agents run as other users; and a power cut must not leave the name without the content.
      await handle
        .chmod(0o644)
        .then(() => handle.sync())
        .finally(() => handle.close());
      await rename(file, path(sha256));
      await rm(join(folder, `${PARTIAL}${sha256}`), { force: true });
    },
    async takePartial(sha256, to) {
      const name = `${PARTIAL}${sha256}`;
      await rename(join(folder, name), join(to, name)).catch(ignoreMissing);
      return join(to, name);
    },
    leavePartial: (file) => rename(file, join(folder, basename(file))).catch(ignoreMissing),
    async prune(keep) {
      const ours = (await readdir(folder)).filter((name) => OURS.test(name));
      const old = ours.filter((name) => !keep.includes(name)).sort();
      for (const name of old) await rm(join(folder, name), { force: true });
      return old;
    },
  };
}

const OURS = new RegExp(`^(${PARTIAL})?[0-9a-f]{64}$`);

const ignoreMissing = (cause: NodeJS.ErrnoException): void => {
  if (cause.code !== "ENOENT") throw cause;
};

/** Removes the folder of a fetch that was killed; half a file that can be gone on with stays. */
async function clear(incoming: string, mirror: string): Promise<void> {
  for (const name of await readdir(incoming))
    if (name.startsWith(PARTIAL)) await rename(join(incoming, name), join(mirror, name));
  await rm(incoming, { recursive: true, force: true });
}

/** Lower-case hex sha256 of a file's content. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}
