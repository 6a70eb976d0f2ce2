import { chooseMachine } from "../../core/hardware/choose-machine";
import { hostCost } from "../../core/hardware/cost";
import { diskProblem } from "../../core/hardware/disk";
import type { MachineType } from "../../core/hardware/machine";
import { clusterName } from "../../core/naming";
import { addressOf } from "../../core/network/address";
import type { HostAddresses } from "../../core/network/address-ref";
import { isZone } from "../../core/plan/zone";
import type { HostNeeds, Placed } from "../target";
import { CATALOG } from "./catalog";
import type { AwsConfig } from "./config";
import { dataDisk, ROOT_DISK, ratioProblem } from "./disk";
import { type ZoneNetwork, zoneNetworks } from "./network";

/** Roles whose hosts the world neither reaches nor needs to. */
const HIDDEN = ["validator", "monitor"];

/** The cheapest machine that meets the floor, with its disk and, but for pools, an address that stays. */
export function placeAws(config: AwsConfig, needs: HostNeeds): Placed {
  const { stack, host, hardware, wishes } = needs;
  const { machine: name, bareMetal } = wishes;
  const chosen = chooseMachine(CATALOG, hardware, { machine: name, bareMetal, region: config.region });
  if ("problem" in chosen)
    return { problem: chosen.problem, ...(name === undefined ? {} : { key: "machine" }) };
  const { machine } = chosen;
  const disk = dataDisk(config, needs);
  const problem = ratioProblem(disk) ?? diskProblem(CATALOG, machine, disk);
  if (problem !== undefined) return { problem, key: "disk" };
  const zone = zoneOf(config, needs);
  const addresses = addressesOf(needs, zone);
  const isPublic = addresses.public !== "none";
  return {
    placement: {
      addresses,
      clusterName: clusterName(stack, host),
      machine: machine.name,
      has: figures(machine),
      ...(zone === undefined ? {} : { zone: zone.zone }),
      disk,
      cost: hostCost(CATALOG, config.region, {
        machine,
        disks: [disk, ROOT_DISK],
        extras: isPublic ? ["publicIpv4"] : [],
      }),
    },
  };
}

const figures = ({ cores, memory, ecc }: MachineType) => ({ cores, memory, ecc: ecc.has });

/** A pool stands in all of them. */
const zoneOf = (config: AwsConfig, { index, pooled, wishes }: HostNeeds): ZoneNetwork | undefined => {
  const zones = zoneNetworks(config);
  if (pooled) return undefined;
  return zones.find(({ zone }) => isZone(zone, wishes.zone)) ?? zones[index % zones.length];
};

function addressesOf({ host, role }: HostNeeds, zone: ZoneNetwork | undefined): HostAddresses {
  // Only the balancer knows the members of a pool.
  if (!zone) return { public: "none", cluster: "assigned" };
  const isHidden = HIDDEN.includes(role.name);
  const { hosts } = isHidden ? zone.private : zone.public;
  // The plan cannot know IPv6 addresses: Amazon gives the network its block when it is made.
  const { ipv4 } = addressOf({ ipv4: hosts, ipv6: "fd00::/64" }, host);
  return { public: isHidden ? "none" : "assigned", cluster: { ipv4 } };
}
