import { bytesOf } from "../../core/config/units";
import type { HostPlan } from "../../core/plan/plan";
import type { Machine } from "./config";
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

/** Everything that a machine must be before it becomes this host of the stack. */
export const requirementsFor = (
  stack: string,
  host: HostPlan,
  { os, belowFloor = host.belowFloor }: Pick<Machine, "os" | "belowFloor">,
): Requirement[] => [...system(stack, host, os), ...hardware(host, belowFloor), ...clock, ...ports(host)];

const refused = (
  test: Requirement["test"],
  name: string,
  value: Requirement["value"],
  reason: string,
): Requirement => ({ severity: "refused", test, name, value, reason });

const system = (stack: string, { name }: HostPlan, os: string): Requirement[] => [
  refused("is", "os", os, `the operating system is %s, and target.bare-metal.hosts.${name}.os says ${os}`),
  refused("is", "arch", "x86_64", "the processor is %s: the programs that hosts run are built for x86_64"),
  refused("at-least", "systemd", SYSTEMD, `systemd is %s: services need ${SYSTEMD} or newer`),
  refused(
    "is-not",
    "privilege",
    "none",
    "the user may not act as root: give it `sudo` without a password, or name root",
  ),
  refused(
    "none-but",
    "bundle",
    `${stack}/${name}`,
    `the machine is a host already, %s: name another machine, or remove /etc/nodewright/bundle.json there when that host is gone for good`,
  ),
];

/** Reasons that an operator may overrule by `belowFloor`, and is then told as warnings. */
function hardware({ role, hardware: floor }: HostPlan, belowFloor: string | undefined): Requirement[] {
  const why = (need: string) =>
    `${role} needs ${need} (${floor.source})${belowFloor === undefined ? "" : `, overruled: ${belowFloor}`}`;
  const need = (test: Requirement["test"], name: string, value: Requirement["value"], reason: string) => ({
    ...refused(test, name, value, reason),
    ...(belowFloor === undefined ? {} : { severity: "warning" as const }),
  });
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

const clock: readonly Requirement[] = [
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
    "the clock is %s s behind the operator's: synchronise both",
  ),
  refused(
    "at-most",
    "clock_ahead",
    CLOCK_AHEAD,
    "the clock is %s s ahead of the operator's: synchronise both",
  ),
];

const ports = ({ listeners }: HostPlan): Requirement[] => [
  refused(
    "listens",
    "tcp/22",
    "",
    "no SSH server listens on port 22, the one that the host's firewall opens for it",
  ),
  ...listeners
    .filter(({ name }) => name !== "ssh")
    .map(({ name, protocol, port }) =>
      refused(
        "free",
        `${protocol}/${port}`,
        "",
        `port ${port} (${name}) is taken by %s: stop it, or choose another port`,
      ),
    ),
];
