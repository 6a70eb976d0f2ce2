import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import { type Endpoint, parseEndpoint } from "../components/core/network/endpoint";
import type { Metric } from "./metric";
import { metricsText } from "./metrics";
import { keepPeers } from "./peers/keeper";
import { type HostStatus, hostStatus, isHealthy } from "./status";
import { HostError, type System } from "./system";
import { watch } from "./watch";

/** `10.0.0.1:9400` or `[fd00::1]:9400`. */
export function parseAddress(text: string): Endpoint {
  const address = parseEndpoint(text);
  if (!address) throw new HostError(`${text}: give ADDRESS:PORT, an IPv6 address in [ ]`);
  return address;
}

/** However often it is asked, the host is looked at once at a time, and not again so soon after. */
const FRESH_MS = 1_000;

/** Serves status, health and metrics on each address, and keeps nodeos' peers meanwhile. Answers with the servers once all listen. */
export async function serve(system: System, addresses: readonly Endpoint[]): Promise<Server[]> {
  const look = cached(system);
  const watching = watch(system, look);
  const keeping = keepPeers(system);
  const current = async (): Promise<HostStatus> => {
    const [status, verification] = [await look(), watching.latest()];
    return verification ? { ...status, verification } : status;
  };
  return Promise.all(
    addresses.map(async ({ host, port }) => {
      const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
        void answer(request, response, current, watching.measured);
      });
      server.maxConnections = 64;
      server.once("close", watching.stop).once("close", keeping.stop);
      // [::] would take the IPv4 port as well, and 0.0.0.0 beside it would then fail.
      server.listen({ host, port, ipv6Only: isIPv6(host) });
      await once(server, "listening");
      return server;
    }),
  );
}

function cached(system: System): () => Promise<HostStatus> {
  let latest: Promise<HostStatus> | undefined;
  let staleAt = 0;
  const look = (): Promise<HostStatus> => {
    staleAt = Number.POSITIVE_INFINITY;
    return hostStatus(system).finally(() => {
      staleAt = performance.now() + FRESH_MS;
    });
  };
  return () => {
    if (!latest || performance.now() >= staleAt) latest = look();
    return latest;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  current: () => Promise<HostStatus>,
  measured: () => readonly Metric[],
): Promise<void> {
  const send = (code: number, type: string, body: string) =>
    response.writeHead(code, { "content-type": type, "cache-control": "no-store" }).end(body);
  const route = routes[(request.url ?? "").replace(/\?.*/, "")];
  if (!route) return void send(404, "text/plain", "there are /status, /healthz and /metrics\n");
  if (request.method !== "GET") return void send(405, "text/plain", "GET only\n");
  try {
    route(await current(), send, measured());
  } catch (error) {
    send(
      503,
      "text/plain",
      error instanceof HostError
        ? `${error.message}\n`
        : "the host cannot be looked at; see the agent's log\n",
    );
    if (!(error instanceof HostError)) console.error(error);
  }
}

type Send = (code: number, type: string, body: string) => void;

const routes: Record<string, (status: HostStatus, send: Send, measured: readonly Metric[]) => void> = {
  "/status": (status, send) => send(200, "application/json", `${JSON.stringify(status)}\n`),
  "/healthz": (status, send) => {
    const ill = status.services
      .filter(({ healthy }) => !healthy)
      .map(({ unit, state, detail }) => `${unit}: ${state} ${detail}`.trim());
    if (isHealthy(status)) send(200, "text/plain", "healthy\n");
    else
      send(
        503,
        "text/plain",
        `${[...ill, ...(ill.length === 0 ? ["the last provision did not come to a good end"] : [])].join("\n")}\n`,
      );
  },
  "/metrics": (status, send, measured) =>
    send(200, "text/plain; version=0.0.4; charset=utf-8", metricsText(status, measured)),
};
