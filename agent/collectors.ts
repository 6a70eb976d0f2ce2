import type { HostDocument } from "../cloud-init/document";
import { arrivalMetrics } from "./arrivals";
import { certificateMetrics } from "./certificates";
import { edgeCertificateMetrics } from "./edge-certificate/metrics";
import { evmAccountMetrics } from "./evm-accounts";
import { failoverMetrics } from "./failover/metrics";
import type { Metric } from "./metric";
import { peerMetrics } from "./peers/metrics";
import type { ServiceStatus } from "./status";
import type { System } from "./system";

/** What there is to measure on a host, as it was seen last. */
export interface Measured {
  system: System;
  document: HostDocument;
  services: readonly ServiceStatus[];
}

/** Measures one thing, with the rights of the agent's own user and on loopback alone. What it cannot measure it leaves out. */
export type Collector = (host: Measured) => Promise<Metric[]>;

const collectors: readonly Collector[] = [
  peerMetrics,
  certificateMetrics,
  edgeCertificateMetrics,
  arrivalMetrics,
  failoverMetrics,
  evmAccountMetrics,
];

/** All that is measured beside the status. One collector that fails takes no other with it. */
export async function collect(host: Measured): Promise<Metric[]> {
  const found = await Promise.allSettled(collectors.map((collector) => collector(host)));
  return found.flatMap((each) => {
    if (each.status === "fulfilled") return each.value;
    console.error(each.reason);
    return [];
  });
}
