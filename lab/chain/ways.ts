import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { UserError } from "../../components/core/config/finding";
import { knownAddress } from "../../components/core/network/address-ref";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import { execIn } from "../drills/run";

/** Milliseconds that a host may take for an answer. */
const TIMEOUT_MS = 60_000;

/** Ways from this machine to the nodeos of a lab. */
export interface Ways {
  close(): Promise<void>;
}

interface Given {
  status: number;
  body: string;
}

type Ask = (path: string, body: string) => Promise<Given>;

/**
 * Opens what a chain section names on loopback for as long as a lab comes up: its `endpoint` leads to a nodeos that the
 * cluster may ask, its `control` to the producer's own loopback, which nobody else reaches. Before a host is there they close
 * each connection at once. Throws a `UserError` where a port is taken.
 */
export async function openWays(plan: Plan, docker: Docker): Promise<Ways> {
  const { section } = plan.chain ?? {};
  if (!section) return { close: async () => {} };
  const producer = hostWith(plan, ({ producer }) => producer?.name === plan.network.birth?.producer);
  const open: Server[] = [];
  const close = async () => void (await Promise.all(open.map(closed)));
  try {
    for (const [path, url, ask] of [
      ["chain.endpoint", section.endpoint, throughCluster(plan, docker)],
      ["chain.control", section.control, throughHost(plan, docker, producer)],
    ] as const)
      if (url !== undefined && new URL(url).hostname === "127.0.0.1")
        open.push(await listening(path, Number(new URL(url).port), ask));
  } catch (cause) {
    await close();
    throw cause;
  }
  return { close };
}

function hostWith({ hosts }: Plan, fits: (host: HostPlan) => boolean): HostPlan {
  const host = hosts.find(fits);
  if (!host) throw new UserError("the chain of this lab has no host that could be asked");
  return host;
}

const containerOf = ({ stack }: Plan, docker: Docker, { name }: HostPlan) =>
  docker.getContainer(`${stack}-${name}`);

/** Throws where it is not there or does not run: its address would be asked in vain for long. */
async function mustRun(container: Docker.Container): Promise<void> {
  const { State } = await container.inspect();
  if (!State.Running) throw new Error("it does not run");
}

function throughCluster(plan: Plan, docker: Docker): Ask {
  const isOpen = (host: HostPlan) =>
    host.listeners.some(({ name, exposure }) => name === "http" && exposure === "cluster");
  const host = hostWith(plan, isOpen);
  const port = host.listeners.find(({ name }) => name === "http")?.port;
  const url = `http://${knownAddress(host.addresses.cluster).ipv4}:${port}`;
  return async (path, body) => {
    await mustRun(containerOf(plan, docker, host));
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${url}${path}`, { method: "POST", body, signal });
    return { status: response.status, body: await response.text() };
  };
}

function throughHost(plan: Plan, docker: Docker, host: HostPlan): Ask {
  const port = host.listeners.find(({ name }) => name === "control")?.port;
  const words = ["curl", "-sS", "-m", String(TIMEOUT_MS / 1000), "-w", "\n%{http_code}", "-d", "@-"];
  return async (path, body) => {
    const container = containerOf(plan, docker, host);
    await mustRun(container);
    const run = await execIn(docker, container, [...words, `http://127.0.0.1:${port}${path}`], body);
    if (run.code !== 0) throw new Error(run.err);
    const cut = run.out.lastIndexOf("\n");
    return { status: Number(run.out.slice(cut + 1)), body: run.out.slice(0, cut) };
  };
}

function listening(path: string, port: number, ask: Ask): Promise<Server> {
  const server = createServer((request, response) => {
    text(request)
      .then((body) => ask(request.url ?? "/", body))
      .then(({ status, body }) => response.writeHead(status).end(body))
      .catch(() => request.socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", ({ message }) =>
      reject(new UserError(`${path}: port ${port} of 127.0.0.1 cannot be used (${message}): write another`)),
    );
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

const closed = (server: Server): Promise<void> => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
};
