import { detectSystem } from "../components/core/os";
import type { OperatingSystem } from "../components/core/os/operating-system";
import type { Bundle } from "./bundle";
import { readText } from "./disk";
import { CREDENTIALS } from "./layout";
import { HostError, type System } from "./system";

/** What this host runs. Throws HostError where that cannot be a host. */
export async function operatingSystem(system: System): Promise<OperatingSystem> {
  const found = detectSystem((await readText(system, "/etc/os-release")) ?? "");
  if ("problem" in found) throw new HostError(found.problem);
  return found.os;
}

/**
 * The bundle with its units as this host's systemd reads them. One that cannot decrypt takes a secret from the same file,
 * which `putSecret` then leaves as it came.
 */
export async function fitted(system: System, bundle: Bundle): Promise<Bundle> {
  if ((await operatingSystem(system)).credentials === "encrypted") return bundle;
  const units = bundle.document.units.map((unit) => ({
    ...unit,
    content: unit.content.replace(/^LoadCredentialEncrypted=(.+)$/gm, `LoadCredential=$1:${CREDENTIALS}/$1`),
  }));
  return { ...bundle, document: { ...bundle.document, units } };
}
