import type { FirewallRule } from "../network/firewall";
import { columns } from "./columns";
import type { HostPlan, Plan } from "./plan";

/** The plan as a reviewer reads it: what will run where, who can reach it, what it needs and what it hides. */
export function explain(plan: Plan): string {
  return [
    `${plan.stack} · ${plan.network.name}: ${plan.network.summary}, EVM chain ${plan.network.evm.chainId} · ${plan.target.name}: ${plan.target.summary} · ${plan.hosts.length} hosts`,
    "",
    ...columns([
      ["host", "role", "machine", "cluster", "public", "reachable from outside"],
      ...plan.hosts.map(hostRow),
    ]),
    "",
    "services",
    ...columns(plan.hosts.flatMap(serviceRows)),
    "",
    "open ports (all else is dropped, IPv4 and IPv6)",
    ...columns(plan.hosts.flatMap(firewallRows)),
    "",
    "peers",
    ...columns(
      plan.hosts.map(({ name, peers }) => [
        name,
        peers.length > 0 ? `→ ${peers.join(", ")}` : "waits for others",
      ]),
    ),
    "",
    "software",
    ...columns(releaseRows(plan)),
    ...section(
      "secrets (by name; values go over SSH, never into user data or plain state)",
      plan.hosts
        .filter(({ secrets }) => secrets.length > 0)
        .map(({ name, secrets }) => [name, secrets.join(", ")]),
    ),
    ...section(
      "stand-ins (not the real software)",
      uniqueRows(plan.standIns.map(({ host, service, reason }) => [host, service, reason])),
    ),
    ...section(
      "hardware that a public chain asks for (floors; this target does not check them)",
      hardwareRows(plan),
    ),
    ...section(
      "endpoints",
      plan.endpoints.map(({ name, host, url }) => [name, host, url]),
    ),
    ...section("single points", singlePoints(plan)),
  ].join("\n");
}

const section = (title: string, rows: string[][]): string[] =>
  rows.length === 0 ? [] : ["", title, ...columns(rows)];
const uniqueRows = (rows: string[][]): string[][] => [
  ...new Map(rows.map((row) => [row.join("\t"), row])).values(),
];

function hostRow(host: HostPlan): string[] {
  const open = host.firewall.filter(({ from }) => from === "anyone");
  const reach = open.map(({ name, port }) => `${name} ${port}`).join(", ");
  return [
    host.name,
    host.role,
    host.machine,
    host.addresses.cluster.ipv4,
    host.addresses.public.ipv4,
    reach || "nobody",
  ];
}

const serviceRows = (host: HostPlan): string[][] =>
  host.services.map((service, index) => [
    index === 0 ? host.name : "",
    service.unit,
    service.summary,
    service.listeners.map(({ name, port, exposure }) => `${name} ${port} (${exposure})`).join(", "),
  ]);

const firewallRows = (host: HostPlan): string[][] =>
  host.firewall.map((rule, index) => [
    index === 0 ? host.name : "",
    `${rule.protocol} ${rule.port}`,
    rule.name,
    `from ${sources(rule)}`,
  ]);

const sources = ({ from }: FirewallRule): string => (from === "anyone" ? "anyone" : from.join(", "));

const releaseRows = (plan: Plan): string[][] =>
  uniqueRows(
    plan.hosts.flatMap(({ releases }) =>
      releases.map(({ name, version, sha256, source, standIn }) => [
        name,
        version,
        `sha256 ${sha256.slice(0, 12)}…`,
        sourceOf(source),
        standIn === undefined ? "" : "stand-in",
      ]),
    ),
  );

function sourceOf(source: HostPlan["releases"][number]["source"]): string {
  switch (source.kind) {
    case "npm":
      return `npm ${source.package}`;
    case "pypi":
      return `PyPI ${source.package}`;
    case "url":
      return source.url;
    case "project":
      return `built from ${source.entry}`;
  }
}

const hardwareRows = (plan: Plan): string[][] =>
  uniqueRows(
    plan.hosts.map(({ role, hardware: { cores, memory, ecc, disk, source } }) => [
      role,
      [
        ...(cores === undefined ? [] : [`${cores} cores`]),
        `${memory}${ecc ? " ECC" : ""}`,
        `${disk} SSD`,
      ].join(", "),
      source,
    ]),
  );

/** Roles that one host alone serves: what is gone with it. */
function singlePoints(plan: Plan): string[][] {
  const roles = [...new Set(plan.hosts.map(({ role }) => role))];
  return roles.flatMap((role) => {
    const [host, ...others] = plan.hosts.filter((each) => each.role === role);
    return host && others.length === 0 ? [[host.name, `the only ${role}: ${host.summary}`]] : [];
  });
}
