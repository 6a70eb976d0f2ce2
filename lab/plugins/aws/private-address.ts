import { addressIn, containsAddress, freeAddress, sizeOf } from "../cloud/cidr";
import { textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { apiError, existing } from "./api-error";
import * as tokens from "./tokens";

/**
 * AWS keeps the first four addresses of a subnet and the last one:
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
const RESERVED_FIRST = 4;

/** The private address of something new in a subnet: the given one, which must be free, else the next free one. */
export function privateAddress(world: World, inputs: Properties, operation: string): string {
  const subnet = existing(world, tokens.SUBNET, inputs.subnetId, operation);
  const cidr = textOf(subnet.inputs.cidrBlock) ?? "";
  const taken = addressesIn(world, subnet.id);
  const given = textOf(inputs.privateIp);
  if (given === undefined) {
    const free = freeAddress(cidr, taken, RESERVED_FIRST);
    if (free !== undefined) return free;
    throw apiError(
      operation,
      "InsufficientFreeAddressesInSubnet",
      `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`,
    );
  }
  if (!containsAddress(cidr, given)) {
    throw apiError(
      operation,
      "InvalidParameterValue",
      `Address ${given} does not fall within the subnet's address range`,
    );
  }
  const reserved = [0, 1, 2, 3, sizeOf(cidr) - 1].map((offset) => addressIn(cidr, offset));
  if (reserved.includes(given)) {
    throw apiError(
      operation,
      "InvalidParameterValue",
      `Address ${given} is in subnet's reserved address range`,
    );
  }
  if (taken.has(given)) {
    throw apiError(operation, "InvalidIPAddress.InUse", `Address ${given} is in use.`);
  }
  return given;
}

function addressesIn(world: World, subnetId: string): Set<string> {
  const users = [...world.all(tokens.INSTANCE), ...world.all(tokens.NAT_GATEWAY)];
  const addresses = users
    .filter((user) => user.inputs.subnetId === subnetId)
    .map((user) => textOf(user.outputs.privateIp) ?? "");
  return new Set(addresses);
}
