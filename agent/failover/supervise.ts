import { setTimeout as pause } from "node:timers/promises";
import type { FailoverSettings } from "../../components/core/failover/settings";
import { type Decision, decide, type Step } from "./decide";
import { ownHead } from "./drain";
import { ageNote } from "./finality";
import type { Gate } from "./gate";
import type { Beginning, Group, GroupStore } from "./group";
import type { Guard } from "./guard";
import { Holding } from "./holding";
import type { ChainView, NodeosControl } from "./nodeos-control";
import { Production } from "./production";
import type { Memory } from "./seen";
import { Sight } from "./sight";
import { type FailoverStatus, stateOf, statusOf } from "./status";
import { Stops } from "./stops";

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
  /** What was told last, before this process began; undefined on a new host. */
  told(): Promise<FailoverStatus | undefined>;
  /** Lets the next start of nodeos drop a chain that is another one; answers false where that was asked for of late. */
  beginAnew(from: Beginning): Promise<boolean>;
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
  await new Supervision(around, Stops.after(await around.told().catch(() => undefined))).run(signal);
}

class Supervision {
  private readonly holding: Holding;
  private readonly production: Production;
  private readonly sight: Sight;
  private memory: Memory = {};
  private decision: Decision | undefined;
  private renewedAt: number | undefined;
  /** Number of its term's first block, until it is noted. */
  private firstNumber: number | undefined;
  private isActing = false;
  private isYielding = false;

