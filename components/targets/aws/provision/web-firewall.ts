import * as wafv2 from "@pulumi/aws/wafv2";
import type * as pulumi from "@pulumi/pulumi";

const REFUSAL = "too-many-requests";
const RULE = "requests-of-one-address";
const WINDOW_SECONDS = 300;

/** As the edge itself refuses: JSON-RPC, 429, when to come again, and readable for browsers. */
const refusal = {
  responseCode: 429,
  customResponseBodyKey: REFUSAL,
  responseHeaders: [
    { name: "Retry-After", value: "60" },
    { name: "Access-Control-Allow-Origin", value: "*" },
  ],
};
const body = { jsonrpc: "2.0", id: null, error: { code: -32005, message: "too many requests" } };

/** Samples would keep requests with the keys that they carry, in a place of their own. */
const counted = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
});

/** AWS WAF before a balancer: one address that asks too often meets it, and no machine of the pool. */
export function webFirewall(
  name: string,
  resourceArn: pulumi.Input<string>,
  { requestsIn5Minutes: limit }: { requestsIn5Minutes: number },
  opts: pulumi.CustomResourceOptions,
): void {
  const rateBasedStatement = { limit, evaluationWindowSec: WINDOW_SECONDS, aggregateKeyType: "IP" };
  const list = new wafv2.WebAcl(
    `${name}-firewall`,
    {
      scope: "REGIONAL",
      description: `pool ${name}`,
      defaultAction: { allow: {} },
      customResponseBodies: [
        { key: REFUSAL, contentType: "APPLICATION_JSON", content: JSON.stringify(body) },
      ],
      rules: [
        {
          name: RULE,
          priority: 0,
          action: { block: { customResponse: refusal } },
          statement: { rateBasedStatement },
          visibilityConfig: counted(RULE),
        },
      ],
      visibilityConfig: counted(name),
    },
    opts,
  );
  new wafv2.WebAclAssociation(`${name}-firewall`, { resourceArn, webAclArn: list.arn }, opts);
}
