import { setTimeout as pause } from "node:timers/promises";
import type { FailoverSettings } from "../../components/core/failover/settings";
import { type Decision, decide, type Step } from "./decide";
import { drain, ownHead } from "./drain";
import type { Gate } from "./gate";
import type { Block, Group, GroupStore } from "./group";
import type { Guard } from "./guard";
import { Holding } from "./holding";
import { type ChainView, isDead, type NodeosControl } from "./nodeos-control";
import type { Memory, Seen } from "./seen";
import type { FailoverStatus } from "./status";
import { slotsMissed } from "./trouble";

/** Everything that the supervision of a host reaches. */
export interface Surroundings {
  settings: FailoverSettings;
  store: GroupStore;
  nodeos: NodeosControl;
  guard: Guard;
  gate: Gate;
  /** Milliseconds, of a clock that never jumps. */
  clock: () => number;
  diskFreePercent(): Promise<number>;
  /** What this host decided, for its audit trail. */
  record(what: string): Promise<void>;
  /** What it knows, for `status` and the metrics; called about once a second. */
  tell(status: FailoverStatus): Promise<void>;
  say(line: string): void;
  /** Test only: a holder that does not fence itself, to see that a judge finds it out. */
  fences?: boolean;
}

const LOOK_MS = 500;
const QUICK_MS = 50;
const FENCE_MS = 50;
const TELL_MS = 1_000;
const PUBLISH_MS = 2_000;
const DISK_MS = 10_000;

/** Keeps the protocol of a host until `signal` says to end it: then it lets go in order. */
export async function superviseFailover(around: Surroundings, signal: AbortSignal): Promise<void> {
  await new Supervision(around).run(signal);
}

