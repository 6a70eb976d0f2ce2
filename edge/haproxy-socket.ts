import { connect } from "node:net";
import { text } from "node:stream/consumers";

const PATIENCE_MS = 2_000;

/** Asks HAProxy's own socket (its management guide, section 9.3). Rejects where nobody answers in time. */
export async function askHaproxy(path: string, command: string): Promise<string> {
  const socket = connect(path);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`${path}: no answer in time`)));
  socket.write(`${command}\n`);
  return text(socket);
}
