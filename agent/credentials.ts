import { join } from "node:path";
import { readText } from "./disk";
import { CREDENTIALS } from "./layout";
import { operatingSystem } from "./operating-system";
import { HostError, mustRun, type System } from "./system";

/**
 * A secret of this host: as systemd hands it to a unit, else, for root at a terminal, decrypted with the host's own key.
 * Without the line's end that an editor leaves. Throws HostError where it is not there.
 */
export async function credential(system: System, name: string): Promise<string> {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  const given = folder === undefined ? undefined : await readText(system, join(folder, name));
  if (given !== undefined) return given.trimEnd();
  const path = join(CREDENTIALS, name);
  const stored = await readText(system, path);
  if (stored === undefined)
    throw new HostError(
      `the secret ${name} is not on this host: set it in the stack, then pulumi up; see docs/secrets.md`,
    );
  if ((await operatingSystem(system)).credentials === "plain") return stored.trimEnd();
  return (await mustRun(system, ["systemd-creds", "decrypt", `--name=${name}`, system.path(path), "-"]))
    .toString()
    .trimEnd();
}
