import type { FirewallRule } from "../../components/core/network/firewall";
import type { HostFile, Unit } from "../document";
import { firewallRuleset, printRuleset } from "../emit/nftables";
import { commandLine, printUnit } from "../emit/systemd-unit";
import { CONFINED } from "./sandbox";

const RULES = "/etc/nodewright/firewall.json";
const LOAD = commandLine(["/usr/sbin/nft", "-j", "-f", RULES]);

/** nft speaks to the kernel by netlink alone. It runs before most of a boot, so nothing of this waits for anything. */
export const FIREWALL_SANDBOX = [
  ["CapabilityBoundingSet", "CAP_NET_ADMIN"],
  ["RestrictAddressFamilies", "AF_NETLINK"],
  ...CONFINED,
] satisfies typeof CONFINED;

export const firewallFile = (rules: readonly FirewallRule[]): HostFile => ({
  path: RULES,
  mode: "0644",
  content: printRuleset(firewallRuleset(rules)),
});

/** Loaded before the network is up, at each boot, so that no port is ever open for a moment. */
export const firewallUnit: Unit = {
  name: "nodewright-firewall.service",
  service: "firewall",
  content: printUnit({
    Unit: [
      ["Description", "nodewright firewall"],
      ["DefaultDependencies", false],
      ["Before", "network-pre.target shutdown.target"],
      ["Wants", "network-pre.target"],
      ["Conflicts", "shutdown.target"],
    ],
    Service: [
      ["Type", "oneshot"],
      ["RemainAfterExit", true],
      ["ExecStart", LOAD],
      ["ExecReload", LOAD],
      ...FIREWALL_SANDBOX,
    ],
    Install: [["WantedBy", "sysinit.target"]],
  }),
  onChange: "reload",
  reads: [RULES],
  runs: [],
  secrets: [],
};
