import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";
import type { HttpsArgs } from "../https";

const WINDOW_SECONDS = 300;
/** Cloud Armor's own place for the rule that takes what no other did. */
const LAST = 2_147_483_647;
const ANYONE = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } };

/** Cloud Armor before a balancer: one address that asks too often meets it, and no machine of the pool. */
export function webFirewall(
  name: string,
  policyName: pulumi.Input<string>,
  { requestsIn5Minutes: count, bodyBytes, adaptive }: NonNullable<HttpsArgs["firewall"]>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const policy = new compute.SecurityPolicy(
    `${name}-firewall`,
    {
      name: policyName,
      description: `pool ${name}`,
      type: "CLOUD_ARMOR",
      rules: [
        ...(bodyBytes === undefined ? [] : [tooLong(bodyBytes)]),
        {
          description: "requests of one address",
          priority: 1000,
          match: ANYONE,
          action: "throttle",
          rateLimitOptions: {
            enforceOnKey: "IP",
            rateLimitThreshold: { count, intervalSec: WINDOW_SECONDS },
            conformAction: "allow",
            exceedAction: "deny(429)",
          },
        },
        { description: "all others", priority: LAST, match: ANYONE, action: "allow" },
      ],
      // Parsing would look for attacks on programs that are not here; verbose logs would keep parts of calls.
      advancedOptionsConfig: { jsonParsing: "DISABLED", logLevel: "NORMAL" },
      ...(adaptive ? { adaptiveProtectionConfig: { layer7DdosDefenseConfig: { enable: true } } } : {}),
    },
    opts,
  );
  return policy.selfLink;
}

/** Before the other rules: a request that is refused for its length counts for nothing. */
const tooLong = (bytes: number) => ({
  description: "announced body",
  priority: 900,
  match: {
    expr: {
      expression: `has(request.headers['content-length']) && int(request.headers['content-length']) > ${bytes}`,
    },
  },
  action: "deny(403)",
});
