import type { Traits } from "../../../components/targets/target";
import type { Directory, HostFile, Unit } from "../../document";
import { commandLine, printUnit } from "../../emit/systemd-unit";
import { CONFINED } from "../sandbox";

/** What a host knows of itself where it is hardened. */
export interface Surroundings {
  traits: Traits;
  /** Whether SSH to hosts that the outside cannot reach goes through this one. */
  isDoor: boolean;
  /** Units, by name without suffix, whose program is a package of the operating system, which may be updated. */
  packaged: readonly string[];
}

/** One concern of hardening, as it stands in a host document. */
export interface Part {
  packages: readonly string[];
  directories?: readonly Directory[];
  files: readonly HostFile[];
  units: readonly Unit[];
}

interface SettingsUnit {
  /** As people call it; the unit is `nodewright-<name>.service`. */
  name: string;
  summary: string;
  /** The settings. A change of them runs the unit again. */
  files: readonly HostFile[];
  /** Commands that make a daemon take the settings; one whose daemon may be missing begins with `-`. */
  run: readonly (readonly string[])[];
  /** Folders that the commands write. */
  writes?: string;
  capabilities?: string;
}

/**
 * Makes a daemon of the operating system take its settings, once when they come and at each change of them. It has no
 * part in a boot: the daemon then reads them by itself.
 */
export const settingsUnit = ({
  name,
  summary,
  files,
  run,
  writes,
  capabilities = "",
}: SettingsUnit): Unit => ({
  name: `nodewright-${name}.service`,
  service: name,
  content: printUnit({
    Unit: [["Description", `nodewright: ${summary}`]],
    Service: [
      ["Type", "oneshot"],
      ...run.map((words): [string, string] => ["ExecStart", execLine(words)]),
      ["ReadWritePaths", writes],
      ["CapabilityBoundingSet", capabilities],
      ...CONFINED,
      ["RestrictAddressFamilies", "AF_UNIX AF_NETLINK"],
    ],
  }),
  onChange: "restart",
  reads: files.map(({ path }) => path),
  runs: [],
  secrets: [],
});

/** `-` before a command: its failure is none of the unit's (systemd.service(5)). */
const execLine = ([first = "", ...rest]: readonly string[]): string =>
  first === "-" ? `-${commandLine(rest)}` : commandLine([first, ...rest]);

export const SYSTEMCTL = "/usr/bin/systemctl";
