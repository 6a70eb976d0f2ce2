import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { version } from "@pulumi/aws/package.json";
import type { Cloud } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import type { Properties } from "../value";
import { bucket, bucketObjects, bucketSettings } from "./bucket";
import { record, zone } from "./dns";
import { eip, eipAssociation } from "./elastic-ip";
import { functions } from "./functions";
import { internetGateway, natGateway } from "./gateway";
import { instanceProfile, role, rolePolicy, rolePolicyAttachment } from "./iam";
import { instance } from "./instance";
import { autoscalingGroup, keyPair, launchTemplate, scalingPolicy } from "./launch";
import { listener, loadBalancer, targetGroup } from "./load-balancer";
import { route, routeTable, routeTableAssociation, vpcEndpoint } from "./route";
import { securityGroup } from "./security-group";
import { egressRule, ingressRule } from "./security-group-rule";
import { egressOnlyInternetGateway, subnetCidrReservation } from "./subnet-extras";
import * as tokens from "./tokens";
import { volume, volumeAttachment } from "./volume";
import { subnet, vpc } from "./vpc";
import { webAcl, webAclAssociation } from "./web-acl";

/** The simulated AWS for unmodified programs of `@pulumi/aws`. */
export const aws: Cloud = {
  name: "aws",
  version,
  types: [
    vpc,
    subnet,
    egressOnlyInternetGateway,
    subnetCidrReservation,
    internetGateway,
    natGateway,
    eip,
    eipAssociation,
    routeTable,
    route,
    routeTableAssociation,
    vpcEndpoint,
    securityGroup,
    ingressRule,
    egressRule,
    instance,
    volume,
    volumeAttachment,
    keyPair,
    launchTemplate,
    autoscalingGroup,
    scalingPolicy,
    loadBalancer,
    targetGroup,
    listener,
    webAcl,
    webAclAssociation,
    role,
    rolePolicy,
    rolePolicyAttachment,
    instanceProfile,
    bucket,
    ...bucketSettings,
    ...bucketObjects,
    zone,
    record,
  ],
  functions,
  settings: (config, environment) => ({ ...config, region: regionSetting(config, environment) ?? "" }),
  refuseConfig: (config, environment) => [
    ...(regionSetting(config, environment) === undefined
      ? ["Invalid or missing region information: set aws:region, or AWS_REGION in the environment"]
      : []),
    ...(hasCredentials(config, environment)
      ? []
      : [
          "No valid credential sources found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile " +
            "(AWS_PROFILE, aws:profile)",
        ]),
  ],
  quotaExceeded,
};

function regionSetting(config: Properties, environment: NodeJS.ProcessEnv): string | undefined {
  const region = textOf(config.region) ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  return region !== undefined && /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? region : undefined;
}

/** Where the real provider looks, without asking anybody whether they are right. */
function hasCredentials(config: Properties, environment: NodeJS.ProcessEnv): boolean {
  if (config.accessKey && config.secretKey) return true;
  if (environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY) return true;
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE && environment.AWS_ROLE_ARN) return true;
  const profile = textOf(config.profile) ?? environment.AWS_PROFILE ?? "default";
  const folder = join(environment.HOME ?? homedir(), ".aws");
  const files = [
    environment.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, "credentials"),
    environment.AWS_CONFIG_FILE ?? join(folder, "config"),
  ];
  const sections = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  return sections.some((text) => text.includes(`[${profile}]`) || text.includes(`[profile ${profile}]`));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const QUOTA_CODES: Readonly<Record<string, string>> = {
  [tokens.INSTANCE]:
    "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of %d allows for the instance bucket that the specified instance type belongs to.",
  [tokens.EIP]: "AddressLimitExceeded: The maximum number of addresses has been reached.",
  [tokens.VPC]: "VpcLimitExceeded: The maximum number of VPCs has been reached.",
  [tokens.NAT_GATEWAY]: "NatGatewayLimitExceeded: The maximum number of NAT gateways (%d) has been reached.",
  [tokens.SECURITY_GROUP]:
    "SecurityGroupLimitExceeded: The maximum number of security groups has been reached.",
  [tokens.VOLUME]: "VolumeLimitExceeded: You have exceeded your maximum volume limit of %d.",
};

function quotaExceeded(token: string, limit: number): string {
  const text = QUOTA_CODES[token] ?? `LimitExceeded: the account allows %d of ${token}`;
  return `api error ${text.replace("%d", String(limit))}`;
}
