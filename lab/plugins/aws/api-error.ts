import { CloudBusy, CloudError } from "../cloud/cloud-type";
import { textOf } from "../cloud/known";
import type { Entry, World } from "../cloud/world";
import * as tokens from "./tokens";

/** An error as the AWS SDK words it: `api error InvalidSubnet.Conflict: The CIDR …`. */
export function apiError(operation: string, code: string, message: string): CloudError {
  return new CloudError(errorText(operation, code, message));
}

/** The same for what the provider tries again. */
export function busyError(operation: string, code: string, message: string): CloudBusy {
  return new CloudBusy(errorText(operation, code, message));
}

function errorText(operation: string, code: string, message: string): string {
  const request = "00000000-0000-0000-0000-000000000000";
  return `operation error ${operation}, https response error StatusCode: 400, RequestID: ${request}, api error ${code}: ${message}`;
}

/** How EC2 says that there is no such thing: the error codes of its API reference. */
const MISSING: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  [tokens.VPC]: ["InvalidVpcID.NotFound", "vpc ID"],
  [tokens.SUBNET]: ["InvalidSubnetID.NotFound", "subnet ID"],
  [tokens.INTERNET_GATEWAY]: ["InvalidInternetGatewayID.NotFound", "internetGateway ID"],
  [tokens.NAT_GATEWAY]: ["InvalidNatGatewayID.NotFound", "natGateway ID"],
  [tokens.EIP]: ["InvalidAllocationID.NotFound", "allocation ID"],
  [tokens.ROUTE_TABLE]: ["InvalidRouteTableID.NotFound", "routeTable ID"],
  [tokens.SECURITY_GROUP]: ["InvalidGroup.NotFound", "security group"],
  [tokens.INSTANCE]: ["InvalidInstanceID.NotFound", "instance ID"],
  [tokens.VOLUME]: ["InvalidVolume.NotFound", "volume"],
  [tokens.KEY_PAIR]: ["InvalidKeyPair.NotFound", "key pair"],
  [tokens.LAUNCH_TEMPLATE]: ["InvalidLaunchTemplateId.NotFound", "launch template ID"],
  [tokens.LOAD_BALANCER]: ["LoadBalancerNotFound", "load balancer"],
  [tokens.TARGET_GROUP]: ["TargetGroupNotFound", "target group"],
  [tokens.WEB_ACL]: ["WAFNonexistentItemException", "web ACL"],
  [tokens.ROLE]: ["NoSuchEntity", "role with name"],
  [tokens.BUCKET]: ["NoSuchBucket", "specified bucket"],
  [tokens.ZONE]: ["NoSuchHostedZone", "hosted zone"],
};

/** The resource that an input refers to by id; an error in the cloud's words when there is none. */
export function existing(world: World, token: string, id: unknown, operation: string): Entry {
  const found = world.get(token, textOf(id) ?? "");
  if (found) return found;
  const [code, noun] = MISSING[token] ?? ["NotFound", token];
  throw apiError(operation, code, `The ${noun} '${textOf(id) ?? ""}' does not exist`);
}

/** {@link existing} for references by ARN. */
export function existingArn(world: World, token: string, arn: unknown, operation: string): Entry {
  return world.findBy(token, "arn", arn) ?? existing(world, token, arn, operation);
}
