import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../docker/process";

const INCOMING = "incoming-";

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
}

/** Opens a mirror, and removes what fetches left that were killed. */
export async function openMirror(folder: string): Promise<Mirror> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = Number(/^incoming-(\d+)-/.exec(name)?.[1]);
    if (name.startsWith(INCOMING) && !isAlive(pid))
      await rm(join(folder, name), { recursive: true, force: true });
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
    },
  };
}

/** Lower-case hex sha256 of a file's content. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}
