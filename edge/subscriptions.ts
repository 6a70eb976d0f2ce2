import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Call, errorText, INTERNAL_ERROR, INVALID_PARAMS, LIMIT_EXCEEDED, resultText } from "./call";
import type { EdgeContext } from "./context";
import { hasDoubleKeys } from "./json/scan";
import { post } from "./upstream";

type Tell = (text: string) => void;

interface Subscription {
  id: string;
  tell: Tell;
  /** Filter of logs, or undefined for new heads. */
  filter: { address?: unknown; topics?: unknown } | undefined;
}

const blockAnswer = z.object({
  result: z.looseObject({ number: z.string(), hash: z.string(), parentHash: z.string() }).nullable(),
});
type Block = NonNullable<z.infer<typeof blockAnswer>["result"]>;
const logsAnswer = z.object({ result: z.array(z.unknown()) });
const subscribeParams = z.union([
  z.tuple([z.literal("newHeads")]),
  z.tuple([z.literal("logs")]),
  z.tuple([
    z.literal("logs"),
    z.looseObject({ address: z.unknown().optional(), topics: z.unknown().optional() }),
  ]),
]);

/** Half of an EVM block's second. */
const LOOK_MS = 500;
/** How far a reorganisation is followed, and how many blocks are told after a gap. */
const DEPTH = 32;
/** What a header of geth's newHeads does not hold. */
const NOT_IN_HEADER = ["transactions", "uncles", "size", "totalDifficulty", "withdrawals"];

/** eth_subscribe over nodes that have none: one look at the chain for all who subscribed. */
export class Subscriptions {
  private readonly all = new Map<string, Subscription>();
  private readonly told: { number: number; hash: string }[] = [];

  constructor(private readonly context: EdgeContext) {}

  /** What one socket holds. */
  of(tell: Tell) {
    const own = new Set<string>();
    return {
      answer: (call: Call): string => {
        if (call.method === "eth_unsubscribe") return this.unsubscribe(call, own);
        return this.subscribe(call, own, tell);
      },
      end: () => {
        for (const id of own) this.all.delete(id);
      },
    };
  }

  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.all.size > 0) await this.look().catch(() => undefined);
      else this.told.length = 0;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private subscribe(call: Call, own: Set<string>, tell: Tell): string {
    const parsed = subscribeParams.safeParse(call.params === undefined ? undefined : JSON.parse(call.params));
    if (!parsed.success || hasDoubleKeys(call.params ?? "null"))
      return errorText(call.id, INVALID_PARAMS, 'subscribe to ["newHeads"] or ["logs", filter]');
    if (own.size >= this.context.settings.limits.subscriptions)
      return errorText(call.id, LIMIT_EXCEEDED, "too many subscriptions on this connection");
    const id = `0x${randomBytes(16).toString("hex")}`;
    const [kind, filter] = parsed.data;
    this.all.set(id, { id, tell, filter: kind === "logs" ? (filter ?? {}) : undefined });
    own.add(id);
    return resultText(call.id, JSON.stringify(id));
  }

  private unsubscribe(call: Call, own: Set<string>): string {
    const [id] = call.params?.startsWith("[") ? (JSON.parse(call.params) as unknown[]) : [];
    const isOwn = typeof id === "string" && own.delete(id);
    if (!isOwn) return errorText(call.id, INTERNAL_ERROR, "subscription not found");
    this.all.delete(id);
    return resultText(call.id, "true");
  }

  private async ask(method: string, params: unknown[]): Promise<unknown> {
    const { inside, timeouts, limits } = this.context.settings;
    const path = method === "eth_getLogs" ? "heavy" : "read";
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return JSON.parse((await post(`${inside}/${path}`, body, timeouts.read, limits.responseBytes)).text);
  }

  private async block(tag: string): Promise<Block | null> {
    return blockAnswer.parse(await this.ask("eth_getBlockByNumber", [tag, false])).result;
  }

  /** Tells the blocks that are new since the last look, and after a reorganisation those that took the place of others. */
  private async look(): Promise<void> {
    let block = await this.block("latest");
    if (!block) return;
    const newest = this.told.at(-1);
    if (newest?.hash === block.hash) return;
    // A node a little behind the one that was asked before: what it has was told.
    if (newest && Number(block.number) <= newest.number && this.told.some(({ hash }) => hash === block?.hash))
      return;
    const fresh: Block[] = [];
    while (block && fresh.length < DEPTH) {
      fresh.unshift(block);
      const { parentHash, number }: Block = block;
      if (this.told.length === 0 || this.told.some(({ hash }) => hash === parentHash)) break;
      block = Number(number) === 0 ? null : await this.block(`0x${(Number(number) - 1).toString(16)}`);
    }
    for (const each of fresh) {
      this.remember(each);
      await this.publish(each);
    }
  }

  private remember({ number, hash }: Block): void {
    const height = Number(number);
    while ((this.told.at(-1)?.number ?? -1) >= height) this.told.pop();
    this.told.push({ number: height, hash });
    if (this.told.length > DEPTH) this.told.shift();
  }

  private async publish(block: Block): Promise<void> {
    const header = Object.fromEntries(Object.entries(block).filter(([key]) => !NOT_IN_HEADER.includes(key)));
    for (const each of [...this.all.values()]) {
      if (!each.filter) {
        notify(each, header);
        continue;
      }
      const filter = { ...each.filter, fromBlock: undefined, toBlock: undefined, blockHash: block.hash };
      const { result } = logsAnswer.parse(await this.ask("eth_getLogs", [filter]));
      for (const log of result) notify(each, log);
    }
  }
}

const notify = ({ id, tell }: Subscription, result: unknown): void =>
  tell(JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription: id, result } }));
