import { error } from "../../config/finding";
import { missingPeers } from "../../networks/evm-gaps";
import type { Check } from "./index";

/** Relays of a public chain that know nobody would wait for ever. */
export const checkPeers: Check = ({ plan, config }) => {
  const missing = missingPeers(plan.network, [...config.peers, ...config.peersOf, ...config.dnsSeeds]);
  return missing !== undefined && plan.hosts.some(({ role }) => role === "seed")
    ? [error("peers", missing)]
    : [];
};
