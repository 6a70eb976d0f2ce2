import { bytesOf } from "../config/units";
import type { Hardware } from "../hardware/hardware";
import type { Requirement } from "./requirement";

/** Firmware, kernel and a crash kernel keep some of the memory that was bought. */
const MEMORY_SEEN = 0.94;
/** Disks are sold in powers of ten, of which a filesystem keeps some: of "2 TB", 1.75 are left in powers of 1024. */
const DISK_SEEN = 0.85;
const GB = bytesOf("1 GB");
/** By how much clocks may differ, in seconds. The host's seems ahead by as long as it takes to log in. */
const CLOCK_BEHIND = 2;
const CLOCK_AHEAD = 60;
/** The oldest that has all that our units ask for (LoadCredential). */
const SYSTEMD = 247;
/** Major number of the oldest kernel of a system that can be a host (5.14, RHEL 9). */
const KERNEL = 5;

/** A port that a service of the host will listen on. */
export interface AskedPort {
  /** Of its listener. */
  name: string;
  protocol: "tcp" | "udp";
  port: number;
}

export interface Asked {
  stack: string;
  host: string;
  role: string;
  /** Absent where the target holds no floors. */
  floor?: Hardware | undefined;
  /** Why the floor may be missed. */
  belowFloor?: string | undefined;
  ports: readonly AskedPort[];
  /**
   * Who asks. An operator, of a machine that shall become a host: by SSH, with the operator's clock, and the system that the
   * stack names. Or the host itself, with the mirror's clock, and the names of units whose ports are its own.
   */
  by: { operator: { os: string } } | { host: { units: readonly string[] } };
}

/** Everything that a machine must be before it becomes this host of the stack, or is changed. */
export const requirementsFor = (asked: Asked): Requirement[] => [
  ...system(asked),
  ...hardware(asked),
  ...clock(asked),
  ...ports(asked),
];

const refused = (
  test: Requirement["test"],
  name: string,
  value: Requirement["value"],
  reason: string,
): Requirement => ({ severity: "refused", test, name, value, reason });

const warned = (requirement: Requirement): Requirement => ({ ...requirement, severity: "warning" });

const system = ({ stack, host, by }: Asked): Requirement[] => [
  ...("operator" in by
    ? [
        refused(
          "is",
          "os",
          by.operator.os,
          `the operating system is %s, and target.bare-metal.hosts.${host}.os says ${by.operator.os}`,
        ),
      ]
    : []),
  refused("is", "arch", "x86_64", "the processor is %s: the programs that hosts run are built for x86_64"),
  refused("at-least", "systemd", SYSTEMD, `systemd is %s: services need ${SYSTEMD} or newer`),
  refused("at-least", "kernel", KERNEL, `the kernel is %s: hosts need ${KERNEL} or newer`),
  refused(
    "is-not",
    "privilege",
    "none",
    "the user may not act as root: give it `sudo` without a password, or name root",
  ),
  refused(
    "none-but",
    "bundle",
    `${stack}/${host}`,
    `the machine is a host already, %s, and this is for ${stack}/${host}: name another machine, or remove /etc/nodewright/bundle.json there when that host is gone for good`,
  ),
];

/** Reasons that an operator may overrule by `belowFloor`, and is then told as warnings. */
function hardware({ role, floor, belowFloor }: Asked): Requirement[] {
  if (!floor) return [];
  const why = (need: string) =>
    `${role} needs ${need} (${floor.source})${belowFloor === undefined ? "; take another machine, or say in belowFloor why less will do" : `, overruled by belowFloor: ${belowFloor}`}`;
  const need = (test: Requirement["test"], name: string, value: Requirement["value"], reason: string) =>
    belowFloor === undefined
      ? refused(test, name, value, reason)
      : warned(refused(test, name, value, reason));
  const gigabytes = (size: string, seen: number) => Math.floor((bytesOf(size) / GB) * seen);
  const { cores, clock: gigahertz } = floor;
  return [
    ...(cores === undefined ? [] : [need("at-least", "cores", cores, `cores are %s: ${why(`${cores}`)}`)]),
    ...(gigahertz === undefined
      ? []
      : [
          need(
            "at-least",
            "clock_mhz",
            gigahertz * 1000,
            `a core runs at %s MHz: ${why(`${gigahertz} GHz`)}`,
          ),
        ]),
    need(
      "at-least",
      "memory_gb",
      gigabytes(floor.memory, MEMORY_SEEN),
      `memory is %s GB: ${why(floor.memory)}`,
    ),
    ...(floor.ecc
      ? [need("is", "ecc", "yes", `no ECC: %s is all that EDAC and dmidecode tell of it, and ${why("it")}`)]
      : []),
    need(
      "at-least",
      "room_gb",
      gigabytes(floor.disk, DISK_SEEN),
      `/data has room for %s GB: ${why(floor.disk)}`,
    ),
    need("none-but", "rotational", "", `the disk %s below /data turns: ${why("an SSD")}`),
  ];
}

/**
 * A host that has just been born may not have had the time to ask for it, and its mirror's clock is told in whole seconds:
 * that is said, and no reason to leave the host as it is.
 */
function clock({ by }: Asked): Requirement[] {
  const isHost = "host" in by;
  const whose = isHost ? "mirror's" : "operator's";
  const requirements = [
    refused(
      "is-not",
      "clock_synchronised",
      "no",
      "the clock is not synchronised: run chrony or systemd-timesyncd",
    ),
    refused(
      "at-most",
      "clock_behind",
      CLOCK_BEHIND,
      `the clock is %s s behind the ${whose}: synchronise both`,
    ),
    refused(
      "at-most",
      "clock_ahead",
      CLOCK_AHEAD,
      `the clock is %s s ahead of the ${whose}: synchronise both`,
    ),
  ];
  return isHost ? requirements.map(warned) : requirements;
}

const ports = ({ ports: asked, by }: Asked): Requirement[] => [
  ...("operator" in by
    ? [
        refused(
          "listens",
          "tcp/22",
          "",
          "no SSH server listens on port 22, the one that the host's firewall opens for it",
        ),
      ]
    : []),
  ...asked.map(({ name, protocol, port }) =>
    refused(
      "free",
      `${protocol}/${port}`,
      "host" in by ? by.host.units.join(" ") : "",
      `port ${port} (${name}) is taken by %s: stop it, or choose another port`,
    ),
  ),
];
