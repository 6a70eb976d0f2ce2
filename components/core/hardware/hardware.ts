import { bytesOf, type Size } from "../config/units";

/** A floor, never a machine type: what a host needs at least, and who says so. */
export interface Hardware {
  /** Cores as the target sells them: threads on most clouds. */
  cores?: number;
  memory: Size;
  /** Whether memory must correct its errors. */
  ecc: boolean;
  disk: Size;
  /** GHz that one core sustains while all of them work. For producers: contracts run on one thread. */
  clock?: number;
  /** Where the figures come from. */
  source: string;
}

/** What the deployment plan asks of any host with a full native node, for EOS. */
export const FULL_NODE: Hardware = {
  memory: "64 GB",
  ecc: true,
  disk: "2 TB",
  source: "TrustEVM deployment plan, hardware requirements",
};

/** Figures to lay over a floor. What is absent leaves the floor as it is. */
export type Raise = Partial<Omit<Hardware, "source">> & Pick<Hardware, "source">;

/** A floor and what a network or a stack asks beyond it: the higher of each figure, and both sources. */
export function raise(floor: Hardware, over: Raise): Hardware {
  const cores = highest(floor.cores, over.cores);
  const clock = highest(floor.clock, over.clock);
  return {
    ...(cores === undefined ? {} : { cores }),
    memory: larger(floor.memory, over.memory),
    ecc: floor.ecc || over.ecc === true,
    disk: larger(floor.disk, over.disk),
    ...(clock === undefined ? {} : { clock }),
    source: floor.source === over.source ? floor.source : `${floor.source}; ${over.source}`,
  };
}

const highest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined ? right : right === undefined ? left : Math.max(left, right);

const larger = (left: Size, right: Size | undefined): Size =>
  right !== undefined && bytesOf(right) > bytesOf(left) ? right : left;
