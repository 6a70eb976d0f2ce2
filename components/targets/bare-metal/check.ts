import { error, type Finding, warning } from "../../core/config/finding";
import { overlaps } from "../../core/network/address";
import { absentPackages, operatingSystems, refusal } from "../../core/os";
import type { CheckedPlan } from "../target";
import type { BareMetalConfig, Machine } from "./config";

/** Mistakes that only this target can see. */
export const checkBareMetal = (
  config: BareMetalConfig,
  { hosts }: CheckedPlan,
  whole: boolean,
): Finding[] => {
  const names = hosts.map(({ name }) => name);
  const used = Object.entries(config.hosts).filter(([name]) => names.includes(name));
  const packagesOf = (name: string) =>
    hosts.flatMap((host) =>
      host.name === name ? host.services.flatMap(({ packages = [] }) => packages) : [],
    );
  return [
    ...(whole ? strangers(config, names) : []),
    ...used.flatMap(([name, machine]) => [
      ...system(name, machine, packagesOf(name)),
      ...overruled(name, machine),
      ...outside(config, name, machine),
    ]),
    ...twice(used, "address", ({ address, port }) => `${address}:${port}`),
    ...twice(used, "hostKey", ({ hostKey }) => hostKey.split(" ")[1] ?? hostKey),
  ];
};

const strangers = ({ hosts }: BareMetalConfig, names: readonly string[]): Finding[] =>
  Object.keys(hosts)
    .filter((name) => !names.includes(name))
    .map((name) => error(`hosts.${name}`, `is no host of this stack. Hosts: ${names.join(", ")}`));

/** An operating system that cannot be a host, or what an operator should know of one that can. */
function system(name: string, { os: wanted }: Machine, packages: readonly string[]): Finding[] {
  const os = operatingSystems.find((each) => each.name === wanted);
  if (!os || os.lacks.length === 0) return [];
  const path = `hosts.${name}.os`;
  if (os.support === "none") return [error(path, refusal(os))];
  const absent = absentPackages(os, packages);
  return [
    warning(path, `${os.title} lacks something: ${os.lacks.join("; ")}`),
    ...(absent.length === 0
      ? []
      : [
          warning(
            path,
            `the repositories of ${os.title} do not have ${absent.join(", ")}, which ${name} needs: bring a repository that has them under these names (EPEL, a mirror of yours) before up, or give ${name} one of ${fullySupported()}`,
          ),
        ]),
  ];
}

const fullySupported = (): string =>
  operatingSystems.flatMap(({ name, support }) => (support === "full" ? [name] : [])).join(", ");

const overruled = (name: string, { belowFloor }: Machine): Finding[] =>
  belowFloor === undefined
    ? []
    : [
        warning(
          `hosts.${name}.belowFloor`,
          `takes a machine below its role's floor, by choice: ${belowFloor}`,
        ),
      ];

function outside({ cluster }: BareMetalConfig, name: string, { addresses }: Machine): Finding[] {
  const { ipv4, ipv6 } = addresses.cluster;
  const path = `hosts.${name}.addresses.cluster`;
  const out = (family: string, address: string, network: string) =>
    error(`${path}.${family}`, `${address} is not in cluster.${family}, ${network}: correct one of them`);
  return [
    ...(overlaps(`${ipv4}/32`, cluster.ipv4) ? [] : [out("ipv4", ipv4, cluster.ipv4)]),
    ...(ipv6 === undefined || cluster.ipv6 === undefined || overlaps(`${ipv6}/128`, cluster.ipv6)
      ? []
      : [out("ipv6", ipv6, cluster.ipv6)]),
    ...(ipv6 !== undefined && cluster.ipv6 === undefined
      ? [error(`${path}.ipv6`, "is in no network: write cluster.ipv6 too, or leave it out")]
      : []),
  ];
}

/** Two hosts are two machines. */
function twice(
  machines: readonly [string, Machine][],
  key: "address" | "hostKey",
  identity: (machine: Machine) => string,
): Finding[] {
  const owners = new Map<string, string>();
  return machines.flatMap(([name, machine]) => {
    const other = owners.get(identity(machine));
    owners.set(identity(machine), other ?? name);
    return other === undefined
      ? []
      : [error(`hosts.${name}.${key}`, `is that of "${other}" too: each host needs a machine of its own`)];
  });
}
