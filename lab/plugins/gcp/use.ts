import type { World } from "../cloud/world";
import { isObject } from "../value";
import { inUse, notFound } from "./api";
import { lastOf } from "./place";

/**
 * Refuses the deletion of what another resource names: by path or URL anywhere among its inputs, or by its bare name in
 * a property called as `kind` is (`network`, `router`).
 * @param users the types that can name it.
 */
export function refuseWhileUsed(world: World, kind: string, id: string, users: readonly string[]): void {
  const property = kind.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  for (const token of users) {
    const user = world.all(token).find((entry) => names(entry.inputs, "", { id, property }));
    if (user) throw inUse(kind, id, user.id);
  }
}

interface Wanted {
  readonly id: string;
  readonly property: string;
}

function names(value: unknown, key: string, wanted: Wanted): boolean {
  if (typeof value === "string") {
    return (
      value === wanted.id ||
      value.endsWith(`/${wanted.id}`) ||
      (key === wanted.property && value === lastOf(wanted.id))
    );
  }
  if (Array.isArray(value)) return value.some((entry) => names(entry, key, wanted));
  return isObject(value) && Object.entries(value).some(([name, member]) => names(member, name, wanted));
}

/** The service account that an e-mail names; Google's own ones exist in every project. */
export function refuseUnknownAccount(world: World, accounts: string, email: string | undefined): void {
  if (!email?.endsWith(".iam.gserviceaccount.com") || email.includes("@gcp-sa-")) return;
  if (!world.findBy(accounts, "email", email)) throw notFound(`serviceAccounts/${email}`);
}
