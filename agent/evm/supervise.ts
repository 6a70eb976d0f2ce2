import { audit } from "../audit";
import type { System } from "../system";
import { copiesOf, dropAside, hasDatabase, putAside, restoreCopy, takeCopy } from "./copies";
import type { Fault } from "./fault";
import { expectedGenesis, firstNative, genesisFault, nativeFault } from "./genesis";
import { type Means, nextStep, type Step } from "./ladder";
import { EVM_AUDIT, STOPPED } from "./layout";
import { type NodeProcess, startNode } from "./node-process";
import type { EvmSettings, Source } from "./settings";
import { shipStatus } from "./ship-status";
import { blockId, Sources } from "./source";
import { readSupervisor, type SupervisorState, writeSupervisor } from "./state";

interface Supervision {
  system: System;
  settings: EvmSettings;
  /** Aborted when systemd stops the unit. */
  signal: AbortSignal;
  /** Lines of eos-evm-node and of this program, for the journal. */
  say: (line: string) => void;
}

const LOOK_MS = 1_000;
/** A run this long was no failed start: what was tried before it is forgotten. */
const STEADY_MS = 60_000;
const PAUSE_MS = 2_000;

/**
 * Keeps eos-evm-node running beside a nodeos that serves state history and is in sync. Answers with the exit status: 0 when
 * it was told to stop, `STOPPED` when it gave up, which the unit does not survive.
 */
export async function superviseEvmNode(about: Supervision): Promise<number> {
  const supervisor = new Supervisor(about, await readSupervisor(about.system));
  await supervisor.begin();
  while (!about.signal.aborted) {
    const stopped = await supervisor.once();
    if (stopped) return supervisor.giveUp(stopped);
  }
  await supervisor.enter("ended", "");
  return 0;
}

type Stop = Extract<Step, { kind: "stop" }>;

class Supervisor {
  private readonly sources: Sources;

  constructor(
    private readonly about: Supervision,
    private state: SupervisorState,
  ) {
    this.sources = new Sources(about.settings, about.system.now);
  }

  /** Whoever starts a unit that gave up has seen why: all may be tried again. */
  async begin(): Promise<void> {
    const { settings } = this.about;
    const tries = this.state.phase === "stopped" ? [] : this.state.tries;
    await this.keep({ tries, ...(settings.rpc ? { rpc: settings.rpc } : {}) });
    await this.enter("waiting", "it looks at its sources");
  }

  /** From waiting for a source to what follows the end of a run. Answers with why it cannot go on. */
  async once(): Promise<Stop | undefined> {
    const { system, settings } = this.about;
    const refused = await genesisFault(system, settings, this.state);
    if (refused) return { kind: "stop", ...refused };
    const source = await this.waitForSource();
    if (!source) return undefined;
    const strange = await nativeFault(settings, source);
    if (strange) return { kind: "stop", ...strange };
    await this.copyIfClean();
    if (this.about.signal.aborted) return undefined;
    const fault = await this.run(source);
    return fault && this.about.signal.aborted === false ? this.after(fault, source) : undefined;
  }

  async giveUp({ reason, remedy }: Stop): Promise<number> {
    this.about.say(`nodewright: eos-evm-node is not started again: ${reason}. ${remedy}`);
    await this.note(`stopped: ${reason}`, "failed");
    await this.keep({ recoveries: counted(this.state.recoveries, "stop") });
    await this.enter("stopped", `${reason}. ${remedy}`);
    return STOPPED;
  }

  async enter(phase: SupervisorState["phase"], detail: string): Promise<void> {
    await this.keep({ phase, detail, since: this.about.system.now().toISOString() });
  }

  private async keep(changes: Partial<SupervisorState>): Promise<void> {
    this.state = { ...this.state, ...changes };
    await writeSupervisor(this.about.system, this.state);
  }

  private note(what: string, result: "ok" | "failed", seconds?: number): Promise<void> {
    const entry = { action: "recovery" as const, step: "evm-node", what, result };
    return audit(this.about.system, { ...entry, ...(seconds === undefined ? {} : { seconds }) }, EVM_AUDIT);
  }

  private chainId = (): string | undefined => this.about.settings.nativeChainId ?? this.state.nativeChainId;

  private async waitForSource(): Promise<Source | undefined> {
    let said = "";
    while (!this.about.signal.aborted) {
      await this.sources.look(this.chainId());
      const source = this.sources.choose();
      if (source) return source;
      const detail = this.sources.describe();
      // Heads move; a line and a write for each would drown the journal.
      const kind = detail.replaceAll(/\d+/g, "");
      if (kind !== said) {
        said = kind;
        this.about.say(`nodewright: waiting for state history: ${detail}`);
        await this.enter("waiting", detail);
      }
      await this.about.system.sleep(LOOK_MS);
    }
    return undefined;
  }

  /** The database as an orderly stop left it, when the newest copy is old. */
  private async copyIfClean(): Promise<void> {
    const { system, settings, say } = this.about;
    const { clean } = this.state;
    if (!clean || settings.copies === 0 || !(await hasDatabase(system, settings))) return;
    const [newest] = await copiesOf(system, settings);
    const age = newest ? system.now().getTime() - Date.parse(newest.time) : Number.POSITIVE_INFINITY;
    if (age < settings.copyAfterHours * 3_600_000) return;
    const missing = await takeCopy(system, settings, clean).catch((error: Error) => error.message);
    if (missing !== undefined) say(`nodewright: ${missing}`);
    else await this.keep({ copyTime: system.now().toISOString() });
  }

