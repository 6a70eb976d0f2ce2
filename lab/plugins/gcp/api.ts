import { CloudError } from "../cloud/cloud-type";
import type { World } from "../cloud/world";

type Reason =
  | "alreadyExists"
  | "badRequest"
  | "conditionNotMet"
  | "containerNotEmpty"
  | "invalid"
  | "invalidUsage"
  | "notFound"
  | "resourceInUseByAnotherResource";

/** An error as Google's client libraries print it. */
export function googleError(code: 400 | 404 | 409 | 412, message: string, reason: Reason): CloudError {
  return new CloudError(`googleapi: Error ${code}: ${message}, ${reason}`);
}

/** A value that the API does not take for one of its fields. */
export function invalidValue(field: string, value: unknown, why: string): CloudError {
  return googleError(
    400,
    `Invalid value for field 'resource.${field}': '${String(value)}'. ${why}`,
    "invalid",
  );
}

export function notFound(path: string): CloudError {
  return googleError(404, `The resource '${path}' was not found`, "notFound");
}

export function inUse(kind: string, path: string, user: string): CloudError {
  return googleError(
    400,
    `The ${kind} resource '${path}' is already being used by '${user}'`,
    "resourceInUseByAnotherResource",
  );
}

/** The number by which the API knows a resource beside its name. */
export function nextNumber(world: World): string {
  return String(4_000_000_000_000_000 + world.draw());
}

/** A public address that no other resource of this world has: 198.18.0.0/15 is nobody's (RFC 2544). */
export function nextPublicAddress(world: World): string {
  const drawn = world.draw();
  return `198.${18 + ((drawn >> 16) & 1)}.${(drawn >> 8) & 255}.${drawn & 255}`;
}

/** The simulation has one moment, so that the same program always gives the same state. */
export const CREATED_AT = "2026-01-01T00:00:00.000-08:00";
