import { spawn } from "node:child_process";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";

/** Unpacks the archive that Docker makes of a folder of a host. */
export async function untar(archive: NodeJS.ReadableStream, folder: string): Promise<void> {
  const child = spawn("tar", ["-x", "--no-same-owner", "-C", folder], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(child, "close");
  await pipeline(archive, child.stdin);
  const [code]: unknown[] = await ended;
  if (code !== 0) throw new Error(`tar ended with ${String(code)}`);
}
