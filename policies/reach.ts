import { overlaps } from "../components/core/network/address";
import { isInternet, isIpv6, isProbe, within } from "./addresses";
import type { Intent, Machine, Opening, Way } from "./graph";

/** A way in that a firewall leaves open: from outside the stack to ports of a machine. */
export interface Path {
  way: Way;
  opening: Opening;
  /** The first and last port that can be reached. */
  from: number;
  to: number;
}

/** The firewall that packets meet first: the cloud's, or where there is none the host's own. */
const outermost = ({ hasCloudFirewall }: Machine): Opening["layer"] => (hasCloudFirewall ? "cloud" : "host");

/** Every path by which somebody who is neither of the stack nor its operator reaches a machine. */
export function pathsTo(machine: Machine, intent: Intent): Path[] {
  const layer = outermost(machine);
  const openings = machine.openings.filter((opening) => opening.layer === layer);
  return machine.ways.flatMap((way) =>
    openings
      .filter((opening) => opening.sources.some((source) => comesThrough(source, way, intent)))
      .flatMap((opening) => portsThrough(way, opening).map(([from, to]) => ({ way, opening, from, to }))),
  );
}

/** Whether a network that is let in is an outsider's, and comes by that way. */
const comesThrough = (
  source: string,
  { family, sources, forAnyone = false }: Way,
  { admins = [], cluster }: Intent,
): boolean =>
  isIpv6(source) === (family === 6) &&
  (forAnyone || (!within(source, [...admins, ...cluster]) && !isProbe(source))) &&
  sources.some((each) => overlaps(each, source));

function portsThrough({ ports }: Way, { from, to }: Opening): [number, number][] {
  if (!ports) return [[from, to]];
  return ports.filter((port) => from <= port && port <= to).map((port) => [port, port]);
}

/** Who may reach a listener at most. */
export type Zone = "nobody" | "cluster" | "admin";

/** Networks of an opening that lie beyond a zone. */
export function beyond({ sources }: Opening, zone: Zone, { admins, cluster }: Intent): string[] {
  if (zone === "nobody") return [...sources];
  const outside = sources.filter((source) => !within(source, cluster) && !isProbe(source));
  if (zone === "cluster") return outside;
  // Where the operator's networks are not told, only what is as good as the internet is surely not theirs.
  if (admins === undefined) return isInternet(outside) ? outside : [];
  return outside.filter((source) => !within(source, admins));
}

export const portText = (from: number, to: number): string =>
  from === to ? `port ${from}` : from === 0 && to === 65535 ? "every port" : `ports ${from}–${to}`;
