import type { Provisioner } from "../provisioner";
import type { Target } from "../target";
import { balancerOf } from "./balancer";
import { CATALOG } from "./catalog";
import { checkAws } from "./check";
import { awsConfig } from "./config";
import { requireCredentials } from "./credentials";
import { mirrorUrl } from "./names";
import { placeAws } from "./place";
import { quotasOf } from "./quotas";
import { sharedCost } from "./shared";

/** Hosts as EC2 instances in a network of their own, over several availability zones. */
export const aws: Target<typeof awsConfig> = {
  name: "aws",
  summary: "EC2 instances in a VPC of the stack's own",
  config: awsConfig,
  traits: {
    userDataBytes: 16_384,
    firewall: true,
    ownKernel: true,
    floors: true,
    scaling: true,
    names: "service",
    storesBundles: true,
    // Amazon Time Sync, link-local on every instance.
    timeServers: ["169.254.169.123"],
  },
  where: ({ region, zones }) => `${region} (${zones.map((zone) => zone.at(-1)).join(", ")})`,
  balancer: balancerOf,
  zones: (config, { addresses }) => ({
    cluster: [config.network],
    // Where nobody comes from outside, SSH comes through a host of the stack.
    admin: addresses.public === "none" ? [config.network] : config.admins,
    // Balancers ask from their own addresses in the stack's network.
    probes: [],
    // A network balancer shows its clients' addresses to a pool's members, one that ends TLS its own.
    ...(addresses.cluster === "assigned" && config.balancer
      ? { public: balancerOf(config)?.addresses ?? [] }
      : {}),
  }),
  mirror: mirrorUrl,
  place: placeAws,
  sharedCost,
  prices: CATALOG.prices,
  check: checkAws,
  // Only the engine knows public addresses; names of the stack's own domain stand in the plan already.
  endpoint: () => undefined,
  requireCredentials: (_, environment) => requireCredentials(environment),
  quotas: quotasOf,
  load: loadEngineCode,
};

/** By `require`: Pulumi compiles programs with settings of its own, under which `import()` does not find TypeScript. */
function loadEngineCode(): Provisioner {
  return (require("./provision") as typeof import("./provision")).provisionAws;
}
