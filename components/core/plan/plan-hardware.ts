import type { Traits } from "../../targets/target";
import { error, type Finding, warning } from "../config/finding";
import type { HostConfig } from "../config/schema";
import { bytesOf } from "../config/units";
import { type Hardware, raise } from "../hardware/hardware";
import type { ChainNetwork } from "../networks/network";
import type { Role } from "../roles/role";

const KEYS = ["cores", "memory", "disk"] as const;
type Figure = (typeof KEYS)[number];

const amount = (value: number | string): number => (typeof value === "number" ? value : bytesOf(value));

/**
 * What a host needs at least: its role's floor, raised by the network where it runs a full node, and by the stack. A
 * stack may go below with a reason, which the plan then carries; on targets without floors it may ask for anything.
 */
export function planHardware(
  { group, config }: { group: string; config: HostConfig },
  role: Role,
  network: ChainNetwork,
  { floors }: Traits,
): { hardware: Hardware; findings: Finding[] } {
  const runsNode = role.services.includes("nodeos");
  const floor = runsNode && network.hardware ? raise(role.hardware, network.hardware) : role.hardware;
  const lower = KEYS.filter((key) => isLower(config[key], floor[key]));
  const findings = floors ? lower.flatMap((key) => judge(group, config, floor, key)) : [];
  const asked = Object.fromEntries(
    KEYS.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])),
  );
  return { hardware: { ...floor, ...asked }, findings };
}

const isLower = (asked: number | string | undefined, floor: number | string | undefined): boolean =>
  asked !== undefined && floor !== undefined && amount(asked) < amount(floor);

function judge(group: string, config: HostConfig, floor: Hardware, key: Figure): Finding[] {
  const path = `hosts.${group}.${key}`;
  const what = `${config[key]} is below the floor of ${config.role}, ${floor[key]} (${floor.source})`;
  return [
    config.belowFloor === undefined
      ? error(path, `${what}: ask for more, or write in hosts.${group}.belowFloor why this will do`)
      : warning(path, `${what}, by choice: ${config.belowFloor}`),
  ];
}