  constructor(
    private readonly around: Surroundings,
    private readonly stops: Stops,
  ) {
    this.holding = new Holding(around.settings, around.store, around.clock);
    this.production = new Production(around, this.holding);
    this.sight = new Sight(around);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { around, sight } = this;
    const renewMs = around.settings.timing.renewSeconds * 1000;
    const over = new AbortController();
    const again = (every: () => number, work: () => Promise<void>) => this.again(over.signal, every, work);
    // Under way to another host: every moment is one without blocks.
    const looking = (mostMs: number) => () => (sight.group?.view.order ? QUICK_MS : mostMs);
    const fence = setInterval(() => this.fence(), FENCE_MS);
    const loops = [
      again(looking(LOOK_MS), () => this.lookAtChain()),
      again(looking(Math.min(LOOK_MS, renewMs)), () => this.lookAtGroup()),
      again(
        () => renewMs,
        () => this.renew(),
      ),
      again(
        () => DISK_MS,
        async () => {
          sight.diskFreePercent = await around.diskFreePercent();
        },
      ),
      again(
        () => DISK_MS,
        () => sight.lookForProducer(),
      ),
      again(
        () => TELL_MS,
        () => around.tell(this.status()),
      ),
      again(
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
    await around.tell(this.status());
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
    try {
      const view = await this.sight.lookAtChain(this.holding.deadline !== undefined);
      await this.production.tighten(view);
    } finally {
      await this.act();
    }
  }

  private async lookAtGroup(): Promise<void> {
    await this.sight.lookAtGroup();
    await this.act();
  }

  private seen() {
    const { deadline } = this.holding;
    const unfenced = deadline !== undefined && this.around.fences === false;
    return this.sight.seen(unfenced ? Number.POSITIVE_INFINITY : deadline);
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
    const { chain, group } = this.sight;
    if (step.do === "pause") return this.stop("nodeos makes blocks and this host does not hold");
    if (step.do === "abandon") return this.around.guard.abandon(step.reason);
    if (step.do === "resume") return this.resume();
    if (step.do === "yield") return this.yield(step.reason);
    if (step.do === "anew") return this.beginAnew(step.from);
    if (!group) return;
    if (step.do === "reset" && chain) {
      await this.around.store.resetWatermark(group.view, this.around.settings.host, chain.view.head);
      return this.around.record("the watermark is this host's head, as an operator said");
    }
    if (step.do === "take") await this.take(group.view, step.reason);
    if (step.do === "adopt" && (await this.holding.adopt(group.view))) await this.holds("held already");
  }

  /** The chain is looked at once more: the lease is only given for the watermark that was found in it. */
  private async take(group: Group, reason: string): Promise<void> {
    const view = await this.around.nodeos.look();
    if ((await this.sight.looksForWatermark(view, group)) === false) return;
    if (!(await this.holding.take(group, reason))) return;
    this.firstNumber = view.head.number + 1;
    await this.holds(reason);
  }

  /** Ends nodeos, as its start alone may touch what it holds open. */
  private async beginAnew(from: Beginning): Promise<void> {
    if (!(await this.around.beginAnew(from))) return;
    const reason = `its chain is another one from block ${from.number} on, and begins anew`;
    await this.around.record(reason);
    this.around.guard.endNodeos(reason);
  }

  /** Noted with the watermark or later: a block of which nobody knows must not speak for the group. */
  private async noteBeginning(view: ChainView): Promise<void> {
    const number = this.firstNumber;
    if (number === undefined || (this.sight.made?.number ?? 0) < number || !this.sight.isAlone(view)) return;
    const id = await this.around.nodeos.blockId(number);
    if (id === undefined) return;
    await this.holding.noteBeginning({ number, id });
    this.firstNumber = undefined;
  }

  private async holds(reason: string): Promise<void> {
    this.sight.forgetMade();
    await this.production.openGate();
    await this.resume();
    await this.around.record(`holds in term ${this.holding.term}: ${reason}`);
  }

  private async resume(): Promise<void> {
    const view = await this.around.nodeos.look();
    if ((await this.sight.looksForWatermark(view)) === false) return;
    if (await this.production.resume(view))
      this.sight.chain = { view: { ...view, paused: false }, at: this.around.clock() };
  }

  private async stop(reason: string): Promise<void> {
    const { chain } = this.sight;
    const isFirst = chain?.view.paused === false;
    await this.production.stop(reason);
    if (this.sight.chain) this.sight.chain.view.paused = true;
    if (isFirst) await this.around.record(`paused: ${reason}`);
  }

  /** At its deadline this host stops, whatever else is slow. Also tells the watchdog that somebody looks. */
  private fence(): void {
    const { guard, clock, fences = true, say } = this.around;
    guard.alive();
    const { deadline } = this.holding;
    if (!fences || deadline === undefined || clock() < deadline) return;
    this.holding.lose();
    const reason = "no renewal of the lease was answered in time";
    this.stops.add(reason);
    void this.stop(reason).catch((error: unknown) => say(String(error)));
  }

  private async renew(): Promise<void> {
    const { deadline, term } = this.holding;
    if (deadline === undefined || this.isYielding) return;
    const at = this.around.clock();
    if (await this.holding.renew(this.sight.made)) {
      this.renewedAt = at;
      await this.production.openGate();
      const view = this.sight.chain?.view;
      if (view && !view.paused) await this.production.letOut(await this.around.nodeos.look());
      if (view) await this.noteBeginning(view);
    } else if (!this.isYielding && this.holding.deadline === undefined && this.around.fences !== false)
      await this.stop(`another holds, or nobody does: term ${term} is over`);
  }

  private async yield(reason: string): Promise<void> {
    const { settings, clock, record, say } = this.around;
    this.isYielding = true;
    try {
      const view = await this.production.drain(reason);
      if (view) this.sight.chain = { view, at: clock() };
      if (view) this.sight.made = ownHead(settings, view) ?? this.sight.made;
      await this.holding.release(this.sight.made, reason);
      this.sight.group = undefined;
    } finally {
      this.isYielding = false;
    }
    say(`let go: ${reason}`);
    await record(`let go: ${reason}`);
  }

  private async publish(): Promise<void> {
    const { decision, sight } = this;
    if (!decision) return;
    const mayMake = sight.chain?.view.paused === false;
    if (this.holding.deadline === undefined && !mayMake) await this.production.openGate();
    const { store, settings } = this.around;
    await store.publish(settings.host, stateOf(decision, sight.chainNow, sight.leftOut));
  }

  private status(): FailoverStatus {
    const { settings, clock } = this.around;
    const { deadline, term } = this.holding;
    const { decision, memory, stops, sight } = this;
    const age = deadline === undefined || this.renewedAt === undefined ? undefined : clock() - this.renewedAt;
    return statusOf(settings, {
      decision,
      memory,
      seen: this.seen(),
      term,
      leaseAgeSeconds: age === undefined ? undefined : age / 1000,
      chain: sight.chainNow,
      group: sight.group && { view: sight.group.view, ageSeconds: (clock() - sight.group.at) / 1000 },
      stops: stops.recent(),
      note: ageNote(settings, sight.finality.stepSeconds),
    });
  }

  private async end(): Promise<void> {
    if (this.holding.deadline !== undefined) await this.yield("the agent was stopped");
    else await this.stop("the agent was stopped");
  }
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
