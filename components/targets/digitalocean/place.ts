import { bytesOf, type Size } from "../../core/config/units";
import { chooseMachine } from "../../core/hardware/choose-machine";
import { type CostLine, extraLine, hostCost } from "../../core/hardware/cost";
import { type Disk, diskProblem } from "../../core/hardware/disk";
import type { Plan } from "../../core/plan/plan";
import type { HostNeeds, Placed } from "../target";
import { CATALOG } from "./catalog";
import type { DigitalOceanConfig } from "./config";
import { nameInCluster, volumeDevice } from "./names";

const GB = bytesOf("1 GB");
/** What the system itself takes of a droplet's own disk. */
const SYSTEM_GB = 10;
/** USD a month for Spaces with its first 250 GB, for the whole account; list price, recorded without a page at hand. */
const SPACES_MONTHLY = 5;

/** The cheapest droplet that meets the floor, with a volume; in a pool one whose own disk is large enough. */
export function placeDroplet(config: DigitalOceanConfig, needs: HostNeeds): Placed {
  const { stack, host, hardware, wishes, pooled } = needs;
  const size = Math.ceil(bytesOf(hardware.disk) / GB);
  const localDiskAtLeast: Size = `${size + SYSTEM_GB} GB`;
  const { machine: wanted, bareMetal } = wishes;
  const chosen = chooseMachine(CATALOG, hardware, {
    machine: wanted,
    bareMetal,
    region: config.region,
    ...(pooled ? { localDiskAtLeast } : {}),
  });
  if ("problem" in chosen)
    return {
      problem: pooled ? `${chosen.problem}. Members of a pool have no volumes` : chosen.problem,
      ...(wanted === undefined ? {} : { key: "machine" }),
    };
  const { machine } = chosen;
  const disk: Disk = { type: pooled ? "local" : "volume", size };
  const unfit = diskProblem(CATALOG, machine, disk);
  if (unfit !== undefined) return { problem: unfit, key: "disk" };
  return {
    placement: {
      // Every droplet has a public address; the firewalls decide who may use it.
      addresses: { public: "assigned", cluster: "assigned" },
      clusterName: nameInCluster(stack, host, needs.domain),
      machine: machine.name,
      has: { cores: machine.cores, memory: machine.memory, ecc: machine.ecc.has },
      disk: pooled ? disk : { ...disk, device: volumeDevice(stack, host) },
      cost: hostCost(CATALOG, config.region, { machine, disks: [disk] }),
    },
  };
}

/** Balancers of pools, and the object store. A domain and reserved addresses in use cost nothing. */
export const sharedCost = (
  { region, mirror }: DigitalOceanConfig,
  { pools }: Pick<Plan, "pools">,
): CostLine[] => [
  ...pools.map(({ name }) => {
    const line = extraLine(CATALOG, region, "loadBalancer");
    return { ...line, what: `${line.what} of ${name}` };
  }),
  ...(mirror === undefined ? [{ what: "Spaces, 250 GB", monthly: SPACES_MONTHLY }] : []),
];
