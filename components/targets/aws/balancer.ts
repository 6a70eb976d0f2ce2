import type { Balancer } from "../../core/network/balancer";
import type { AwsConfig } from "./config";
import { zoneNetworks } from "./network";

/**
 * Where nothing moves for so long, the balancer gives up; from 1 to 4,000 (Elastic Load Balancing, "Connection idle
 * timeout"). Reads of the edge have 5 seconds, logs and traces 30 unless a stack says more.
 */
export const IDLE_SECONDS = 120;
export const HTTPS_PORT = 443;

/** Present where the target's settings name a certificate. */
export function balancerOf(config: AwsConfig): Balancer | undefined {
  if (!config.balancer) return undefined;
  const addresses = zoneNetworks(config).map((zone) => zone.public.balancers);
  return {
    ...{ addresses, port: HTTPS_PORT, idleSeconds: IDLE_SECONDS, callSeconds: IDLE_SECONDS },
    clientWord: 1,
  };
}
