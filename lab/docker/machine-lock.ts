import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";

const AGAIN_MS = 200;

/**
 * Does something while no other process of this machine does what has the same name; waits for its turn. The lock is a
 * name in Linux's abstract socket space: the kernel takes it back however its holder ends.
 */
export async function inTurn<Result>(
  name: string,
  work: () => Promise<Result>,
  { waiting, signal }: { waiting: () => void; signal?: AbortSignal | undefined },
): Promise<Result> {
  const address = `\0nodewright-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  let server = await listen(address);
  if (!server) waiting();
  while (!server) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    signal?.throwIfAborted();
    server = await listen(address);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

const listen = (address: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once("error", (cause: NodeJS.ErrnoException) =>
      cause.code === "EADDRINUSE" ? resolve(undefined) : reject(cause),
    );
    server.listen(address, () => resolve(server));
  });
