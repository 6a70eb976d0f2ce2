import { createHash } from "node:crypto";
import { createConnection, createServer, type Server } from "node:net";
import { UserError } from "../components/core/config/finding";

/** Ends the exclusive time. */
export type Release = () => void;

/**
 * Takes the right to change one lab. A name in Linux's abstract socket space: the kernel gives it to one process and
 * takes it back however that process ends, so no stale lock is ever left. Throws a `UserError` that says who holds it.
 */
export async function takeTurn(folder: string, doing: string): Promise<Release> {
  const address = `\0nodewright-${createHash("sha256").update(folder).digest("hex").slice(0, 32)}`;
  const server = createServer((connection) => connection.end(JSON.stringify({ pid: process.pid, doing })));
  if (await listens(server, address)) {
    server.unref();
    return () => server.close();
  }
  const holder = await ask(address);
  throw new UserError(
    `another run is under way for this lab: ${holder}. Wait until it has ended, then run this again`,
  );
}

const listens = (server: Server, address: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      cause.code === "EADDRINUSE" ? resolve(false) : reject(cause),
    );
    server.listen(address, () => resolve(true));
  });

const ask = (address: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = "";
    const connection = createConnection(address);
    connection.setTimeout(2000, () => connection.destroy());
    connection.on("data", (data) => {
      answer += data;
    });
    connection.on("error", () => {});
    connection.on("close", () => resolve(describe(answer)));
  });

function describe(answer: string): string {
  try {
    const { pid, doing } = JSON.parse(answer) as { pid: number; doing: string };
    return `\`${doing}\`, process ${pid}`;
  } catch {
    return "it does not say what it does";
  }
}
