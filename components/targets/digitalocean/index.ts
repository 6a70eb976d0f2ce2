import type { Provisioner } from "../provisioner";
import type { Target } from "../target";
import { CATALOG } from "./catalog";
import { checkDigitalOcean } from "./check";
import { digitalOceanConfig } from "./config";
import { requireCredentials } from "./credentials";
import { mirrorUrl } from "./names";
import { placeDroplet, sharedCost } from "./place";
import { quotasOf } from "./quotas";

/** Droplets in one region of DigitalOcean. */
export const digitalOcean: Target<typeof digitalOceanConfig> = {
  name: "digitalocean",
  summary: "droplets on DigitalOcean",
  config: digitalOceanConfig,
  traits: {
    // API reference, POST /v2/droplets, user_data: "may not exceed 64KiB in size".
    userDataBytes: 65_536,
    firewall: true,
    ownKernel: true,
    floors: true,
    scaling: true,
    names: "service",
    storesBundles: true,
  },
  where: ({ region }) => `${region}, one datacenter`,
  zones: ({ network, admins }) => ({ cluster: [network], admin: admins, probes: [] }),
  mirror: mirrorUrl,
  place: placeDroplet,
  sharedCost,
  prices: { source: CATALOG.prices.source, date: CATALOG.prices.date },
  check: checkDigitalOcean,
  // Addresses are late bound; the operator reaches what is public by its name.
  endpoint: () => undefined,
  requireCredentials: ({ mirror }, environment) => requireCredentials(environment, mirror === undefined),
  quotas: (_, plan, environment) => quotasOf(plan, environment),
  load: loadEngineCode,
};

/** By `require`: Pulumi compiles programs with settings of its own, under which `import()` does not find TypeScript. */
function loadEngineCode(): Provisioner {
  return (require("./provision") as typeof import("./provision")).provisionDigitalOcean;
}
