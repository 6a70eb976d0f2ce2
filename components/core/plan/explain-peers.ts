import { rowsByHost } from "./alike";
import { type HostPlan, machinesOf, type Plan } from "./plan";

/** Whom each native node connects to: hosts of the stack by name, those outside once for all. */
export function peerRows(plan: Plan): string[][] {
  const nodes = machinesOf(plan).filter(({ services }) =>
    services.some(({ service }) => service === "nodeos"),
  );
  const inside = new Map(plan.hosts.map((host) => [host.clusterName, host]));
  const known = (peer: string): HostPlan | undefined => inside.get(peer.slice(0, peer.lastIndexOf(":")));
  const outside = [...new Set(nodes.flatMap(({ peers }) => peers.filter((peer) => !known(peer))))];
  const seeds = [...new Set(nodes.flatMap(({ dnsSeeds = [] }) => dnsSeeds))];
  return [
    ...rowsByHost(nodes, (host) => [[peersText(plan, host, host.peers.map(known))]]),
    ...[...outside, ...seeds.map((seed) => `${seed}, every address`)].map((peer, index) => [
      index === 0 ? "outside" : "",
      peer,
    ]),
  ];
}

function peersText(plan: Plan, host: HostPlan, peers: readonly (HostPlan | undefined)[]): string {
  const outside = peers.filter((peer) => peer === undefined).length;
  const roles = [...new Set(peers.flatMap((peer) => peer?.role ?? []))];
  const named = roles.flatMap((role) => {
    const all = plan.hosts.filter((each) => each.role === role && each !== host);
    const them = peers.flatMap((peer) => (peer?.role === role ? [peer.name] : []));
    return all.length > 1 && all.length === them.length
      ? [`every ${host.role === role ? "other " : ""}${role}`]
      : them;
  });
  const { dnsSeeds = [] } = host;
  const parts = [
    ...named,
    ...(outside === 0 ? [] : [`${outside} outside`]),
    ...(dnsSeeds.length === 0 ? [] : ["those of DNS seeds"]),
  ];
  return parts.length === 0 ? "waits for others" : `→ ${parts.join(", ")}`;
}
