import { connect } from "node:net";

/** Longer than anything that the edge waits for by itself. */
const PATIENCE_MS = 120_000;

/**
 * Sends bytes as they are, and gives all that comes back until the other side closes the connection, or until `isWhole` says
 * that this is all. What goes wrong with writing after the other side has answered and closed is no matter.
 */
export function rawRequest(
  port: number,
  bytes: string | Buffer | AsyncIterable<Buffer>,
  isWhole: (said: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const socket = connect(port, "127.0.0.1");
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection stays open after: ${said.slice(0, 200)}`));
    }, PATIENCE_MS);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      said += text;
      if (isWhole(said)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(said);
    });
    if (typeof bytes === "string" || Buffer.isBuffer(bytes)) socket.write(bytes);
    else
      void writeAll(bytes, (part) => {
        if (!socket.destroyed) socket.write(part);
        return !socket.destroyed;
      });
  });
}

async function writeAll(parts: AsyncIterable<Buffer>, write: (part: Buffer) => boolean): Promise<void> {
  for await (const part of parts) if (!write(part)) return;
}

/** Status of the answers that came, in their order. */
export const statusesOf = (said: string): number[] =>
  [...said.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
