import { HostError, mustRun, type System } from "../system";
import { showUnits } from "../systemd";
import type { Change, Context, Step } from "./step";

// A held dpkg lock (unattended-upgrades at first boot) is waited for; our own files win over a package's examples.
const OPTIONS = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];

/** Installs what is missing, after masking what would start with it. What is there is left at its version. */
export const packages: Step = {
  name: "packages",
  async plan(context) {
    const missing = await missingPackages(context);
    const install: Change = {
      what: `install ${missing.join(" ")}`,
      apply: async () => {
        await update(context.system);
        await mustRun(context.system, [
          "apt-get",
          "install",
          "-qq",
          "--yes",
          "--no-install-recommends",
          ...OPTIONS,
          ...missing,
        ]);
      },
    };
    return [...(await masks(context)), ...(missing.length > 0 ? [install] : [])];
  },
};

const UPDATE_PAUSE_MS = 5_000;
const UPDATE_ATTEMPTS = 60;

/** At first boot apt-daily may hold the lists, for which apt, unlike for dpkg's lock, does not wait. */
async function update(system: System): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { code, stderr } = await system.run(["apt-get", "update", "-qq"]);
    if (code === 0) return;
    if (!stderr.includes("Could not get lock") || attempt === UPDATE_ATTEMPTS) {
      throw new HostError(`apt-get update: exit ${code}\n${stderr.trim()}`);
    }
    await system.sleep(UPDATE_PAUSE_MS);
  }
}

async function masks({ system, bundle: { document } }: Context): Promise<Change[]> {
  const states = await showUnits(system, document.masked);
  return document.masked
    .filter((name) => states.get(name)?.load !== "masked")
    .map((name) => ({ what: `mask ${name}`, apply: () => mask(system, name) }));
}

async function mask(system: System, name: string): Promise<void> {
  await mustRun(system, ["systemctl", "mask", "--quiet", name]);
  // Fails for a unit that was never loaded, which is as good as stopped.
  await system.run(["systemctl", "stop", "--quiet", name]);
}

async function missingPackages({ system, bundle: { document } }: Context): Promise<string[]> {
  if (document.packages.length === 0) return [];
  // Exits with 1 if any is unknown, and still lists the others.
  const { stdout } = await system.run([
    "dpkg-query",
    "--show",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
    "--showformat=${Package} ${db:Status-Status}\n",
    ...document.packages,
  ]);
  const installed = stdout
    .toString()
    .split("\n")
    .filter((line) => line.endsWith(" installed"));
  return document.packages.filter((name) => !installed.includes(`${name} installed`));
}
