import type { FailoverSettings } from "../../components/core/failover/settings";
import { ownHead } from "./drain";
import { Finality } from "./finality";
import type { Beginning, Block, Group, GroupStore } from "./group";
import { type ChainView, isDead, type NodeosControl } from "./nodeos-control";
import type { Seen } from "./seen";

interface Watched {
  settings: FailoverSettings;
  store: GroupStore;
  nodeos: NodeosControl;
  /** Milliseconds, of a clock that never jumps. */
  clock: () => number;
}

/** What this host knows: its chain and its group, each as it was at the last look that was answered. */
export class Sight {
  chain: { view: ChainView; at: number } | undefined;
  /** `since`: from when on each look was answered soon enough. */
  group: { view: Group; at: number; since: number } | undefined;
  /** When the group that the chain was last held against was looked at. */
  private heldAgainst = Number.NEGATIVE_INFINITY;
  diskFreePercent = 100;
  /** Whether the chain has the group's account; undefined before it was asked. */
  hasProducer: boolean | undefined;
  readonly finality = new Finality();
  /** The last block of its own that is to be the watermark. */
  made: Block | undefined;
  private newest: Block | undefined;
  private silence: Seen["silence"];
  private hasWatermark: boolean | undefined;
  /** The watermark, where this host made it and its chain has left it out. */
  leftOut: string | undefined;
  /** The earliest known block of the group in whose place this chain has another, final by this producer's own word. */
  private notOurs: Beginning | undefined;

  constructor(private readonly around: Watched) {}

  /** Throws where nodeos gives no answer, which is then known too. */
  async lookAtChain(isHolder: boolean): Promise<ChainView> {
    const { nodeos, clock, settings } = this.around;
    const at = clock();
    const { group } = this;
    try {
      const view = await nodeos.look();
      this.chain = { view, at };
      this.silence = undefined;
      this.finality.see(view);
      if (isHolder) this.note(ownHead(settings, view));
      this.hasWatermark = await this.looksForWatermark(view, group?.view);
      this.notOurs =
        this.hasWatermark === false ? await this.looksForOtherChain(view, group?.view) : undefined;
      this.heldAgainst = group?.at ?? this.heldAgainst;
      return view;
    } catch (error) {
      const kind = isDead(error) ? "dead" : "mute";
      this.silence = { kind, since: this.silence?.kind === kind ? this.silence.since : at };
      throw error;
    }
  }

  /** Seldom: an account that is there stays. */
  async lookForProducer(): Promise<void> {
    const { nodeos, settings } = this.around;
    if (!this.hasProducer) this.hasProducer = await nodeos.hasAccount(settings.producer);
  }

  async lookAtGroup(): Promise<void> {
    const at = this.around.clock();
    const view = await this.around.store.read();
    const since = this.group && this.isFresh(this.group, at) ? this.group.since : at;
    this.group = { view, at, since };
  }

  private isFresh = (look: { at: number }, now: number): boolean =>
    now - look.at < this.around.settings.timing.leaseSeconds * 1000;

  /** The chain as nodeos answers now; undefined while it does not. */
  get chainNow(): ChainView | undefined {
    return this.silence ? undefined : this.chain?.view;
  }

  /** A block counts one look later: what was lost with the host that made it must not keep all others from producing. */
  private note(block: Block | undefined): void {
    this.made = this.newest ?? this.made;
    this.newest = block ?? this.newest;
  }

  /** Of a new term. */
  forgetMade(): void {
    this.made = undefined;
    this.newest = undefined;
  }

  /**
   * A chain whose last irreversible block is further on has left out what is not in it, by everyone's word; where this
   * producer is alone in the schedule that is its own word and says nothing. So has a longer one that the very host follows
   * which made the block: it knew it, and nodeos makes no block of a number that it has signed before. Else a few blocks made
   * alone would keep the group from producing where finality waits for its producer.
   */
  async looksForWatermark(view: ChainView, group = this.group?.view): Promise<boolean | undefined> {
    const mark = group?.watermark;
    if (!mark) return undefined;
    if (view.head.number < mark.number) return false;
    const id =
      view.head.number === mark.number ? view.head.id : await this.around.nodeos.blockId(mark.number);
    const goesOn = id !== undefined && id !== mark.id && view.head.number > mark.number;
    this.leftOut = goesOn && mark.host === this.around.settings.host ? mark.id : undefined;
    if (id === mark.id || (!this.isAlone(view) && view.lib > mark.number)) return true;
    return goesOn && (this.leftOut ?? group.hosts.get(mark.host)?.leftOut) === mark.id;
  }

  /** Whether finality is this producer's own word. */
  isAlone({ schedule }: ChainView): boolean {
    return schedule.every((name) => name === this.around.settings.producer);
  }

  /** A chain can only go on with the group's where it has none of its own final in the place of one of these. */
  async looksForOtherChain(view: ChainView, group = this.group?.view): Promise<Beginning | undefined> {
    if (!group || !this.isAlone(view)) return undefined;
    let earliest: Beginning | undefined;
    for (const beginning of group.beginnings.filter(({ number }) => number <= view.lib).reverse()) {
      const id = await this.around.nodeos.blockId(beginning.number);
      if (id === undefined || id === beginning.id) break;
      earliest = beginning;
    }
    return earliest;
  }

  /** What a decision is made of; `deadline` is until when this host holds. */
  seen(deadline: number | undefined): Seen {
    const now = this.around.clock();
    const [chain, group] = [this.chain, this.group];
    // After a silence its chain may be another one than the group's: it is held against the group first.
    const isKnown = group && this.isFresh(group, now) && this.heldAgainst >= group.since;
    return {
      now,
      wall: Date.now(),
      diskFreePercent: this.diskFreePercent,
      ...(chain && !this.silence && this.isFresh(chain, now) ? { chain: chain.view } : {}),
      ...(isKnown ? { group: group.view } : {}),
      ...(this.silence ? { silence: this.silence } : {}),
      ...(this.hasWatermark === undefined ? {} : { hasWatermark: this.hasWatermark }),
      ...(this.notOurs === undefined ? {} : { notOurs: this.notOurs }),
      ...(this.hasProducer === undefined ? {} : { hasProducer: this.hasProducer }),
      ...(deadline === undefined ? {} : { deadline }),
    };
  }
}
