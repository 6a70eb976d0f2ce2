import { Agent, request } from "node:http";
import { buffer } from "node:stream/consumers";

/** Connections are kept: each call of a client is one of ours. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends JSON by POST and gives the body of the answer. Throws when there is none, or one with another status than 2xx.
 * `url` is plain http; `timeout` in milliseconds of silence, default 30 000.
 */
export function post(url: string, body: Buffer | string, timeout = 30_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent,
      method: "POST",
      timeout,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${timeout} ms`)));
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const { statusCode = 0 } = response;
      buffer(response).then((answer) => {
        if (statusCode >= 200 && statusCode < 300) resolve(answer);
        else reject(new Error(`answered with status ${statusCode}`));
      }, reject);
    });
    outgoing.end(body);
  });
}
