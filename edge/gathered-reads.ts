import type { Call } from "./call";
import type { EdgeContext } from "./context";

type Ask = (calls: readonly Call[], context: EdgeContext) => Promise<Map<Call, string>>;

/**
 * Reads that one WebSocket sent in one go: asked of a node as one batch, since a request for each costs more than all the
 * rest. Those of other clients are never among them, so that nobody waits for what another one asked for.
 */
export class GatheredReads {
  private waiting: Call[] = [];
  private underWay: Promise<Map<Call, string>> | undefined;

  constructor(
    private readonly context: EdgeContext,
    private readonly put: Ask,
  ) {}

  /** Undefined where these have to go by themselves: several are a batch already, and what is heavy holds up the others. */
  ask(calls: readonly Call[]): Promise<Map<Call, string>> | undefined {
    const [call] = calls;
    if (!call || calls.length > 1 || this.context.methods.get(call.method)?.class === "heavy")
      return undefined;
    this.waiting.push(call);
    this.underWay ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.send());
    return this.underWay;
  }

  private send(): Promise<Map<Call, string>> {
    const calls = this.waiting;
    this.waiting = [];
    this.underWay = undefined;
    return this.put(calls, this.context);
  }
}
