import { printWordLines } from "../../emit/word-lines";
import type { Part, Surroundings } from "./part";

const RENEW = "/usr/lib/nodewright/renew";

/** Looks for programs and libraries that are replaced on disk: such a process has them open still. */
const RENEW_SCRIPT = `#!/bin/sh
# Units, of those given, that still run what a security update has replaced: reloaded, or restarted if that does not help.
replaced() {
  pid=$(systemctl show -P MainPID "$1")
  [ "\${pid:-0}" != 0 ] && grep -q ' /usr/.* (deleted)$' "/proc/$pid/maps"
}
for unit; do
  replaced "$unit" || continue
  systemctl reload "$unit" && sleep 5
  if replaced "$unit"; then systemctl restart "$unit"; fi
done
exit 0
`;

const quoted = (value: string) => `"${value}";`;

/** apt.conf(5). Debian's own list also takes point releases, hence the two that are cleared. */
const aptSettings = (packaged: readonly string[]) =>
  printWordLines([
    ["APT::Periodic::Update-Package-Lists", quoted("1")],
    ["APT::Periodic::Unattended-Upgrade", quoted("1")],
    ["APT::Periodic::AutocleanInterval", quoted("7")],
    ["#clear", "Unattended-Upgrade::Origins-Pattern;"],
    ["#clear", "Unattended-Upgrade::Allowed-Origins;"],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: unattended-upgrades' own placeholders
    [
      "Unattended-Upgrade::Origins-Pattern",
      "{",
      quoted("origin=Debian,codename=${distro_codename}-security,label=Debian-Security"),
      quoted("origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu"),
      "};",
    ],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: unattended-upgrades' own placeholders
    ["Unattended-Upgrade::Automatic-Reboot", quoted("false")],
    ["Unattended-Upgrade::InstallOnShutdown", quoted("false")],
    ["Unattended-Upgrade::MinimalSteps", quoted("true")],
    ["Unattended-Upgrade::Remove-Unused-Kernel-Packages", quoted("true")],
    // A file of ours in place of a package's is no reason to hold its fix back.
    ["Dpkg::Options", "{", quoted("--force-confdef"), quoted("--force-confold"), "};"],
    ...(packaged.length === 0
      ? []
      : [["DPkg::Post-Invoke", "{", quoted([RENEW, ...packaged, "|| true"].join(" ")), "};"]]),
  ]);

/** Ubuntu's server has it, and it would restart any service that uses a library which was updated: list them only. */
const NEEDRESTART = printWordLines([["$nrconf{restart}", "=", "'l';"]]);

/**
 * Security fixes alone, by themselves, and never a reboot. What serves from a package (HAProxy, Knot, Prometheus) takes
 * its fix into use, one that can reload without losing a connection; nodeos and what comes from our releases is no
 * package, so a producing node is never touched.
 */
export function updates({ packaged }: Surroundings): Part {
  return {
    packages: ["unattended-upgrades"],
    files: [
      { path: "/etc/apt/apt.conf.d/60nodewright", content: aptSettings(packaged), mode: "0644" },
      { path: "/etc/needrestart/conf.d/nodewright.conf", content: NEEDRESTART, mode: "0644" },
      ...(packaged.length === 0 ? [] : [{ path: RENEW, content: RENEW_SCRIPT, mode: "0755" }]),
    ],
    units: [],
  };
}
