import { z } from "zod";
import type { HostDocument, Unit } from "../cloud-init/document";
import { readText } from "./disk";
import { post } from "./health";
import type { System } from "./system";

/** Peers that a nodeos unit is told to call, as `host:port`, from the configuration that it reads. */
export const peersOf = ({ files }: HostDocument, { reads }: Unit): string[] =>
  files
    .filter(({ path }) => reads.includes(path))
    .flatMap(({ content }) => [...content.matchAll(/^p2p-peer-address\s*=\s*(\S+)/gm)])
    .flatMap(([, peer]) => peer ?? []);

/** The name in `name:port` or `name:port:trx`; undefined for an address, which needs no resolving. */
export function nameOf(peer: string): string | undefined {
  const name = /^([^[\]:]+):\d+/.exec(peer)?.[1];
  return name === undefined || /^[\d.]+$/.test(name) ? undefined : name;
}

/** Of `/v1/net/connections`: versions differ in the rest. */
const connections = z.array(
  z.looseObject({
    connecting: z.boolean(),
    is_socket_open: z.boolean().exactOptional(),
    last_handshake: z.looseObject({ network_version: z.number() }).exactOptional(),
  }),
);

/** A peer that never answered is told as one that is not being connected to, with a handshake of zeros (seen in 4.1.0-dev). */
const isConnected = ({ connecting, is_socket_open, last_handshake }: z.infer<typeof connections>[number]) =>
  !connecting && is_socket_open !== false && last_handshake?.network_version !== 0;

/**
 * Peers that nodeos is connected with. Where its net API does not answer, which may also change peers and so is often off,
 * the kernel's own list tells how many connections lead to a port that a peer listens on.
 */
export async function connectedPeers(system: System, url: string, peers: readonly string[]): Promise<number> {
  const answer = connections.safeParse(await post(`${url}/v1/net/connections`, {}).catch(() => undefined));
  if (!answer.success) return establishedTo(system, peers.map(portOf));
  return answer.data.filter(isConnected).length;
}

const portOf = (peer: string): number => Number(/:(\d+)(:\w+)?$/.exec(peer)?.[1]);

/** In proc(5), `01` is ESTABLISHED, and a port the hex digits behind the colon. */
async function establishedTo(system: System, ports: readonly number[]): Promise<number> {
  const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readText(system, path)));
  return tables
    .flatMap((table) => table?.split("\n") ?? [])
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , remote = "", state]) =>
        state === "01" && ports.includes(Number.parseInt(remote.split(":")[1] ?? "", 16)),
    ).length;
}
