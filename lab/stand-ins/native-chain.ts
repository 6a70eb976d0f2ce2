/** A block of the native chain, as the EVM chain is made from it. */
export interface NativeBlock {
  num: number;
  /** 64 hexadecimal digits; the first eight are the number. */
  id: string;
  previous: string;
  /** Milliseconds since 1970. */
  time: number;
}

/** Where the EVM chain begins: block 0 stands for this native one. */
export type Origin = Pick<NativeBlock, "num" | "id" | "time">;

/** A block that links to none that is kept: eos-evm-node ends here, and so does its stand-in. */
export class ForkError extends Error {}

/** What a block did to the chain. */
export type Linked = { kind: "known" } | { kind: "linked"; removed: NativeBlock[] };

/**
 * The native blocks that may still be forked out, and the last irreversible one before them (eos-evm-node
 * src/block_conversion_plugin.cpp). `limit` keeps fewer than that; default all.
 */
export class NativeChain {
  private kept: NativeBlock[];

  constructor(
    kept: readonly NativeBlock[],
    private readonly limit = Number.POSITIVE_INFINITY,
  ) {
    this.kept = [...kept];
  }

  get head(): NativeBlock | undefined {
    return this.kept.at(-1);
  }

  /** Adds a block; after a fork those that it does not follow are taken away. Throws `ForkError`. */
  add(block: NativeBlock): Linked {
    if (this.kept.some(({ id }) => id === block.id)) return { kind: "known" };
    const at = this.kept.findLastIndex(({ id }) => id === block.previous);
    if (at < 0 && this.kept.length > 0) throw new ForkError("Unable to find fork block");
    const removed = this.kept.splice(at + 1);
    this.kept.push(block);
    if (this.kept.length > this.limit) this.kept = this.kept.slice(-this.limit);
    return { kind: "linked", removed };
  }

  /** What is irreversible needs no keeping, but for the last such block. */
  settle(lib: number): void {
    const first = this.kept.findLastIndex(({ num }) => num <= lib);
    if (first > 0) this.kept = this.kept.slice(first);
  }
}

/** EVM blocks come each second (eos-evm-node src/block_conversion_plugin.cpp: the interval is a constant). */
const INTERVAL_MS = 1_000;

/** The EVM block that a native one falls into: with start block 2, block 3 is in EVM block 1, 4 and 5 in 2. */
export const evmHeight = (origin: Origin, time: number): number =>
  Math.floor((time - floorToSecond(origin.time)) / INTERVAL_MS) + 1;

/** Time of an EVM block, seconds since 1970. */
export const evmTime = (origin: Origin, height: number): number => floorToSecond(origin.time) / 1000 + height;

const floorToSecond = (time: number): number => time - (time % INTERVAL_MS);
