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
  globalAddress: { token: TOKENS.globalAddress, collection: "addresses", within: "global" },
  globalBackendService: { token: TOKENS.backendService, collection: "backendServices", within: "global" },
  globalForwardingRule: {
    token: TOKENS.globalForwardingRule,
    collection: "forwardingRules",
    within: "global",
  },
  healthCheck: { token: TOKENS.healthCheck, collection: "healthChecks", within: "global" },
  instance: { token: TOKENS.instance, collection: "instances", within: "zone" },
  instanceTemplate: { token: TOKENS.instanceTemplate, collection: "instanceTemplates", within: "global" },
  network: { token: TOKENS.network, collection: "networks", within: "global" },
  regionAutoscaler: { token: TOKENS.regionAutoscaler, collection: "autoscalers", within: "region" },
  regionHealthCheck: { token: TOKENS.regionHealthCheck, collection: "healthChecks", within: "region" },
  router: { token: TOKENS.router, collection: "routers", within: "region" },
  securityPolicy: { token: TOKENS.securityPolicy, collection: "securityPolicies", within: "global" },
  sslCertificate: { token: TOKENS.managedSslCertificate, collection: "sslCertificates", within: "global" },
  sslPolicy: { token: TOKENS.sslPolicy, collection: "sslPolicies", within: "global" },
  subnetwork: { token: TOKENS.subnetwork, collection: "subnetworks", within: "region" },
  targetHttpProxy: { token: TOKENS.targetHttpProxy, collection: "targetHttpProxies", within: "global" },
  targetHttpsProxy: { token: TOKENS.targetHttpsProxy, collection: "targetHttpsProxies", within: "global" },
  urlMap: { token: TOKENS.urlMap, collection: "urlMaps", within: "global" },
} as const satisfies Record<string, Kind>;
