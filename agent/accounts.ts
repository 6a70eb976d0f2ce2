import type { Ownership } from "../cloud-init/document";
import { readText } from "./disk";
import type { System } from "./system";

export interface Ids {
  uid: number;
  gid: number;
}

interface Account extends Ids {
  name: string;
}

/** The host's local users. Read from its files: no name service is asked about system users. */
export async function users(system: System): Promise<Account[]> {
  const lines = ((await readText(system, "/etc/passwd")) ?? "").split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** Numeric owner and group; undefined while a user or group does not exist yet. */
export async function idsOf(
  system: System,
  { owner = "root", group }: Partial<Ownership>,
): Promise<Ids | undefined> {
  const user = (await users(system)).find(({ name }) => name === owner);
  const gid = group === undefined ? user?.gid : await groupId(system, group);
  return user && gid !== undefined ? { uid: user.uid, gid } : undefined;
}

async function groupId(system: System, group: string): Promise<number | undefined> {
  const lines = ((await readText(system, "/etc/group")) ?? "").split("\n").map((line) => line.split(":"));
  const id = lines.find(([name]) => name === group)?.[2];
  return id === undefined ? undefined : Number(id);
}
