import type { Unit } from "../cloud-init/document";
import type { Collector, Measured } from "./collectors";
import { gauge } from "./metric";
import { connectedPeers, peersOf } from "./peers";

/** With how many nodeos is connected. Left out where it is told to call nobody. */
export const peerMetrics: Collector = async (host) => {
  const units = host.document.units.filter(
    ({ name, health }) =>
      health?.kind === "nodeos" && host.services.some(({ unit, active }) => unit === name && active),
  );
  const samples = await Promise.all(units.map((unit) => peerSample(host, unit)));
  return [gauge("peers", "Nodes that nodeos is connected with.", samples.flat())];
};

async function peerSample({ system, document }: Measured, unit: Unit) {
  const named = peersOf(document, unit);
  if (unit.health?.kind !== "nodeos" || named.length === 0) return [];
  const { url, control = url } = unit.health;
  const value = await connectedPeers(system, control, named);
  return [{ labels: { service: unit.service, unit: unit.name }, value }];
}
