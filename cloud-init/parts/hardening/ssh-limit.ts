import type { HostFile, Unit } from "../../document";
import { printRuleset, type Ruleset } from "../../emit/nftables";
import { commandLine, printUnit } from "../../emit/systemd-unit";
import { FIREWALL_SANDBOX } from "../firewall";
import type { Part } from "./part";

const RULES = "/etc/nodewright/ssh-limit.json";
/** A table of its own: where a kernel cannot do this, the firewall itself must still load. */
const TABLE = { family: "inet", table: "nodewright-limits" };

/**
 * New connections that one source may make: two a second on average. A change of a large stack opens a hundred at once
 * through one door, and what is dropped comes again a second later, so an operator sees at most a pause.
 */
const LIMIT = { rate: 2, per: "second", burst: 120, inv: true };
const FORGOTTEN_AFTER_SECONDS = 600;
const SOURCES_AT_MOST = 65_535;

const limit = (name: string, source: unknown) => ({
  add: {
    rule: {
      ...TABLE,
      chain: "input",
      expr: [
        { match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: 22 } },
        { match: { op: "in", left: { ct: { key: "state" } }, right: "new" } },
        {
          meter: {
            name,
            size: SOURCES_AT_MOST,
            key: { elem: { val: source, timeout: FORGOTTEN_AFTER_SECONDS } },
            stmt: { limit: LIMIT },
          },
        },
        { counter: null },
        { drop: null },
      ],
    },
  },
});

const saddr = (protocol: string) => ({ payload: { protocol, field: "saddr" } });

/** libnftables' JSON. An IPv6 source is its /64, of which a single machine has all addresses. */
export const sshLimitRuleset = (): Ruleset => {
  const table = { table: { family: TABLE.family, name: TABLE.table } };
  return {
    nftables: [
      { add: table },
      { delete: table },
      { add: table },
      {
        add: {
          chain: { ...TABLE, name: "input", type: "filter", hook: "input", prio: -10, policy: "accept" },
        },
      },
      limit("ssh4", saddr("ip")),
      limit("ssh6", { "&": [saddr("ip6"), "ffff:ffff:ffff:ffff::"] }),
    ],
  };
};

const file: HostFile = {
  path: RULES,
  content: printRuleset(sshLimitRuleset()),
  mode: "0644",
};
const LOAD = commandLine(["/usr/sbin/nft", "-j", "-f", RULES]);

const unit: Unit = {
  name: "nodewright-ssh-limit.service",
  service: "ssh-limit",
  content: printUnit({
    Unit: [
      ["Description", "nodewright: limit of SSH connections from one source"],
      ["After", "nodewright-firewall.service"],
    ],
    Service: [
      ["Type", "oneshot"],
      ["RemainAfterExit", true],
      ["ExecStart", LOAD],
      ["ExecReload", LOAD],
      ...FIREWALL_SANDBOX,
    ],
    Install: [["WantedBy", "multi-user.target"]],
  }),
  onChange: "reload",
  reads: [RULES],
  runs: [],
  secrets: [],
};

/** In place of fail2ban (docs/decisions, 2026-11-21-hardening). */
export const sshLimit = (): Part => ({ packages: [], files: [file], units: [unit] });
