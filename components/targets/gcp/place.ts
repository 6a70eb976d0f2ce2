import { bytesOf } from "../../core/config/units";
import { chooseMachine } from "../../core/hardware/choose-machine";
import { type CostLine, extraLine, hostCost } from "../../core/hardware/cost";
import { type Disk, diskProblem } from "../../core/hardware/disk";
import type { Extra, MachineType } from "../../core/hardware/machine";
import { clusterName } from "../../core/naming";
import type { HostAddresses } from "../../core/network/address-ref";
import type { Plan } from "../../core/plan/plan";
import { isZone } from "../../core/plan/zone";
import type { HostNeeds, Placed } from "../target";
import { CATALOG } from "./catalog";
import type { GcpConfig } from "./config";
import { hostAddress } from "./subnets";

const GB = bytesOf("1 GB");
/** What the system and everything but the data takes, logs and releases of a year included. */
const SYSTEM_GB = 30;
/** Compute Engine names a disk after the device name that it is attached with (guest-configs, 65-gce-disk-naming). */
const DATA_DEVICE = "/dev/disk/by-id/google-data";

/** The cheapest machine of the region that meets the floor, with a disk for the data; of a pool, one disk for all. */
export function placeGcp(config: GcpConfig, needs: HostNeeds): Placed {
  const { stack, host, hardware, wishes, pooled, index } = needs;
  const { region, zones } = config;
  const named = wishes.machine === undefined ? {} : { key: "machine" };
  const chosen = chooseMachine(CATALOG, hardware, {
    machine: wishes.machine,
    bareMetal: wishes.bareMetal,
    region,
  });
  if ("problem" in chosen) return { problem: chosen.problem, ...named };
  const { machine } = chosen;
  const disk = diskOf(config, machine, Math.ceil(bytesOf(hardware.disk) / GB) + (pooled ? SYSTEM_GB : 0));
  const unfit = diskProblem(CATALOG, machine, disk);
  if (unfit !== undefined) return { problem: `${unfit} (target.gcp.disk, or the host's disk)` };
  const addresses = addressesOf(config, needs);
  const { type, size } = bootDisk(machine);
  return {
    placement: {
      addresses,
      clusterName: clusterName(stack, host),
      machine: machine.name,
      has: { cores: machine.cores, memory: machine.memory, ecc: machine.ecc.has },
      ...(pooled
        ? {}
        : {
            zone: `${region}-${zones.find((each) => isZone(each, wishes.zone)) ?? zones[index % zones.length] ?? ""}`,
          }),
      disk: pooled ? disk : { ...disk, device: DATA_DEVICE },
      cost: hostCost(CATALOG, region, {
        machine,
        disks: pooled ? [disk] : [{ type, size }, disk],
        extras: addresses.public === "none" ? [] : ["publicIpv4"],
      }),
    },
  };
}

/** Those that the world has a name for stand in it; members of a pool stand behind their balancer, others behind the NAT. */
function addressesOf({ network }: GcpConfig, { host, role, pooled }: HostNeeds): HostAddresses {
  const isHidden = pooled || !role.named || role.name === "monitor";
  return {
    public: isHidden ? "none" : "assigned",
    cluster: pooled ? "assigned" : { ipv4: hostAddress(network, host) },
  };
}

/** Figures are always named: what Google draws for a large hyperdisk by itself costs more than is included. */
function diskOf({ disk }: GcpConfig, machine: MachineType, size: number): Disk {
  const takesHyperdisk = machine.disks?.includes("hyperdisk-balanced") ?? false;
  const type = disk.type ?? (takesHyperdisk ? "hyperdisk-balanced" : "pd-ssd");
  const sold = CATALOG.disks.find(({ name }) => name === type);
  return {
    type,
    size,
    ...(sold?.iops ? { iops: disk.iops ?? sold.iops.included } : {}),
    ...(sold?.throughput ? { throughput: disk.throughput ?? sold.throughput.included } : {}),
  };
}

/** The system's own disk, which goes with its machine. Bare metal boots from hyperdisks alone. */
export const bootDisk = ({ disks }: Pick<MachineType, "disks">): { type: string; size: number } => ({
  type: disks?.includes("pd-balanced") ? "pd-balanced" : "hyperdisk-balanced",
  size: SYSTEM_GB,
});

/** USD a month of a policy and its rules, without requests (Cloud Armor pricing, Standard: 5 and 1; 0.75 a million). */
const webFirewallCost = ({ bodyBytes }: { bodyBytes?: number | undefined }): number =>
  5 + (bodyBytes === undefined ? 1 : 2);

/** Ways out, balancers with their addresses, zones of names. */
export function sharedCost(
  config: GcpConfig,
  { hosts, pools, names }: Pick<Plan, "hosts" | "pools" | "names">,
): CostLine[] {
  const { firewall } = config.balancer ?? {};
  const line = (extra: Extra, of?: string): CostLine => {
    const { what, monthly } = extraLine(CATALOG, config.region, extra);
    return { what: of === undefined ? what : `${what} of ${of}`, monthly };
  };
  return [
    ...(needsNat({ hosts, pools }) ? [line("nat")] : []),
    ...pools.flatMap(({ name }) => [
      line("loadBalancer", name),
      line("publicIpv4", name),
      ...(firewall ? [{ what: `web firewall of ${name}`, monthly: webFirewallCost(firewall) }] : []),
    ]),
    line("dnsZone", "the cluster"),
    ...(names && config.dnsZone === undefined ? [line("dnsZone", names.domain)] : []),
  ];
}

/** Whether any machine has no public address of its own to reach package servers from. */
export const needsNat = ({ hosts, pools }: Pick<Plan, "hosts" | "pools">): boolean =>
  pools.length > 0 || hosts.some(({ addresses }) => addresses.public === "none");
