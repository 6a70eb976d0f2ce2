import { checkLogins } from "../../core/config/admins";
import { error, type Finding, warning } from "../../core/config/finding";
import { dataName, machineName } from "../../core/naming";
import { machinesOf } from "../../core/plan/plan";
import type { CheckedPlan } from "../target";
import { CATALOG } from "./catalog";
import type { DigitalOceanConfig } from "./config";
import { isReserved } from "./render";

// API reference, volumes: "lowercase … numbers, letters and -, up to a limit of 64 characters … must begin with a letter".
const VOLUME_NAME = /^[a-z][a-z0-9-]*$/;
const VOLUME_NAME_MOST = 64;
// A droplet's name is its host name, and a label of one has at most 63 (RFC 1035).
const DROPLET_NAME_MOST = 63;
// docs.digitalocean.com/products/networking/reserved-ips/details/limits.
const RESERVED_BY_DEFAULT = 3;

/** Mistakes and limits that only this target can see. */
export const checkDigitalOcean = (
  config: DigitalOceanConfig,
  plan: CheckedPlan,
  whole: boolean,
): Finding[] => [
  ...longNames(plan),
  ...checkLogins(config.admins, plan),
  ...(whole
    ? [...names(config, plan), ...oneDatacenter(config, plan), ...quotas(plan), ...unstated(plan)]
    : []),
];

function longNames({ stack, hosts, pools }: CheckedPlan): Finding[] {
  const machines = machinesOf({ hosts: [...hosts], pools: [...pools] });
  if (!VOLUME_NAME.test(stack))
    return [
      error(
        "",
        `the stack's name, "${stack}", goes into names of droplets and volumes, which take a–z, 0–9 and - after a first letter: rename the stack`,
      ),
    ];
  return machines.flatMap(({ name }) => {
    const long = [
      { what: "volume", name: dataName(stack, name), most: VOLUME_NAME_MOST },
      { what: "droplet", name: machineName(stack, name), most: DROPLET_NAME_MOST },
    ].find((each) => each.name.length > each.most);
    return long
      ? [
          error(
            "",
            `"${long.name}" has ${long.name.length} characters, and a ${long.what}'s name at most ${long.most}: shorten the name of host "${name}", or of the stack`,
          ),
        ]
      : [];
  });
}

function names({ zone }: DigitalOceanConfig, { hosts, pools, names: found }: CheckedPlan): Finding[] {
  const domain = found?.domain;
  if (domain === undefined)
    return hosts.length + pools.length > 1
      ? [
          error(
            "",
            "needs domain: DigitalOcean has no private DNS, so hosts find each other as <host>.cluster.<domain>. Write a domain of yours that you can delegate to ns1.digitalocean.com",
          ),
        ]
      : [];
  return zone === undefined || domain === zone || domain.endsWith(`.${zone}`)
    ? []
    : [error("zone", `${zone} does not hold ${domain}: name the domain itself, or one above it`)];
}

const oneDatacenter = ({ region }: DigitalOceanConfig, { hosts, pools }: CheckedPlan): Finding[] =>
  hosts.length + pools.length > 1
    ? [
        warning(
          "region",
          `single point of failure: ${region} is one datacenter, and everything is in it. A second stack elsewhere, joined by peersOf, survives it`,
        ),
      ]
    : [];

function quotas({ hosts, names: found }: CheckedPlan): Finding[] {
  const reserved = hosts.filter((host) => isReserved({ ...(found ? { names: found } : {}) }, host));
  return reserved.length > RESERVED_BY_DEFAULT
    ? [
        warning(
          "",
          `${reserved.length} hosts get a reserved address, and an account has ${RESERVED_BY_DEFAULT} until DigitalOcean raises it: ask for more before the first up`,
        ),
      ]
    : [];
}

/** What the catalog only believes of the machines chosen. */
function unstated({ hosts, pools }: CheckedPlan): Finding[] {
  const machines = machinesOf({ hosts: [...hosts], pools: [...pools] });
  const wanted = machines.filter(({ hardware }) => hardware.ecc);
  const source = CATALOG.machines.find(({ name }) => wanted.some((host) => host.machine === name))?.ecc
    .source;
  return source === undefined
    ? []
    : [warning("", `ECC memory, which ${wanted.map(({ name }) => name).join(", ")} need, is ${source}`)];
}