  /** One run of eos-evm-node. Answers with its fault; undefined where we ended it. */
  private async run(source: Source): Promise<Fault | undefined> {
    const { settings, say, signal } = this.about;
    const isLocal = source === settings.sources[0];
    const { clean: _, ...dirty } = this.state;
    this.state = dirty;
    const chainId = this.chainId() ?? this.sources.lastLook(source)?.chainId;
    await this.keep({
      source: { ...source, isLocal },
      genesis: expectedGenesis(settings),
      ...(chainId ? { nativeChainId: chainId } : {}),
      starts: this.state.starts + 1,
    });
    await this.enter("running", `blocks come from ${source.name}`);
    say(`nodewright: eos-evm-node takes its blocks from ${source.name} (${source.ship})`);
    const node = startNode([...settings.exec, `--ship-endpoint=${source.ship}`], say);
    const stop = () => node.stop();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const steady = setTimeout(() => void this.steady(), STEADY_MS);
    const watching = new AbortController();
    const watch = this.watchSource(source, node, watching.signal);
    const fault = await node.ended;
    watching.abort();
    clearTimeout(steady);
    signal.removeEventListener("abort", stop);
    await watch;
    if (fault === undefined) await this.markClean(source);
    else say(`nodewright: eos-evm-node ended by itself (${fault})`);
    return fault;
  }

  /** It ran for a while: what was tried has helped. */
  private async steady(): Promise<void> {
    if (this.state.tries.length === 0) return;
    await this.keep({ tries: [] });
    await dropAside(this.about.system, this.about.settings);
  }

  /** Ends the run when another source must be taken, or the preferred one is back. */
  private async watchSource(source: Source, node: NodeProcess, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.about.system.sleep(LOOK_MS);
      if (signal.aborted || this.about.signal.aborted) return;
      await this.sources.look(this.chainId());
      const next = this.sources.choose(source);
      if (!next || next === source || signal.aborted) continue;
      this.about.say(`nodewright: blocks come from ${next.name} from now on; ${this.sources.describe()}`);
      await this.note(`blocks come from ${next.name} in place of ${source.name}`, "ok");
      node.stop();
      return;
    }
  }

  /** What stands in the database is no newer than what its source knew when it was told to stop. */
  private async markClean(source: Source): Promise<void> {
    await this.sources.look(this.chainId());
    const look = this.sources.lastLook(source);
    if (look && look.fault === undefined) await this.keep({ clean: { num: look.headNum, id: look.headId } });
  }

  /** After an end by itself. */
  private async after(fault: Fault, source: Source): Promise<Stop | undefined> {
    const { system, say } = this.about;
    const time = system.now().toISOString();
    const begun = system.now().getTime();
    if (fault === "history") this.sources.lacking.add(source);
    const means = await this.means(source);
    const step = nextStep(fault, this.state.tries, means);
    const copy = step.kind === "restore" ? { copy: step.copy } : {};
    const tries = [...this.state.tries, { fault, step: step.kind, ...copy }];
    await this.keep({ lastFault: { fault, time }, ...(fault === "ship" ? {} : { tries }) });
    if (step.kind === "stop") return step;
    if (step.kind === "restore" || step.kind === "rebuild") {
      const failed = await this.mend(step).catch((error: Error) => error.message);
      const seconds = (system.now().getTime() - begun) / 1000;
      const what = step.kind === "restore" ? `restored the copy ${step.copy}` : "begun anew from the genesis";
      say(`nodewright: chain data ${what}${failed === undefined ? "" : `, in vain: ${failed}`}`);
      await this.note(
        `${what} after: ${fault}${failed === undefined ? "" : `; ${failed}`}`,
        failed === undefined ? "ok" : "failed",
        seconds,
      );
    } else if (fault !== "ship") await this.note(`${step.kind} after: ${fault}`, "ok");
    await this.keep({ recoveries: counted(this.state.recoveries, step.kind) });
    await system.sleep(PAUSE_MS);
    return undefined;
  }

  private async mend(step: Extract<Step, { kind: "restore" | "rebuild" }>): Promise<undefined> {
    const { system, settings } = this.about;
    if (step.kind === "restore") await restoreCopy(system, settings, step.copy);
    else await putAside(system, settings);
    return undefined;
  }

  /** What the ladder may use: copies that are irreversible on the chain as it is now, and how far history reaches. */
  private async means(source: Source): Promise<Means> {
    const { system, settings } = this.about;
    await this.sources.look(this.chainId());
    const lib = this.sources.lastLook(source)?.lib ?? 0;
    const copies = await Promise.all(
      (await copiesOf(system, settings)).map(async ({ name, native }) => {
        if (native.num > lib) return [];
        const id = await blockId(source, native.num);
        return id === undefined || id === native.id ? [name] : [];
      }),
    );
    const traceBegin = await shipStatus(source.ship).then(
      (status) => status.traceBegin,
      () => Number.POSITIVE_INFINITY,
    );
    return {
      copies: copies.flat(),
      otherSource: this.sources.usable.length > 0,
      reachesBack: traceBegin > 0 && traceBegin <= firstNative(settings) + 1,
    };
  }
}

const counted = (counts: Record<string, number>, key: string): Record<string, number> => ({
  ...counts,
  [key]: (counts[key] ?? 0) + 1,
});
