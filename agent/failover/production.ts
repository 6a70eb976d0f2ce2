import { setTimeout as pause } from "node:timers/promises";
import type { FailoverSettings } from "../../components/core/failover/settings";
import { drain } from "./drain";
import type { Gate } from "./gate";
import type { Guard } from "./guard";
import type { Holding } from "./holding";
import { type ChainView, isDead, type NodeosControl } from "./nodeos-control";

const QUICK_MS = 50;

interface Tools {
  settings: FailoverSettings;
  nodeos: NodeosControl;
  guard: Guard;
  gate: Gate;
  clock: () => number;
  /** Test only: a holder that does not fence itself. */
  fences?: boolean;
}

/** What lets this host's nodeos make blocks, and what stops it. Only a holder is let, and only until its deadline. */
export class Production {
  private leash: number | undefined;
  private telling: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly tools: Tools,
    private readonly holding: Holding,
  ) {}

  get isAllowed(): boolean {
    const { deadline } = this.holding;
    return deadline !== undefined && (this.tools.clock() < deadline || this.tools.fences === false);
  }

  /** Answers whether nodeos may make blocks from now on. */
  async resume(view: ChainView): Promise<boolean> {
    await this.letOut(view);
    await this.alone(() => this.letProduce());
    return this.isAllowed;
  }

  /**
   * The guard is armed first. Who cannot say by the deadline whether nodeos has heard leaves it to the guard: it may hear
   * later, and after the pause that follows.
   */
  private async letProduce(): Promise<void> {
    const { nodeos, guard, clock } = this.tools;
    if (!this.isAllowed) return;
    await guard.arm();
    const { deadline } = this.holding;
    // Arming takes a moment, in which the deadline may have come.
    if (deadline === undefined || !this.isAllowed) return guard.disarm();
    await nodeos.resume(Math.max(1, Math.floor(deadline - clock()))).catch((error: unknown) => {
      if (!isDead(error)) guard.abandon(`nodeos was told to resume: ${String(error)}`);
    });
  }

  /** nodeos is told to pause, and says that it has; otherwise the guard ends it. */
  async stop(reason: string): Promise<void> {
    const { guard } = this.tools;
    await this.alone(async () => {
      try {
        await this.surelyPause();
      } catch (error) {
        guard.abandon(`${reason}, and nodeos does not pause: ${String(error)}`);
      }
      guard.disarm();
    });
  }

  /** An answer that is lost to a connection that broke is asked for again, within the time that the guard has. */
  private async surelyPause(): Promise<void> {
    const { nodeos, clock, settings } = this.tools;
    const until = clock() + (settings.timing.stopSeconds * 1000) / 3;
    for (;;) {
      try {
        return await nodeos.pause();
      } catch (error) {
        if (isDead(error)) return;
        if (clock() >= until) throw error;
      }
      await pause(QUICK_MS);
    }
  }

  /** Stops at a good moment. Answers with the chain as it then is; undefined where nodeos is dead, which makes no block. */
  async drain(reason: string): Promise<ChainView | undefined> {
    const { nodeos, settings, clock, guard } = this.tools;
    const view = await this.alone(() => drain(nodeos, settings, clock, () => this.isAllowed)).catch(
      (error: unknown) => {
        // Dead, it makes no block, and starts paused.
        if (!isDead(error)) guard.abandon(`${reason}, and nodeos does not pause: ${String(error)}`);
        return undefined;
      },
    );
    guard.disarm();
    return view;
  }

  /** How old the last irreversible block may become before nodeos makes no more blocks: it holds where all of a host is frozen. */
  async letOut(view: ChainView): Promise<void> {
    this.leash = this.leashFor(view);
    await this.tools.nodeos.leash(this.leash);
  }

  /** After a long standstill the first blocks make the last irreversible one young at once: the limit follows. */
  async tighten(view: ChainView): Promise<void> {
    if (view.paused || this.leash === undefined || this.leashFor(view) >= this.leash) return;
    await this.letOut(view);
  }

  private leashFor({ libTime }: ChainView): number {
    const { ageSeconds } = this.tools.settings.timing;
    return Math.max(1, Math.floor(Math.max(0, Date.now() - libTime) / 1000 + ageSeconds));
  }

  /** The holder's stays open until its deadline; one that makes no blocks may hear those of others. */
  async openGate(): Promise<void> {
    const { gate, clock, settings } = this.tools;
    const { deadline } = this.holding;
    await gate.open(deadline === undefined ? settings.timing.leaseSeconds * 1000 : deadline - clock());
  }

  /** What nodeos is told comes one after another: a pause must never be overtaken by the resume before it. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.telling.then(work);
    this.telling = result.catch(() => {});
    return result;
  }
}
