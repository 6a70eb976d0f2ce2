import { version } from "@pulumi/gcp/package.json";
import type { Cloud } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import { compact, type Properties } from "../value";
import { address } from "./address";
import { backendService } from "./backend-service";
import { attachedDisk, disk } from "./disk";
import { managedZone, recordSet } from "./dns";
import { firewall } from "./firewall";
import { globalAddress, globalForwardingRule } from "./global-forwarding";
import { regionAutoscaler, regionInstanceGroupManager } from "./group";
import { healthCheck, regionHealthCheck } from "./health-check";
import { managedSslCertificate, sslPolicy, targetHttpProxy, targetHttpsProxy, urlMap } from "./http-proxy";
import { account, projectIamMember } from "./identity";
import { getImage } from "./image";
import { instance } from "./instance";
import { instanceTemplate } from "./instance-template";
import { forwardingRule, regionBackendService } from "./load-balancing";
import { network } from "./network";
import { projectMetadataItem } from "./project-metadata-item";
import { withDeletionPolicy } from "./protection";
import { router, routerNat } from "./router";
import { securityPolicy } from "./security-policy";
import { bucket, bucketIamMember, bucketObject } from "./storage";
import { subnetwork } from "./subnetwork";
import { TOKENS } from "./tokens";

// provider.go of the Terraform provider: where it looks for what the configuration leaves out, in its order.
const ENVIRONMENT = {
  project: ["GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"],
  region: ["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"],
  zone: ["GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"],
} as const;
const CREDENTIALS = [
  ...["GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"],
  ...["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"],
];

// The quota's metric and name where they are not just the type's plural.
const METRICS: Readonly<Record<string, string>> = {
  [TOKENS.instance]: "INSTANCES",
  [TOKENS.disk]: "DISKS_TOTAL_GB",
  [TOKENS.address]: "STATIC_ADDRESSES",
};

/** The simulated Google Cloud. */
export const googleCloud: Cloud = {
  name: "gcp",
  version,
  types: [
    ...[
      network,
      subnetwork,
      firewall,
      router,
      routerNat,
      address,
      disk,
      attachedDisk,
      instance,
      instanceTemplate,
    ],
    ...[regionInstanceGroupManager, regionAutoscaler, healthCheck, regionHealthCheck, regionBackendService],
    ...[
      forwardingRule,
      projectMetadataItem,
      account,
      projectIamMember,
      bucket,
      bucketObject,
      bucketIamMember,
    ],
    ...[managedZone, recordSet, globalAddress, globalForwardingRule, backendService, urlMap, sslPolicy],
    ...[targetHttpProxy, targetHttpsProxy, managedSslCertificate, securityPolicy],
  ].map(withDeletionPolicy),
  functions: { "gcp:compute/getImage:getImage": getImage },
  refuseConfig: (config, environment) => {
    const stated = [config.credentials, config.accessToken].some((value) => textOf(value));
    if (stated || CREDENTIALS.some((name) => environment[name])) return [];
    return [
      "could not find default credentials: set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_CREDENTIALS, or gcp:credentials " +
        "(https://cloud.google.com/docs/authentication/external/set-up-adc)",
    ];
  },
  quotaExceeded: (token, limit) => {
    const metric = METRICS[token] ?? `${(token.split(":").at(-1) ?? "").toUpperCase()}S`;
    return `googleapi: Error 403: Quota '${metric}' exceeded. Limit: ${limit}.0 in region., quotaExceeded`;
  },
  settings: (config, environment) =>
    compact<Properties>({
      project: setting("project", config, environment),
      region: setting("region", config, environment),
      zone: setting("zone", config, environment),
    }),
};

function setting(
  key: keyof typeof ENVIRONMENT,
  config: Properties,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const found = ENVIRONMENT[key].map((name) => environment[name]).find((value) => value);
  return textOf(config[key]) || found;
}
