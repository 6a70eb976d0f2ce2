import { addressText } from "../network/address-ref";
import type { FirewallRule } from "../network/firewall";
import { singlePoints } from "./checks/single-points";
import { section, uniqueRows } from "./columns";
import { costRows, costTitle, moneyText } from "./explain-cost";
import { softwareRows } from "./explain-software";
import { type HostPlan, machinesOf, type Plan } from "./plan";

/** The plan as a reviewer reads it: what will run where, who can reach it, what it costs, needs and hides. */
export function explain(plan: Plan): string {
  const machines = machinesOf(plan);
  return [
    headline(plan),
    ...section(undefined, [HOST_COLUMNS, ...machines.map((host) => hostRow(plan, host))]),
    ...section("services", machines.flatMap(serviceRows)),
    ...section("open ports (all else is dropped, IPv4 and IPv6)", machines.flatMap(firewallRows)),
    ...section("peers", machines.flatMap(peerRows)),
    ...section(
      `names (answers may be kept ${plan.names?.ttl} s)`,
      plan.names?.records.map(({ name, hosts, pool }) => [name, `→ ${pool ?? hosts.join(", ")}`]) ?? [],
    ),
    ...section("software", softwareRows(plan)),
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
      `hardware floors${plan.target.traits.floors ? "" : " that a public chain asks for (this target does not check them)"}`,
      hardwareRows(machines),
    ),
    ...section(costTitle(plan), costRows(plan)),
    ...section(
      "endpoints",
      plan.endpoints.map(({ name, host, url }) => [name, host, url]),
    ),
    ...section(
      "single points",
      singlePoints(plan).map(({ what }) => [what]),
    ),
  ].join("\n");
}

function headline({ stack, network, target, hosts, pools, cost }: Plan): string {
  const count = `${hosts.length} host${hosts.length === 1 ? "" : "s"}`;
  return [
    stack,
    `${network.name}: ${network.summary}${network.evm ? `, EVM chain ${network.evm.chainId}` : ""}`,
    `${target.name}: ${target.where}`,
    [count, ...pools.map(({ name, min, max }) => `${name} ${min === max ? min : `${min}–${max}`}`)].join(
      " + ",
    ),
    ...(cost
      ? [
          `${moneyText(cost.total)} USD a month${cost.most > cost.total ? ` (to ${moneyText(cost.most)})` : ""}`,
        ]
      : []),
  ].join(" · ");
}

const HOST_COLUMNS = [
  ...["host", "role", "machine", "cores", "memory", "ECC", "disk", "zone", "cluster", "public"],
  "reachable from outside",
];

function hostRow({ pools }: Plan, host: HostPlan): string[] {
  const open = host.firewall.filter(({ from }) => from === "anyone");
  const reach = open.map(({ name, port }) => `${name} ${port}`).join(", ");
  const pool = pools.find(({ member }) => member === host);
  const { has, disk } = host;
  return [
    pool ? `${host.name} ×${pool.min === pool.max ? pool.min : `${pool.min}–${pool.max}`}` : host.name,
    host.role,
    host.machine,
    has ? String(has.cores) : "",
    has?.memory ?? "",
    has ? (has.ecc ? "yes" : "no") : "",
    disk ? `${disk.size} GiB ${disk.type}${disk.iops === undefined ? "" : ` ${disk.iops} IOPS`}` : "",
    host.zone ?? "",
    addressText(host.addresses.cluster),
    addressText(host.addresses.public),
    pool ? `by its balancer, ${pool.serves.name} ${pool.serves.port}` : reach || "nobody",
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

const peerRows = ({ name, peers, services }: HostPlan): string[][] =>
  services.some(({ service }) => service === "nodeos")
    ? [[name, peers.length > 0 ? `→ ${peers.join(", ")}` : "waits for others"]]
    : [];

const hardwareRows = (hosts: readonly HostPlan[]): string[][] =>
  uniqueRows(
    hosts.map(({ role, belowFloor, hardware: { cores, memory, ecc, disk, clock, source } }) => [
      role,
      [
        ...(cores === undefined ? [] : [`${cores} cores`]),
        ...(clock === undefined ? [] : [`${clock} GHz`]),
        `${memory}${ecc ? " ECC" : ""}`,
        `${disk} SSD`,
      ].join(", "),
      belowFloor === undefined ? source : `below its floor by choice: ${belowFloor}`,
    ]),
  );
