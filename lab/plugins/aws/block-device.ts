import type { Problem } from "../check";
import { numberOf, problem, textOf } from "../cloud/known";
import type { Properties } from "../value";

interface Bounds {
  /** GiB. */
  readonly size: readonly [number, number];
  readonly iops?: readonly [number, number];
  /** IOPS that one GiB allows. */
  readonly iopsPerGib?: number;
  /** MiB/s. */
  readonly throughput?: readonly [number, number];
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html (gp3 as raised in September 2025) */
const TYPES: Readonly<Record<string, Bounds>> = {
  gp3: { size: [1, 65_536], iops: [3000, 80_000], iopsPerGib: 500, throughput: [125, 2000] },
  gp2: { size: [1, 16_384] },
  io1: { size: [4, 16_384], iops: [100, 64_000], iopsPerGib: 50 },
  io2: { size: [4, 65_536], iops: [100, 256_000], iopsPerGib: 1000 },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
  standard: { size: [1, 1024] },
};
/** gp3's free performance is given at any size. */
const FREE_IOPS = 3000;
/** gp3: 0.25 MiB/s for each provisioned IOPS, 125 with the free ones. */
const THROUGHPUT_PER_IOPS = 0.25;

/** Bounds of a volume's size (GiB), IOPS and throughput (MiB/s), whatever the inputs call size and type. */
export function volumeProblems(
  inputs: Properties,
  prefix: string,
  names: { size: string; type: string },
): Problem[] {
  const at = (property: string) => (prefix === "" ? property : `${prefix}.${property}`);
  const type = textOf(inputs[names.type]) ?? "gp2";
  const bounds = TYPES[type];
  if (!bounds) return problem(true, at(names.type), `expected one of ${Object.keys(TYPES).join(", ")}`);
  const [size, iops] = [numberOf(inputs[names.size]), numberOf(inputs.iops)];
  const throughput = numberOf(inputs.throughput);
  return [
    ...outside(size, bounds.size, at(names.size), `GiB for ${type}`),
    ...outside(iops, bounds.iops, at("iops"), `IOPS for ${type}`),
    ...outside(throughput, bounds.throughput, at("throughput"), `MiB/s for ${type}`),
    ...problem(
      (iops ?? 0) > Math.max(FREE_IOPS, (size ?? Number.POSITIVE_INFINITY) * (bounds.iopsPerGib ?? 0)),
      at("iops"),
      `${type} allows ${bounds.iopsPerGib} IOPS for each GiB`,
    ),
    ...problem(
      (throughput ?? 0) > (iops ?? FREE_IOPS) * THROUGHPUT_PER_IOPS &&
        !("iops" in inputs && iops === undefined),
      at("throughput"),
      `${type} allows ${THROUGHPUT_PER_IOPS} MiB/s for each IOPS: raise iops`,
    ),
  ];
}

function outside(
  value: number | undefined,
  bounds: readonly [number, number] | undefined,
  property: string,
  unit: string,
): Problem[] {
  if (value === undefined) return [];
  if (!bounds) return problem(true, property, `cannot be given: there are no ${unit}`);
  const [least, most] = bounds;
  return problem(value < least || value > most, property, `must be ${least} to ${most} ${unit}`);
}
