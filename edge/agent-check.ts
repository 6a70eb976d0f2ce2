import { createServer, type Server } from "node:net";
import type { Pool } from "./pool";

/** Longer than any name of a server; what asks more is not HAProxy. */
const QUESTION_LIMIT = 256;

/**
 * Answers HAProxy's agent check (its configuration manual, `agent-check`): a server's name, ended by a semicolon, and back `up` or
 * `down`. HAProxy takes silence for no opinion, so a gateway that is gone takes no node with it.
 */
export function agentCheck(pool: Pool): Server {
  return createServer((socket) => {
    let question = "";
    socket.setEncoding("latin1").setTimeout(2_000, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("data", (text: string) => {
      question += text;
      if (question.length > QUESTION_LIMIT) return void socket.destroy();
      const name = /^([^;]*);/.exec(question)?.[1];
      if (name === undefined) return;
      const verdict = pool.verdict(name);
      socket.end(verdict === undefined ? "\n" : verdict.up ? "up\n" : "down\n");
    });
  });
}
