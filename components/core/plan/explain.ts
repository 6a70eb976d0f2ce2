import { addressText } from "../network/address-ref";
import type { FirewallRule } from "../network/firewall";
import { rowsByHost } from "./alike";
import { singlePoints } from "./checks/single-points";
import { section, uniqueRows } from "./columns";
import { chainRows, chainTitle } from "./explain-chain";
import { costRows, costTitle, moneyText } from "./explain-cost";
import { failoverRows } from "./explain-failover";
import { nameRows, namesTitle } from "./explain-names";
import { peerRows } from "./explain-peers";
import { softwareRows } from "./explain-software";
import { CHAIN, type HostPlan, machinesOf, type Plan, type PoolPlan } from "./plan";

/** The plan as a reviewer reads it: what will run where, who can reach it, what it costs, needs and hides. */
export function explain(plan: Plan): string {
  const machines = machinesOf(plan);
  return [
    headline(plan),
    ...section(undefined, [HOST_COLUMNS, ...machines.map((host) => hostRow(plan, host))]),
    ...section("services", rowsByHost(machines, serviceRows)),
    ...section("chosen for the host", rowsByHost(machines, choiceRows)),
    ...section("open ports (all else is dropped, IPv4 and IPv6)", rowsByHost(machines, firewallRows)),
    ...section("peers", peerRows(plan)),
    ...section("failover", failoverRows(plan)),
    ...section(namesTitle(plan), nameRows(plan)),
    ...section("software", softwareRows(plan)),
    ...section(
      "secrets (by name; values go over SSH, never into user data or plain state)",
      rowsByHost(machines, ({ secrets }) => (secrets.length > 0 ? [[secrets.join(", ")]] : [])),
    ),
    ...section(chainTitle(plan), chainRows(plan)),
    ...section("stand-ins (not the real software)", standInRows(plan)),
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
    [count, ...pools.map((pool) => `pool ${pool.name} ${sizeText(pool)}`)].join(" + "),
    ...(cost
      ? [
          `${moneyText(cost.total)} USD a month${cost.most > cost.total ? ` (to ${moneyText(cost.most)})` : ""}`,
        ]
      : []),
  ].join(" · ");
}

const sizeText = ({ min, max }: PoolPlan): string => (min === max ? String(min) : `${min}–${max}`);

const HOST_COLUMNS = [
  ...["host", "role", "machine", "cores", "memory", "ECC", "disk", "zone", "cluster", "public"],
  "reachable from outside",
];

function hostRow({ pools, target }: Plan, host: HostPlan): string[] {
  const open = host.firewall.filter(({ from }) => from === "anyone");
  const way = host.reachedThrough === undefined ? "" : ` (SSH through ${host.reachedThrough})`;
  const reach = open.map(({ name, port }) => `${name} ${port}`).join(", ");
  const pool = pools.find(({ member }) => member === host);
  const { has, disk } = host;
  return [
    pool ? `${host.name} ×${sizeText(pool)}` : host.name,
    host.role,
    host.machine,
    has ? String(has.cores) : "",
    has?.memory ?? "",
    has ? (has.ecc ? "yes" : "no") : "",
    disk ? `${disk.size} GiB ${disk.type}${disk.iops === undefined ? "" : ` ${disk.iops} IOPS`}` : "",
    host.zone ?? "",
    addressText(host.addresses.cluster),
    addressText(host.addresses.public),
    pool
      ? `${pool.serves.name} ${target.balancer?.port ?? pool.serves.port} (through its balancer)`
      : `${reach || "nobody"}${way}`,
  ];
}

const serviceRows = (host: HostPlan): string[][] =>
  host.services.map(({ unit, summary, waits, listeners }) => [
    unit,
    waits === undefined ? summary : `${summary}; ${waits}`,
    listeners.map(({ name, port, exposure }) => `${name} ${port} (${exposure})`).join(", "),
  ]);

const choiceRows = (host: HostPlan): string[][] =>
  host.services.flatMap(({ choices }) => choices ?? []).map((choice) => [choice]);

const firewallRows = (host: HostPlan): string[][] =>
  host.firewall.map((rule) => [`${rule.protocol} ${rule.port}`, rule.name, `from ${sources(rule)}`]);

const standInRows = (plan: Plan): string[][] => {
  const of = (name: string) =>
    plan.standIns.flatMap(({ host, service, reason }) => (host === name ? [[service, reason]] : []));
  return [
    ...rowsByHost(machinesOf(plan), ({ name }) => of(name)),
    ...of(CHAIN).map((row) => [CHAIN, ...row]),
  ];
};

const sources = ({ from }: FirewallRule): string => (from === "anyone" ? "anyone" : from.join(", "));

/** One of each role, or of each of its groups where they differ. */
function hardwareRows(hosts: readonly HostPlan[]): string[][] {
  return [...new Set(hosts.map(({ role }) => role))].flatMap((role) => {
    const rows = hosts.filter((host) => host.role === role).map((host) => [host.group, ...floorRow(host)]);
    const isOne = uniqueRows(rows.map(([, ...row]) => row)).length === 1;
    return uniqueRows(rows.map(([group = "", ...row]) => [role, isOne ? "" : group, ...row]));
  });
}

const floorRow = ({
  belowFloor,
  hardware: { cores, memory, ecc, disk, clock, source },
}: HostPlan): string[] => [
  [
    ...(cores === undefined ? [] : [`${cores} cores`]),
    ...(clock === undefined ? [] : [`${clock} GHz`]),
    `${memory}${ecc ? " ECC" : ""}`,
    `${disk} SSD`,
  ].join(", "),
  belowFloor === undefined ? source : `below its floor by choice: ${belowFloor}`,
];
