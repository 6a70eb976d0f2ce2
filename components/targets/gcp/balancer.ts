import type { Balancer } from "../../core/network/balancer";
import type { GcpConfig } from "./config";

/**
 * Where Google's front ends ask for health from, and since TLS ends in them speak from (cloud.google.com/load-balancing/
 * docs/https, "Firewall rules"). Outside their own balancers nobody has these addresses in a customer's network.
 */
export const FRONT_ENDS = ["35.191.0.0/16", "130.211.0.0/22"];
export const HTTPS_PORT = 443;
/**
 * Seconds of one answer, WebSockets counted as one; from 1 to 2,147,483,647, default 30 ("Timeouts and retries" there). Long,
 * since the edge ends calls long before: with the default a subscription would last for half a minute.
 */
export const CALL_SECONDS = 3600;
/** Seconds that a front end keeps a connection to a member that nothing uses. Nobody can change it. */
const KEEPS_SECONDS = 600;
/** `X-Forwarded-For: …,<client>,<balancer>`: the last word is the balancer's own address, the one before it the client's. */
const CLIENT_WORD = 2;

/** Present where the target's settings name a balancer. */
export function balancerOf({ balancer }: Pick<GcpConfig, "balancer">): Balancer | undefined {
  if (!balancer) return undefined;
  return {
    addresses: FRONT_ENDS,
    port: HTTPS_PORT,
    idleSeconds: KEEPS_SECONDS,
    callSeconds: CALL_SECONDS,
    clientWord: CLIENT_WORD,
  };
}
