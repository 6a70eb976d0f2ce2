import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Beginning, Block, Group, GroupStore } from "./group";

type Held = NonNullable<Group["holder"]>;

/** This host's hold on production, and until when it lasts. Calls that change it must come one after another. */
export class Holding {
  private until: number | undefined;
  private held: Held | undefined;

  constructor(
    private readonly settings: FailoverSettings,
    private readonly store: GroupStore,
    private readonly clock: () => number,
  ) {}

  /** Until when this host may produce; undefined where it does not hold. */
  get deadline(): number | undefined {
    return this.until;
  }

  get term(): number | undefined {
    return this.held?.term;
  }

  /** It is over, whatever etcd has: nothing brings it back but a renewal that is answered. */
  lose(): void {
    this.until = undefined;
    this.held = undefined;
  }

  /** Answers whether nobody was quicker. */
  async take(group: Group, reason: string): Promise<boolean> {
    const sent = this.clock();
    const time = new Date().toISOString();
    const { host, timing } = this.settings;
    const held = await this.store.take(group, { host, reason, time }, timing.leaseSeconds);
    if (held) this.keep(held, sent);
    return held !== undefined;
  }

  /** The group says that this host holds: from a take whose answer was lost, or before this agent was started. */
  async adopt(group: Group): Promise<boolean> {
    if (group.holder?.host !== this.settings.host) return false;
    const sent = this.clock();
    const modified = await this.store.renew(group.holder, undefined, this.settings.timing.leaseSeconds);
    if (modified === undefined) return false;
    this.keep({ ...group.holder, modified }, sent);
    return true;
  }

  /**
   * Holds on. The deadline counts from when the first request of the renewal was sent: the lease that the quorum grants is no
   * older. Throws where the outcome is not known; the deadline is then as it was. Answers false where another holds.
   */
  async renew(made: Block | undefined): Promise<boolean> {
    const { held } = this;
    if (!held) return false;
    const sent = this.clock();
    const modified = await this.store.renew(held, made, this.settings.timing.leaseSeconds);
    if (this.held !== held) return false;
    if (modified !== undefined) {
      this.keep({ ...held, modified }, sent);
      return true;
    }
    // Either another holds, or an earlier renewal did come through, whose answer was lost.
    const again = await this.store.read();
    if (again.holder?.host === held.host && again.holder.term === held.term) {
      this.held = again.holder;
      return true;
    }
    this.lose();
    return false;
  }

  /** Throws, or does nothing, where it could not be noted: the next time will do. */
  async noteBeginning(first: Pick<Beginning, "number" | "id">): Promise<void> {
    if (this.held) await this.store.noteBeginning(this.held, first);
  }

  /** Lets go; nodeos must have stopped before. Where this fails the lease ends by itself. */
  async release(made: Block | undefined, reason: string): Promise<void> {
    const { held } = this;
    this.lose();
    for (let left = 3, last = held; last && left > 0; left--) {
      if ((await this.store.release(last, made, reason)) !== undefined) return;
      const { holder } = await this.store.read();
      last = holder?.host === last.host && holder.term === last.term ? holder : undefined;
    }
  }

  private keep(held: Held, sent: number): void {
    this.held = held;
    this.until = sent + this.settings.timing.fenceSeconds * 1000;
  }
}