class Supervision {
  private readonly holding: Holding;
  private memory: Memory = {};
  private decision: Decision | undefined;
  private chain: { view: ChainView; at: number } | undefined;
  private silence: Seen["silence"];
  private group: { view: Group; at: number } | undefined;
  private hasWatermark: boolean | undefined;
  private made: Block | undefined;
  private newest: Block | undefined;
  private diskFreePercent = 100;
  private leash: number | undefined;
  private renewedAt: number | undefined;
  private isActing = false;
  private isQuick = false;
  private isYielding = false;
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly around: Surroundings) {
    this.holding = new Holding(around.settings, around.store, around.clock);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { timing } = this.around.settings;
    const fence = setInterval(() => this.fence(), FENCE_MS);
    const renewMs = timing.renewSeconds * 1000;
    const over = new AbortController();
    const loops = [
      this.again(
        over.signal,
        () => (this.isQuick ? QUICK_MS : LOOK_MS),
        () => this.lookAtChain(),
      ),
      this.again(
        over.signal,
        () => (this.isQuick ? QUICK_MS : Math.min(LOOK_MS, renewMs)),
        () => this.lookAtGroup(),
      ),
      this.again(
        over.signal,
        () => renewMs,
        () => this.renew(),
      ),
      this.again(
        over.signal,
        () => DISK_MS,
        async () => {
          this.diskFreePercent = await this.around.diskFreePercent();
        },
      ),
      this.again(
        over.signal,
        () => TELL_MS,
        () => this.around.tell(this.status()),
      ),
      this.again(
        over.signal,
        () => PUBLISH_MS,
        () => this.publish(),
      ),
    ];
    try {
      await ended(signal);
      await this.end();
    } finally {
      over.abort();
      clearInterval(fence);
      await Promise.all(loops);
    }
  }

  /** Does something over and over; what it throws is for the next time. */
  private async again(signal: AbortSignal, every: () => number, work: () => Promise<void>): Promise<void> {
    let last = "";
    while (!signal.aborted) {
      try {
        await work();
        last = "";
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== last) this.around.say(reason);
        last = reason;
      }
      await pause(every(), undefined, { signal }).catch(() => {});
    }
  }

  private async lookAtChain(): Promise<void> {
    const { nodeos, clock, settings } = this.around;
    const at = clock();
    try {
      const view = await nodeos.look();
      this.chain = { view, at };
      this.silence = undefined;
      if (this.holding.deadline !== undefined) this.note(ownHead(settings, view));
      this.hasWatermark = await this.looksForWatermark(view);
      await this.tighten(view);
    } catch (error) {
      const kind = isDead(error) ? "dead" : "mute";
      this.silence = { kind, since: this.silence?.kind === kind ? this.silence.since : at };
      throw error;
    } finally {
      await this.act();
    }
  }

  /** A block counts one look later: what was lost with the host that made it must not keep all others from producing. */
  private note(block: Block | undefined): void {
    this.made = this.newest ?? this.made;
    this.newest = block ?? this.newest;
  }

  /** A chain whose last irreversible block is further on has left out what is not in it, by everyone's word. */
  private async looksForWatermark(
    view: ChainView,
    group: Group | undefined = this.group?.view,
  ): Promise<boolean | undefined> {
    const mark = group?.watermark;
    if (!mark) return undefined;
    if (view.head.number < mark.number) return false;
    const id =
      view.head.number === mark.number ? view.head.id : await this.around.nodeos.blockId(mark.number);
    return id === mark.id || view.lib > mark.number;
  }

  private async lookAtGroup(): Promise<void> {
    const at = this.around.clock();
    const view = await this.around.store.read();
    this.group = { view, at };
    this.isQuick = view.order !== undefined;
    await this.act();
  }

  private seen(): Seen {
    const { clock, settings } = this.around;
    const now = clock();
    const freshMs = settings.timing.leaseSeconds * 1000;
    const [chain, group] = [this.chain, this.group];
    return {
      now,
      wall: Date.now(),
      diskFreePercent: this.diskFreePercent,
      ...(chain && !this.silence && now - chain.at < freshMs ? { chain: chain.view } : {}),
      ...(group && now - group.at < freshMs ? { group: group.view } : {}),
      ...(this.silence ? { silence: this.silence } : {}),
      ...(this.hasWatermark === undefined ? {} : { hasWatermark: this.hasWatermark }),
      ...(this.holding.deadline === undefined
        ? {}
        : { deadline: this.around.fences === false ? Number.POSITIVE_INFINITY : this.holding.deadline }),
    };
  }

  /** Decides and does one step; one at a time. */
  private async act(): Promise<void> {
    if (this.isActing) return;
    this.isActing = true;
    try {
      this.decision = decide(this.around.settings, this.memory, this.seen());
      this.memory = this.decision.memory;
      await this.carryOut(this.decision.step);
    } finally {
      this.isActing = false;
    }
  }

  private async carryOut(step: Step): Promise<void> {
    const { group } = this;
    if (step.do === "pause") return this.stop("nodeos makes blocks and this host does not hold");
    if (step.do === "abandon") return this.around.guard.abandon(step.reason);
    if (step.do === "resume") return this.resume();
    if (step.do === "yield") return this.yield(step.reason);
    if (!group) return;
    if (step.do === "reset" && this.chain) {
      await this.around.store.resetWatermark(group.view, this.around.settings.host, this.chain.view.head);
      return this.around.record("the watermark is this host's head, as an operator said");
    }
    if (step.do === "take") await this.take(group.view, step.reason);
    if (step.do === "adopt" && (await this.holding.adopt(group.view))) await this.holds("held already");
  }

  /** The chain is looked at once more: the lease is only given for the watermark that was found in it. */
  private async take(group: Group, reason: string): Promise<void> {
    if ((await this.looksForWatermark(await this.around.nodeos.look(), group)) === false) return;
    if (await this.holding.take(group, reason)) await this.holds(reason);
  }

  private async holds(reason: string): Promise<void> {
    this.made = undefined;
    this.newest = undefined;
    await this.openGate();
    await this.resume();
    await this.around.record(`holds in term ${this.holding.term}: ${reason}`);
  }

  private async resume(): Promise<void> {
    const view = await this.around.nodeos.look();
    if ((await this.looksForWatermark(view)) === false) return;
    await this.letOut(view);
    await this.alone(() => this.letProduce());
    if (this.mayProduce()) this.chain = { view: { ...view, paused: false }, at: this.around.clock() };
  }

  /**
   * The guard is armed first. Who cannot say by the deadline whether nodeos has heard leaves it to the guard: it may hear
   * later, and after the pause that follows.
   */
  private async letProduce(): Promise<void> {
    const { nodeos, guard, clock } = this.around;
    const { deadline } = this.holding;
    if (deadline === undefined || !this.mayProduce()) return;
    guard.arm();
    await nodeos.resume(Math.max(1, Math.floor(deadline - clock()))).catch((error: unknown) => {
      if (!isDead(error)) guard.abandon(`nodeos was told to resume: ${String(error)}`);
    });
  }

  /** What nodeos is told comes one after another: a pause must never be overtaken by the resume before it. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.telling.then(work);
    this.telling = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  private mayProduce(): boolean {
    const { deadline } = this.holding;
    return deadline !== undefined && (this.around.clock() < deadline || this.around.fences === false);
  }

  /** nodeos is told to pause, and says that it has; otherwise the guard ends it. */
  private async stop(reason: string): Promise<void> {
    const { nodeos, guard, record } = this.around;
    const isFirst = this.chain?.view.paused === false;
    await this.alone(async () => {
      try {
        await surely(nodeos, this.around);
      } catch (error) {
        guard.abandon(`${reason}, and nodeos does not pause: ${String(error)}`);
      }
      guard.disarm();
      if (this.chain) this.chain.view.paused = true;
    });
    if (isFirst) await record(`paused: ${reason}`);
  }

  /** At its deadline this host stops, whatever else is slow. Also tells the watchdog that somebody looks. */
  private fence(): void {
    const { guard, clock, fences = true } = this.around;
    guard.alive();
    const { deadline } = this.holding;
    if (!fences || deadline === undefined || clock() < deadline) return;
    this.holding.lose();
    void this.stop("no renewal of the lease was answered in time").catch((error: unknown) =>
      this.around.say(String(error)),
    );
  }

  private async renew(): Promise<void> {
    const { deadline, term } = this.holding;
    if (deadline === undefined || this.isYielding) return;
    const at = this.around.clock();
    const { made } = this;
    if (await this.holding.renew(made)) {
      this.renewedAt = at;
      await this.openGate();
      const view = this.chain?.view;
      if (view && !view.paused) await this.letOut(await this.around.nodeos.look());
    } else if (!this.isYielding && this.holding.deadline === undefined && this.around.fences !== false)
      await this.stop(`another holds, or nobody does: term ${term} is over`);
  }

  private async yield(reason: string): Promise<void> {
    const { nodeos, settings, clock, guard, record, say } = this.around;
    this.isYielding = true;
    try {
      const view = await this.alone(() => drain(nodeos, settings, clock, () => this.mayProduce())).catch(
        (error: unknown) => {
          // Dead, it makes no block, and starts paused.
          if (!isDead(error)) guard.abandon(`${reason}, and nodeos does not pause: ${String(error)}`);
          return undefined;
        },
      );
      if (view) this.chain = { view, at: clock() };
      if (view) this.made = ownHead(settings, view) ?? this.made;
      guard.disarm();
      await this.holding.release(this.made, reason);
      this.group = undefined;
    } finally {
      this.isYielding = false;
    }
    say(`let go: ${reason}`);
    await record(`let go: ${reason}`);
  }

  /** How old the last irreversible block may become before nodeos makes no more blocks: it holds where all of a host is frozen. */
  private async letOut(view: ChainView): Promise<void> {
    this.leash = this.leashFor(view);
    await this.around.nodeos.leash(this.leash);
  }

  /** After a long standstill the first blocks make the last irreversible one young at once: the limit follows. */
  private async tighten(view: ChainView): Promise<void> {
    if (view.paused || this.leash === undefined || this.leashFor(view) >= this.leash) return;
    await this.letOut(view);
  }

  private leashFor({ libTime }: ChainView): number {
    const { ageSeconds } = this.around.settings.timing;
    return Math.max(1, Math.floor(Math.max(0, Date.now() - libTime) / 1000 + ageSeconds));
  }

  /** The holder's stays open until its deadline; one that makes no blocks may hear those of others. */
  private async openGate(): Promise<void> {
    const { gate, clock, settings } = this.around;
    const { deadline } = this.holding;
    await gate.open(deadline === undefined ? settings.timing.leaseSeconds * 1000 : deadline - clock());
  }

  private async publish(): Promise<void> {
    const { store, settings } = this.around;
    if (!this.decision) return;
    if (this.holding.deadline === undefined && this.chain?.view.paused !== false) await this.openGate();
    const { hindrances, phase } = this.decision;
    const view = this.silence ? undefined : this.chain?.view;
    await store.publish(settings.host, {
      phase,
      hindrances,
      time: new Date().toISOString(),
      ...(view ? { head: view.head, lib: view.lib, chainId: view.chainId } : {}),
    });
  }

  private status(): FailoverStatus {
    const { settings, clock } = this.around;
    const { deadline, term } = this.holding;
    const view = this.silence ? undefined : this.chain?.view;
    const age =
      this.renewedAt === undefined || deadline === undefined ? undefined : (clock() - this.renewedAt) / 1000;
    return {
      host: settings.host,
      group: settings.group,
      producer: settings.producer,
      time: new Date().toISOString(),
      phase: this.decision?.phase ?? "waiting",
      hindrances: this.decision?.hindrances ?? [],
      ...(term === undefined ? {} : { term }),
      ...(age === undefined
        ? {}
        : { leaseAgeSeconds: age, missedSlots: slotsMissed(settings.producer, this.memory, this.seen()) }),
      ...(view ? { paused: view.paused, head: view.head.number, lib: view.lib, peers: view.peers } : {}),
      ...(this.group
        ? { view: plainGroup(this.group.view), viewAgeSeconds: (clock() - this.group.at) / 1000 }
        : {}),
    };
  }

  private async end(): Promise<void> {
    if (this.holding.deadline !== undefined) await this.yield("the agent was stopped");
    else await this.stop("the agent was stopped");
  }
}

/** As JSON has it. */
const plainGroup = ({ hosts, maintenance, ...group }: Group): NonNullable<FailoverStatus["view"]> => ({
  ...group,
  hosts: Object.fromEntries(hosts),
  maintenance: [...maintenance],
});

/** An answer that is lost to a connection that broke is asked for again, within the time that the guard has. */
async function surely(nodeos: NodeosControl, { clock, settings }: Surroundings): Promise<void> {
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

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
