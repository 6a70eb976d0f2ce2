import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { z } from "zod";
import type { FailoverSettings } from "../../components/core/failover/settings";

/** No member of etcd gave an answer in time: whether the request was carried out is not known. */
export class EtcdError extends Error {}

/** Asks etcd's JSON gateway (`/v3/…`): one request to one member. Throws EtcdError without a good answer in time. */
export type EtcdCall = (path: string, body: object) => Promise<unknown>;

const MOST_BYTES = 4 * 2 ** 20;

/**
 * A client of the members, by TLS with the host's certificate. A member that does not answer within `deadlineMs` is left for
 * the next one, which the next request goes to: a request itself is never sent twice.
 */
export function etcdClient(
  { endpoints, ca, certificate, key }: FailoverSettings["etcd"],
  deadlineMs: number,
): EtcdCall {
  let [at, agent] = [0, connectionsOf({ ca, certificate, key })];
  return async (path, body) => {
    const asked = at;
    const endpoint = endpoints[asked % endpoints.length] ?? "";
    try {
      return await post(agent, new URL(path, endpoint), body, deadlineMs);
    } catch (error) {
      // Of several that fail together the first one moves on.
      if (at === asked) {
        at++;
        agent.destroy();
        // A certificate may have been renewed since.
        agent = connectionsOf({ ca, certificate, key });
      }
      throw new EtcdError(`${endpoint}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

/** One connection for each loop that asks: renewals never wait behind a slow look. */
const connectionsOf = (paths: Pick<FailoverSettings["etcd"], "ca" | "certificate" | "key">): Agent =>
  new Agent({
    keepAlive: true,
    maxSockets: 4,
    ca: readFileSync(paths.ca),
    cert: readFileSync(paths.certificate),
    key: readFileSync(paths.key),
    minVersion: "TLSv1.2",
  });

const failure = z.object({ error: z.string() });

function post(agent: Agent, url: URL, body: object, deadlineMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // A deadline over all of it: a frozen member takes a connection and says nothing.
    const signal = AbortSignal.timeout(deadlineMs);
    const asked = request(url, { method: "POST", agent, signal }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MOST_BYTES) asked.destroy(new Error("the answer is too long"));
        chunks.push(chunk);
      });
      answer.on("error", reject);
      answer.on("end", () => {
        try {
          const read: unknown = JSON.parse(Buffer.concat(chunks).toString());
          if (answer.statusCode === 200) resolve(read);
          else reject(new Error(failure.safeParse(read).data?.error ?? `HTTP ${answer.statusCode}`));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on("error", (error) =>
      reject(signal.aborted ? new Error(`no answer within ${deadlineMs} ms`) : error),
    );
    asked.end(JSON.stringify(body));
  });
}
