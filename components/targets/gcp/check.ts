import { checkLogins } from "../../core/config/admins";
import { error, type Finding } from "../../core/config/finding";
import { dataName, machineName } from "../../core/naming";
import { overlaps } from "../../core/network/address";
import { plannedAddress } from "../../core/network/address-ref";
import { machinesOf } from "../../core/plan/plan";
import type { CheckedPlan } from "../target";
import { CATALOG } from "./catalog";
import { type GcpConfig, zonesOf } from "./config";
import { namesOf } from "./https";
import { LONGEST, LONGEST_POOL } from "./names";
import { isReserved } from "./subnets";

/** Mistakes and limits that only this target can see. */
export const checkGcp = (config: GcpConfig, plan: CheckedPlan, whole: boolean): Finding[] => [
  ...unknownZones(config),
  ...overlapping(config),
  ...unfitNames(plan),
  ...reservedAddresses(config, plan),
  ...unbootable(config, plan),
  ...checkLogins(config.admins, plan),
  ...(whole
    ? [
        ...unsoldFigures(config, plan),
        ...unreachable(plan),
        ...uselessZone(config, plan),
        ...uselessBalancer(config, plan),
      ]
    : []),
];

function unknownZones({ region, zones }: GcpConfig): Finding[] {
  const known = zonesOf(region);
  return zones.flatMap((zone, index) =>
    known.includes(zone)
      ? []
      : [error(`zones[${index}]`, `${region} has no zone ${zone}: it has ${known.join(", ")}`)],
  );
}

/** nftables takes no set whose ranges overlap, and a host's SSH admits all of these. */
function overlapping({ network, admins }: GcpConfig): Finding[] {
  return admins.flatMap((admin, index) => {
    const other = [network, ...admins.slice(0, index)].find((each) => overlaps(each, admin));
    return other === undefined
      ? []
      : [
          error(
            `admins[${index}]`,
            `${admin} overlaps ${other === network ? `the hosts' own network, ${network}` : other}: give them separate ranges`,
          ),
        ];
  });
}

function unfitNames({ stack, hosts, pools }: CheckedPlan): Finding[] {
  if (!/^[a-z][a-z0-9-]*$/.test(stack) || stack.includes("goog"))
    return [
      error(
        "",
        `the stack's name, "${stack}", goes into names of machines and of a bucket, which take a–z, 0–9 and - after a first letter, and no "goog": rename the stack`,
      ),
    ];
  const names = [
    ...hosts.map(({ name }) => ({ name, given: dataName(stack, name), what: "disk", most: LONGEST })),
    ...pools.map(({ name }) => ({ name, given: machineName(stack, name), what: "pool", most: LONGEST_POOL })),
  ];
  return names
    .filter(({ given, most }) => given.length > most)
    .map(({ name, given, what, most }) =>
      error(
        "",
        `"${given}" has ${given.length} characters, and Google Cloud takes ${most} for the name of a ${what}: shorten the name of host "${name}", or of the stack`,
      ),
    );
}

const reservedAddresses = ({ network }: GcpConfig, { hosts }: CheckedPlan): Finding[] =>
  hosts.flatMap(({ name, addresses }) => {
    const address = plannedAddress(addresses.cluster)?.ipv4;
    return address !== undefined && isReserved(network, address)
      ? [error("network", `"${name}" gets ${address}, which Google keeps for itself: rename the host`)]
      : [];
  });

/** Bare metal's network card needs the driver idpf, which came with Linux 6.7; Debian 12 has 6.1. */
function unbootable({ image }: GcpConfig, { hosts, pools }: CheckedPlan): Finding[] {
  if (!/debian-1[0-2]/.test(image)) return [];
  const metal = machinesOf({ hosts: [...hosts], pools: [...pools] }).filter(({ machine }) =>
    CATALOG.machines.some(({ name, bareMetal }) => bareMetal && name === machine),
  );
  const [first] = metal;
  return first
    ? [
        error(
          "image",
          `cannot boot ${first.machine} of "${first.name}": the network card of bare metal needs Linux 6.7 or later, Debian 12 has 6.1. Name an image with it, or a virtual machine type`,
        ),
      ]
    : [];
}

/** Figures that no disk of the stack is sold with. */
function unsoldFigures({ disk }: GcpConfig, { hosts, pools }: CheckedPlan): Finding[] {
  const machines = machinesOf({ hosts: [...hosts], pools: [...pools] });
  return (["iops", "throughput"] as const).flatMap((figure) =>
    disk[figure] !== undefined &&
    machines.length > 0 &&
    machines.every((host) => host.disk?.[figure] === undefined)
      ? [error(`disk.${figure}`, "is sold with hyperdisk-balanced alone, and no host has one: leave it out")]
      : [],
  );
}

/** Hosts without a public address are reached through one that has it. */
function unreachable({ hosts }: CheckedPlan): Finding[] {
  const hidden = hosts.filter(
    ({ addresses, reachedThrough }) => addresses.public === "none" && reachedThrough === undefined,
  );
  const [first] = hidden;
  return first
    ? [
        error(
          "",
          `"${first.name}" has no public address, nor has any other host that SSH could go through: add a seed`,
        ),
      ]
    : [];
}

const uselessZone = ({ dnsZone }: GcpConfig, { names }: CheckedPlan): Finding[] =>
  dnsZone !== undefined && names === undefined
    ? [error("dnsZone", "has no names to hold: set domain too, or leave it out")]
    : [];

/** Nothing stands behind it, or nobody could give it a certificate. */
function uselessBalancer({ balancer }: GcpConfig, { pools, names }: CheckedPlan): Finding[] {
  if (!balancer) return [];
  if (pools.length === 0)
    return [
      error("balancer", "has no pool to stand before: give an rpc group a count, or leave balancer out"),
    ];
  const nameless = pools.filter((pool) => namesOf(pool, names).length === 0).map(({ name }) => name);
  return balancer.certificate !== undefined || nameless.length === 0
    ? []
    : [
        error(
          "balancer",
          `has no certificate, and no name leads to ${nameless.join(", ")} that Google could give one for: set domain, or certificate`,
        ),
      ];
}
