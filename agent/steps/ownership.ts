import type { Ownership } from "../../cloud-init/document";
import { type Ids, idsOf } from "../accounts";
import type { Owner } from "../disk";
import { HostError, type System } from "../system";

/** Owner in numbers; undefined while its user does not exist yet, which only a plan may see. */
export async function ownerOf(system: System, ownership: Ownership): Promise<Owner | undefined> {
  const ids = await idsOf(system, ownership);
  return ids && { ...ids, mode: ownership.mode };
}

/** Owner in numbers, at the time of writing. */
export async function mustOwn(system: System, path: string, ownership: Ownership): Promise<Ids & Owner> {
  const owner = await ownerOf(system, ownership);
  if (owner) return owner;
  const { owner: user = "root", group = user } = ownership;
  throw new HostError(
    `${path}: there is no user ${user} or no group ${group}; add it to the document's users`,
  );
}
