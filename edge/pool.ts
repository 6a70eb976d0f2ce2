import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { EdgeSettings, Server } from "./settings";
import { busy, post } from "./upstream";
import { type Head, judge, type Sight, type Verdict } from "./verdict";

/** Two looks and HAProxy's question fit into the two seconds within which a bad node is to be gone. */
const LOOK_MS = 400;
const TIMEOUT_MS = 800;
const HASHES_KEPT = 32;

const quantity = z.string().regex(/^0x[0-9a-f]+$/i);
const headAnswer = z.object({
  result: z.object({ number: quantity, hash: z.string(), timestamp: quantity }),
});
const nativeAnswer = z.object({ head_block_time: z.string() });

const ASK_HEAD = '{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}';

/** The nodes behind the edge, looked at again and again. */
export class Pool {
  private sights = new Map<string, { head: Head | undefined; hashes: Map<number, string> }>();
  private looking: AbortController | undefined;
  private nativeTime: number | undefined;
  private turn = 0;
  private latest: { verdicts: Verdict[]; degraded: boolean } = { verdicts: [], degraded: false };

  constructor(private readonly settings: Pick<EdgeSettings, "nodes" | "native" | "health">) {
    this.begin();
  }

  /** Looks until the signal. */
  watch(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.looking?.abort());
    this.look();
  }

  /** After its settings have changed: what is known of nodes that stay is kept. */
  renew(): void {
    this.begin();
    this.decide();
    if (this.looking) this.look();
  }

  private begin(): void {
    const known = this.sights;
    this.sights = new Map(
      this.settings.nodes.map(({ name }) => [
        name,
        known.get(name) ?? { head: undefined, hashes: new Map<number, string>() },
      ]),
    );
  }

  /** Each node by itself: one that hangs delays no other. */
  private look(): void {
    const { nodes, native } = this.settings;
    this.looking?.abort();
    this.looking = new AbortController();
    const { signal } = this.looking;
    const forever = async (look: () => Promise<void>) => {
      while (!signal.aborted) {
        await look();
        this.decide();
        await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
      }
    };
    this.nativeTime = undefined;
    for (const node of nodes) void forever(() => this.lookAt(node));
    if (native) void forever(() => this.lookAtNative(native));
  }

  /** Undefined before it was ever judged. */
  verdict(name: string): Verdict | undefined {
    return this.latest.verdicts.find((verdict) => verdict.name === name);
  }

  /** All nodes, those in service first, of these the least busy; where they are equal each has its turn. */
  inOrder(): Server[] {
    const { nodes } = this.settings;
    if (nodes.length < 2) return nodes;
    this.turn = (this.turn + 1) % nodes.length;
    return [...nodes.slice(this.turn), ...nodes.slice(0, this.turn)]
      .map((node) => ({ node, isDown: Number(!this.verdict(node.name)?.up), busy: busy(node.url) }))
      .sort((left, right) => left.isDown - right.isDown || left.busy - right.busy)
      .map(({ node }) => node);
  }

  /** Highest block that a node in service has; undefined while none has answered. */
  tip(): number | undefined {
    const numbers = [...this.sights]
      .filter(([name]) => this.verdict(name)?.up)
      .flatMap(([, { head }]) => head?.number ?? []);
    return numbers.length > 0 ? Math.max(...numbers) : undefined;
  }

  state() {
    const nodes = this.latest.verdicts.map((verdict) => ({
      ...verdict,
      block: this.sights.get(verdict.name)?.head?.number,
    }));
    return { degraded: this.latest.degraded, nodes };
  }

  private async lookAt({ name, url }: Server): Promise<void> {
    const sight = this.sights.get(name);
    if (!sight) return;
    sight.head = await post(url, ASK_HEAD, TIMEOUT_MS, 1 << 20).then(
      ({ text }) => readHead(text),
      () => undefined,
    );
    if (!sight.head) return;
    sight.hashes.set(sight.head.number, sight.head.hash);
    for (const number of sight.hashes.keys())
      if (number <= sight.head.number - HASHES_KEPT || number > sight.head.number)
        sight.hashes.delete(number);
  }

  private async lookAtNative(url: string): Promise<void> {
    this.nativeTime = await post(`${url}/v1/chain/get_info`, "{}", TIMEOUT_MS, 1 << 16)
      .then(
        // nodeos writes UTC without saying so.
        ({ text }) => Date.parse(`${nativeAnswer.parse(JSON.parse(text)).head_block_time}Z`) / 1000,
        () => undefined,
      )
      .catch(() => undefined);
  }

  private decide(): void {
    const sights: Sight[] = [...this.sights].map(([name, sight]) => ({ name, ...sight }));
    this.latest = judge(sights, this.settings.health, Date.now() / 1000, this.nativeTime);
  }
}

function readHead(text: string): Head | undefined {
  try {
    const { number, hash, timestamp } = headAnswer.parse(JSON.parse(text)).result;
    return { number: Number(number), hash, time: Number(timestamp) };
  } catch {
    return undefined;
  }
}
