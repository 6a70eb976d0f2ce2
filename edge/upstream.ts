import { Agent, request } from "node:http";

export class UpstreamError extends Error {
  constructor(
    message: string,
    /** Whether the request may have reached the other side. */
    readonly sent: boolean,
    readonly tooLarge = false,
    /** Whether it was a kept connection that had gone meanwhile. */
    readonly stale = false,
  ) {
    super(message);
  }
}

export interface UpstreamAnswer {
  status: number;
  text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 512, scheduling: "lifo" });

/**
 * Sends JSON by POST. Throws UpstreamError when no whole answer comes within `timeout` ms, or more than `most` bytes.
 * A kept connection that turns out to be closed is replaced once; with `keep` false none is kept.
 */
export async function post(
  url: string,
  body: string,
  timeout: number,
  most: number,
  keep = true,
): Promise<UpstreamAnswer> {
  try {
    return await attempt(url, body, timeout, most, keep);
  } catch (error) {
    if (error instanceof UpstreamError && error.stale) return attempt(url, body, timeout, most, false);
    throw error;
  }
}

function attempt(
  url: string,
  body: string,
  timeout: number,
  most: number,
  keep: boolean,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    let sent = false;
    let answered = false;
    const headers = { "content-type": "application/json", "content-length": bytes.length };
    const outgoing = request(url, { agent: keep ? agent : false, method: "POST", headers }, (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > most) outgoing.destroy(new UpstreamError(`answer over ${most} bytes`, true, true));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
      response.on("error", (error) => outgoing.destroy(error));
      response.on("aborted", () => fail(new UpstreamError("the answer broke off", true)));
    });
    const fail = (error: Error) => {
      clearTimeout(timer);
      const stale = outgoing.reusedSocket && "code" in error && error.code === "ECONNRESET" && !answered;
      reject(error instanceof UpstreamError ? error : new UpstreamError(error.message, sent, false, stale));
    };
    const timer = setTimeout(
      () => outgoing.destroy(new UpstreamError(`no answer within ${timeout} ms`, sent)),
      timeout,
    );
    outgoing.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", () => (sent = true));
      else sent = true;
    });
    outgoing.on("error", fail);
    outgoing.end(bytes);
  });
}
