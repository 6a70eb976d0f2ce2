import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback whose paths answer as they are told. Call `close` at the end. */
export async function fileServer(paths: Record<string, Answer>) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push(`${path}${request.headers.range ? ` ${request.headers.range}` : ""}`);
    const answer = paths[path];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    requests,
    paths,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The whole file, or the part of it that is asked for. */
export const gives =
  (content: Buffer): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from > 0 && from >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    const part = content.subarray(from);
    const range = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, { "content-length": part.length, ...(from > 0 ? range : {}) });
    response.end(part);
  };

/** Says how long the file is, sends so many bytes, and breaks off: each time, or so many times. */
export function breaksOff(content: Buffer, after: number, times = Number.POSITIVE_INFINITY): Answer {
  let left = times;
  return (request, response) => {
    if (left <= 0) return gives(content)(request, response);
    left -= 1;
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, after), () => response.destroy());
  };
}

export const redirects =
  (to: string): Answer =>
  (_, response) =>
    void response.writeHead(302, { location: to }).end();

export const answers =
  (status: number, body = ""): Answer =>
  (_, response) =>
    void response.writeHead(status).end(body);
