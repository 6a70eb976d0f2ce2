import type { Collector } from "../collectors";
import { gauge } from "../metric";
import { peersOf, wantedPeers } from "./list";

/** With how many nodeos shall be connected; the status tells with how many it is. Left out where it is told to call nobody. */
export const peerMetrics: Collector = async ({ document }) => {
  const list = peersOf(document);
  const wanted = list ? wantedPeers(list) : 0;
  const units = document.units.filter(({ health }) => health?.kind === "nodeos");
  return [
    gauge(
      "peers_wanted",
      "Nodes that nodeos shall be connected with.",
      wanted === 0
        ? []
        : units.map(({ service, name }) => ({ labels: { service, unit: name }, value: wanted })),
    ),
  ];
};
