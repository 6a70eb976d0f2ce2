import type { Kind } from "./place";
import { TOKENS } from "./tokens";

/** The kinds that have a name and that others refer to. */
export const KINDS = {
  address: { token: TOKENS.address, collection: "addresses", within: "region" },
  backendService: { token: TOKENS.regionBackendService, collection: "backendServices", within: "region" },
  disk: { token: TOKENS.disk, collection: "disks", within: "zone" },
  firewall: { token: TOKENS.firewall, collection: "firewalls", within: "global" },
  forwardingRule: { token: TOKENS.forwardingRule, collection: "forwardingRules", within: "region" },
  groupManager: {
    token: TOKENS.regionInstanceGroupManager,
    collection: "instanceGroupManagers",
    within: "region",
  },
  healthCheck: { token: TOKENS.healthCheck, collection: "healthChecks", within: "global" },
  instance: { token: TOKENS.instance, collection: "instances", within: "zone" },
  instanceTemplate: { token: TOKENS.instanceTemplate, collection: "instanceTemplates", within: "global" },
  network: { token: TOKENS.network, collection: "networks", within: "global" },
  regionAutoscaler: { token: TOKENS.regionAutoscaler, collection: "autoscalers", within: "region" },
  regionHealthCheck: { token: TOKENS.regionHealthCheck, collection: "healthChecks", within: "region" },
  router: { token: TOKENS.router, collection: "routers", within: "region" },
  subnetwork: { token: TOKENS.subnetwork, collection: "subnetworks", within: "region" },
} as const satisfies Record<string, Kind>;
