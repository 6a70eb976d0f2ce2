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

interface Needs {
  hardware: Hardware;
  /** Why the host may have less than the floor. Absent where it has no less. */
  belowFloor?: string;
  findings: Finding[];
}

/**
 * What a host needs at least: its role's floor, raised by the network where it runs a full node, and by the stack. A
 * stack may go below with a reason, which the plan then carries; on targets without floors it may ask for anything.
 */
export function planHardware(
  { group, config }: { group: string; config: HostConfig },
  role: Role,
  network: ChainNetwork,
  { floors }: Traits,
): Needs {
  const runsNode = role.services.includes("nodeos");
  const floor = runsNode && network.hardware ? raise(role.hardware, network.hardware) : role.hardware;
  const lower = KEYS.filter((key) => isLower(config[key], floor[key]));
  const { belowFloor } = config;
  const found = [
    ...lower.map((key) => judge(group, config, floor, key)),
    ...(lower.length === 0 && belowFloor !== undefined ? [needless(group, config)] : []),
  ];
  return {
    hardware: asked(floor, config),
    ...(lower.length === 0 || belowFloor === undefined ? {} : { belowFloor }),
    findings: floors ? found : [],
  };
}

/** The floor with the figures that the stack asks for in their place, and both sources where one differs. */
function asked(floor: Hardware, config: HostConfig): Hardware {
  const given = KEYS.filter((key) => config[key] !== undefined && config[key] !== floor[key]);
  if (given.length === 0) return floor;
  const figures = Object.fromEntries(given.map((key) => [key, config[key]]));
  return { ...floor, ...figures, source: `${floor.source}; the stack file` };
}

const isLower = (asked: number | string | undefined, floor: number | string | undefined): boolean =>
  asked !== undefined && floor !== undefined && amount(asked) < amount(floor);

function judge(group: string, config: HostConfig, floor: Hardware, key: Figure): Finding {
  const path = `hosts.${group}.${key}`;
  const what = `${config[key]} is below the floor of ${config.role}, ${floor[key]} (${floor.source})`;
  return config.belowFloor === undefined
    ? error(path, `${what}: ask for more, or write in hosts.${group}.belowFloor why this will do`)
    : warning(path, `${what}, by choice: ${config.belowFloor}`);
}

const needless = (group: string, { role }: HostConfig): Finding =>
  warning(
    `hosts.${group}.belowFloor`,
    `says why less will do, and nothing is below the floor of ${role}: take it out`,
  );
