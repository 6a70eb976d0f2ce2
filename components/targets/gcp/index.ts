import type { Provisioner } from "../provisioner";
import type { Target } from "../target";
import { balancerOf, FRONT_ENDS } from "./balancer";
import { CATALOG } from "./catalog";
import { checkGcp } from "./check";
import { gcpConfig } from "./config";
import { requireCredentials } from "./credentials";
import { mirrorUrl } from "./names";
import { placeGcp, sharedCost } from "./place";
import { quotasOf } from "./quotas";

/**
 * Where the probes of an external passthrough balancer come from, and those by which a group of machines knows its
 * members' health (cloud.google.com/load-balancing/docs/health-check-concepts, probe IP ranges).
 */
const PROBES = [...FRONT_ENDS, "209.85.152.0/22", "209.85.204.0/22"];

/** Hosts as virtual or bare-metal machines of Google's Compute Engine, in one network of their own. */
export const gcp: Target<typeof gcpConfig> = {
  name: "gcp",
  summary: "machines on Google Cloud",
  config: gcpConfig,
  traits: {
    // Compute Engine: "256 KB for each metadata value".
    userDataBytes: 262_144,
    firewall: true,
    ownKernel: true,
    floors: true,
    scaling: true,
    names: "service",
    storesBundles: true,
    timeServers: ["metadata.google.internal"],
  },
  where: ({ region, zones }) => `${region} (${zones.join(", ")})`,
  balancer: balancerOf,
  zones: ({ network, admins, balancer }, { addresses }) => ({
    cluster: [network],
    // A host without a public address is reached through another one of the stack.
    admin: addresses.public === "none" ? [network, ...admins] : admins,
    // Only members of a pool are probed, and they alone have no fixed address.
    probes: addresses.cluster === "assigned" ? (balancer ? FRONT_ENDS : PROBES) : [],
    // A passthrough balancer shows its clients' addresses to a pool's members, one that ends TLS its own.
    ...(addresses.cluster === "assigned" && balancer ? { public: FRONT_ENDS } : {}),
  }),
  mirror: mirrorUrl,
  place: placeGcp,
  sharedCost,
  prices: { source: CATALOG.prices.source, date: CATALOG.prices.date },
  check: checkGcp,
  // The plan knows no public address; the stack's outputs do.
  endpoint: () => undefined,
  requireCredentials: (_, environment) => requireCredentials(environment),
  quotas: quotasOf,
  load: loadEngineCode,
};

/** By `require`: Pulumi compiles programs with settings of its own, under which `import()` does not find TypeScript. */
function loadEngineCode(): Provisioner {
  return (require("./provision") as typeof import("./provision")).provisionGcp;
}
