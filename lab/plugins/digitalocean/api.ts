import { createHash } from "node:crypto";
import { CloudError } from "../cloud/cloud-type";
import type { Entry, World } from "../cloud/world";

/** Says no as the provider passes it on: what it was doing, the API's status, the API's message. */
export function refuse(doing: string, status: 403 | 404 | 409 | 412 | 422, message: string): never {
  throw new CloudError(`Error ${doing}: ${status} ${message}`);
}

/** The resource of that id, or the API's answer to one that does not exist. Ids of droplets arrive as numbers. */
export function existing(world: World, token: string, id: unknown, doing: string): Entry {
  const found = world.get(token, String(id));
  if (found) return found;
  return refuse(
    doing,
    404,
    `The resource you requested could not be found (${token.split(":").at(-1)} ${String(id)}).`,
  );
}

/** An id as volumes, VPCs and load balancers have them. */
export function nextUuid(world: World): string {
  return uuidOf(String(world.draw()));
}

/** The same id for the same text: what the account has without a program, such as a region's default VPC. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** An id as droplets, records and keys have them. */
export function nextNumber(world: World): string {
  return String(400_000_000 + world.draw());
}

/** A public address that no other resource of this world has: 198.18.0.0/15 is nobody's (RFC 2544). */
export function nextPublicAddress(world: World): string {
  const drawn = world.draw();
  return `198.${18 + ((drawn >> 16) & 1)}.${(drawn >> 8) & 255}.${drawn & 255}`;
}

/** The simulation has one moment, so that the same program always gives the same state. */
export const CREATED_AT = "2026-01-01T00:00:00Z";
