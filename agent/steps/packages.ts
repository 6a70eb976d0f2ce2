import { type PackageManager, packageManagers } from "../../components/core/os/package-manager";
import { operatingSystem } from "../operating-system";
import { HostError, mustRun, type System } from "../system";
import { showUnits } from "../systemd";
import type { Change, Step } from "./step";

/** Installs what is missing, after masking what would work against us. What is there is left at its version. */
export const packages: Step = {
  name: "packages",
  async plan({ system, bundle: { document } }) {
    const os = await operatingSystem(system);
    const manager = packageManagers[os.packageManager];
    const missing = await missingPackages(
      system,
      manager,
      document.packages.map((name) => os.packages[name] ?? name),
    );
    const install: Change = {
      what: `install ${missing.join(" ")}`,
      apply: async () => {
        await update(system, manager);
        await mustRun(system, manager.install(missing));
      },
    };
    return [
      ...(await masks(system, document.masked, () => true)),
      // Not for units that this host never had: a firewall that someone installs later is their decision.
      ...(await masks(system, os.masked, ({ load }) => load !== "not-found")),
      ...(missing.length > 0 ? [install] : []),
    ];
  },
};

const UPDATE_PAUSE_MS = 5_000;
const UPDATE_ATTEMPTS = 60;

/** At first boot apt-daily may hold the lists, for which apt, unlike for dpkg's lock, does not wait. */
async function update(system: System, { update: command, isBusy }: PackageManager): Promise<void> {
  if (!command) return;
  for (let attempt = 1; ; attempt += 1) {
    const { code, stderr } = await system.run(command);
    if (code === 0) return;
    if (!isBusy(stderr) || attempt === UPDATE_ATTEMPTS) {
      throw new HostError(`${command.slice(0, 2).join(" ")}: exit ${code}\n${stderr.trim()}`);
    }
    await system.sleep(UPDATE_PAUSE_MS);
  }
}

async function masks(
  system: System,
  names: readonly string[],
  isDue: (state: { load: string }) => boolean,
): Promise<Change[]> {
  const states = await showUnits(system, names);
  return names
    .filter((name) => {
      const state = states.get(name);
      return state?.load !== "masked" && (state === undefined || isDue(state));
    })
    .map((name) => ({ what: `mask ${name}`, apply: () => mask(system, name) }));
}

async function mask(system: System, name: string): Promise<void> {
  await mustRun(system, ["systemctl", "mask", "--quiet", name]);
  // Fails for a unit that was never loaded, which is as good as stopped.
  await system.run(["systemctl", "stop", "--quiet", name]);
}

async function missingPackages(
  system: System,
  manager: PackageManager,
  wanted: readonly string[],
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const { stdout } = await system.run(manager.query(wanted));
  const installed = manager.installed(stdout.toString());
  return wanted.filter((name) => !installed.includes(name));
}
