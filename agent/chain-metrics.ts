import { z } from "zod";
import type { Unit } from "../cloud-init/document";
import type { Collector, Measured } from "./collectors";
import { post } from "./health";
import { gauge, type Metric } from "./metric";
import { connectedPeers, peersOf } from "./peers";

/** Of `/v1/db_size/get`, in bytes; versions differ in the rest. */
const dbSize = z.looseObject({ free_bytes: z.coerce.number(), size: z.coerce.number() });

/** What nodeos tells on loopback beside its head: with how many it is connected, and how much room its state has. */
export const chainMetrics: Collector = async (host) => {
  const units = host.document.units.filter(
    ({ name, health }) =>
      health?.kind === "nodeos" && host.services.some(({ unit, active }) => unit === name && active),
  );
  const found = await Promise.all(units.map((unit) => nodeMetrics(host, unit)));
  const of = (key: "peers" | "free" | "size"): Metric["samples"] =>
    found.flatMap(({ unit, [key]: value }) =>
      value === undefined ? [] : [{ labels: { service: unit.service, unit: unit.name }, value }],
    );
  return [
    gauge("peers", "Nodes that nodeos is connected with.", of("peers")),
    gauge("state_free_bytes", "Room left in nodeos' state database.", of("free")),
    gauge("state_size_bytes", "Room in all in nodeos' state database.", of("size")),
  ];
};

async function nodeMetrics({ system, document }: Measured, unit: Unit) {
  const url = unit.health?.kind === "nodeos" ? unit.health.url : "";
  const named = peersOf(document, unit);
  const [peers, answer] = await Promise.all([
    named.length === 0 ? undefined : connectedPeers(system, url, named),
    // Without its plugin nodeos answers 404.
    post(`${url}/v1/db_size/get`, {}).catch(() => undefined),
  ]);
  const size = dbSize.safeParse(answer);
  return {
    unit,
    peers,
    free: size.success ? size.data.free_bytes : undefined,
    size: size.success ? size.data.size : undefined,
  };
}
