import type { Anvil } from "./anvil";
import type { ChainData } from "./chain-data";
import type { Log } from "./log";
import { evmHeight, evmTime, type NativeBlock, NativeChain, type Origin } from "./native-chain";
import { NativeLog } from "./native-log";
import type { ShipBlock } from "./ship";

/** First block with a time of its own: block 1 of a new chain is its genesis. */
const FIRST = 2;
/** EVM blocks that are made at once while it catches up; the real program stores after 5000. */
const BATCH = 500;
const TOLD_EACH_MS = 10_000;

/**
 * The virtual chain: an EVM block a second of native time. anvil runs its transactions; they are none of the native
 * chain's, so a fork there takes none of them back, and only changes which native blocks stand behind which EVM block.
 */
export class EvmChain {
  private readonly native: NativeLog;
  private readonly kept: NativeChain;
  private origin: Origin | undefined;
  private told = 0;

  /** `limit`: native blocks that are kept to fork back to, default all that are reversible. */
  constructor(
    private readonly data: ChainData,
    private readonly anvil: Anvil,
    private readonly log: Log,
    limit?: number,
  ) {
    this.native = NativeLog.write(data.logFile);
    this.origin = data.origin;
    // As the real program: from the stored last irreversible block, whatever came after it.
    const settled = this.native.all.find(({ num }) => num === this.native.lib);
    const first = settled ?? (this.origin && { ...this.origin, previous: "" });
    this.kept = new NativeChain(first ? [first] : [], limit);
  }

  /** Number of the native block to go on from. */
  get start(): number {
    const last = this.kept.head?.num;
    return last === undefined ? FIRST : Math.min(last, this.native.lib ?? last) + 1;
  }

  /** Throws `ForkError`. */
  async take({ block, head, lib }: ShipBlock): Promise<void> {
    if (!block) return;
    if (this.origin === undefined) {
      this.origin = { num: block.num, id: block.id, time: block.time };
      await this.data.begin(this.origin);
    }
    this.link(block);
    const settled = Math.min(lib.num, block.num);
    this.kept.settle(settled);
    if (this.native.has(settled)) this.native.settle(settled);
    const height = evmHeight(this.origin, block.time) - 1;
    if (block.num >= head.num || height >= this.anvil.height + BATCH)
      await this.anvil.mineTo(height, evmTime(this.origin, height));
    this.tell(block, height);
  }

  private link(block: NativeBlock): void {
    // Seen again; also below what is kept, where the limit is smaller than what is reversible.
    if (block.num <= (this.kept.head?.num ?? 0) && this.native.has(block.num, block.id)) {
      this.log.debug(`Block #${block.num} is known. It's normal if it's caused by reconnection`);
      return;
    }
    const linked = this.kept.add(block);
    if (linked.kind === "known") return;
    const [first] = linked.removed;
    if (first) {
      this.log.warn(`Can't link new block #${block.num}`);
      this.log.warn(`Fork at Block #${block.num}`);
      for (const { num, id } of linked.removed) this.log.warn(`Removing forked native block #${num} ${id}`);
    }
    this.native.add(block);
  }

  private tell({ num, time }: NativeBlock, height: number): void {
    const now = Date.now();
    if (now - this.told < TOLD_EACH_MS) return;
    this.told = now;
    const behind = ((now - time) / 1000).toFixed(1);
    this.log.info(`native #${num} (LIB #${this.native.lib ?? 0}), EVM #${height}, ${behind} s behind`);
  }
}
