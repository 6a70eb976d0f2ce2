import { z } from "zod";
import type { EtcdStore, Write } from "./etcd-store";

const block = z.object({ number: z.int(), id: z.string(), time: z.string() });
export type Block = z.infer<typeof block>;

const holder = z.object({
  host: z.string(),
  /** Counts the holders of the group, from 1. */
  term: z.int(),
  since: z.string(),
  reason: z.string(),
});
/** The last block of the group that its holder is known to have made: who produces next must have it. */
const watermark = block.extend({ host: z.string(), term: z.int() });

const hostState = z.object({
  /** Absent where its nodeos does not answer. */
  head: block.exactOptional(),
  lib: z.int().exactOptional(),
  chainId: z.string().exactOptional(),
  /** Id of the watermark where this host made it and follows a chain that has gone on without it. */
  leftOut: z.string().exactOptional(),
  /** Why it may not take over; empty if it may. */
  hindrances: z.array(z.string()),
  phase: z.enum(["waiting", "standby", "holder", "fenced", "maintenance"]),
  /** By the host's own clock, ISO 8601. */
  time: z.string(),
});
export type HostState = z.infer<typeof hostState>;

const order = z.object({
  /** `move`: production goes to the host. `rejoin`: so does it, and its chain counts, whatever the watermark says. */
  kind: z.enum(["move", "rejoin"]),
  host: z.string(),
  by: z.string(),
  time: z.string(),
});
export type Order = z.infer<typeof order>;

const maintenance = z.object({ by: z.string(), time: z.string() });
const move = z.object({
  term: z.int(),
  host: z.string(),
  from: z.string().exactOptional(),
  reason: z.string(),
  time: z.string(),
});
export type Move = z.infer<typeof move>;
/** The first block of a term: what a chain must have that is of this group. */
const beginning = z.object({ term: z.int(), number: z.int(), id: z.string() });
export type Beginning = z.infer<typeof beginning>;

type At<Value> = Value & { modified: string };

/** What the hosts of a group agree on, as etcd's quorum had it at one moment. */
export interface Group {
  holder?: At<z.infer<typeof holder>>;
  watermark?: At<z.infer<typeof watermark>>;
  order?: At<Order>;
  /** Why the last holder gave up, where it said so. */
  yielded?: { host: string; term: number; reason: string };
  hosts: Map<string, HostState>;
  /** Hosts that an operator has taken out. */
  maintenance: Set<string>;
  /** Oldest first, the last ones. */
  history: Move[];
  /** Of those terms, as far as it is known; oldest first. */
  beginnings: Beginning[];
}

const yielded = z.object({ host: z.string(), term: z.int(), reason: z.string() });

/** How many moves are kept. */
const HISTORY = 50;
const HOST_STATE_SECONDS = 30;

/** Reads and writes what a group agrees on. Every write says on what it relies, and is refused where that has changed. */
export class GroupStore {
  constructor(
    private readonly etcd: EtcdStore,
    private readonly prefix: string,
  ) {}

  async read(): Promise<Group> {
    return parseGroup(await this.etcd.below(this.prefix));
  }

  /** Takes the lease where nobody holds it. Answers with what it then holds, or undefined: another was quicker. */
  async take(group: Group, taker: Taker, seconds: number): Promise<Group["holder"]> {
    const lease = await this.etcd.grant(seconds);
    const last = group.history.at(-1);
    const term = Math.max(group.watermark?.term ?? 0, last?.term ?? 0) + 1;
    const { host, reason, time } = taker;
    const value = { host, term, since: time, reason };
    const old = group.history.slice(0, Math.max(0, group.history.length - HISTORY + 1));
    const modified = await this.etcd.transact(
      [
        { key: this.at("holder"), is: "absent" },
        // The taker has looked for this block in its chain, and for no other.
        group.watermark
          ? { key: this.at("watermark"), is: "at", modified: group.watermark.modified }
          : { key: this.at("watermark"), is: "absent" },
      ],
      [
        this.put("holder", value, lease),
        this.put(historyName(term), { term, host, reason, time, ...(last ? { from: last.host } : {}) }),
        ...(group.order ? [{ remove: this.at("order") }] : []),
        ...old.flatMap(({ term }): Write[] => [
          { remove: this.at(historyName(term)) },
          { remove: this.at(beginningName(term)) },
        ]),
      ],
    );
    return modified === undefined ? undefined : { ...value, modified };
  }

  /**
   * Holds on, with a new lease. A grant goes through the quorum; a keepalive would not: a leader that has just been deposed
   * still answers it. Answers with the key's revision; undefined where the key is not as this host left it.
   */
  async renew(held: Held, made: Block | undefined, seconds: number): Promise<string | undefined> {
    const lease = await this.etcd.grant(seconds);
    const { modified, ...value } = held;
    return this.etcd.transact(
      [{ key: this.at("holder"), is: "at", modified }],
      [this.put("holder", value, lease), ...this.mark(held, made)],
    );
  }

  /** What the holder's term began with, while it lasts. */
  async noteBeginning(held: Held, { number, id }: Pick<Block, "number" | "id">): Promise<void> {
    const { term, modified } = held;
    await this.etcd.transact(
      [{ key: this.at("holder"), is: "at", modified }],
      [this.put(beginningName(term), { term, number, id })],
    );
  }

  /** Gives the lease up; nodeos must have stopped making blocks before. */
  release(held: Held, made: Block | undefined, reason: string): Promise<string | undefined> {
    const { host, term } = held;
    return this.etcd.transact(
      [{ key: this.at("holder"), is: "at", modified: held.modified }],
      [{ remove: this.at("holder") }, this.put("yielded", { host, term, reason }), ...this.mark(held, made)],
    );
  }

  async publish(host: string, state: HostState): Promise<void> {
    const lease = await this.etcd.grant(HOST_STATE_SECONDS);
    await this.etcd.transact([], [this.put(`hosts/${host}`, state, lease)]);
  }

  /** An operator's word; undefined where another's is under way. It is forgotten after `seconds`. */
  async order(wanted: Order, seconds: number): Promise<string | undefined> {
    const lease = await this.etcd.grant(seconds);
    return this.etcd.transact([{ key: this.at("order"), is: "absent" }], [this.put("order", wanted, lease)]);
  }

  /** Takes a host out, as an operator wants it; or lets it in again. */
  async maintain(host: string, by: { by: string; time: string } | undefined): Promise<void> {
    const name = `maintenance/${host}`;
    await this.etcd.transact([], [by ? this.put(name, by) : { remove: this.at(name) }]);
  }

  /** The watermark becomes a block of this host's chain: an operator said that it counts, whatever there was before. */
  async resetWatermark(
    { order, watermark, history, beginnings }: Group,
    host: string,
    to: Block,
  ): Promise<void> {
    const term = watermark?.term ?? history.at(-1)?.term ?? 0;
    await this.etcd.transact(
      [
        { key: this.at("holder"), is: "absent" },
        ...(order ? [{ key: this.at("order"), is: "at" as const, modified: order.modified }] : []),
      ],
      [
        this.put("watermark", { ...to, host, term }),
        ...beginnings.map((each): Write => ({ remove: this.at(beginningName(each.term)) })),
      ],
    );
  }

  private at(name: string): string {
    return `${this.prefix}${name}`;
  }

  private put(name: string, value: unknown, lease?: string): Write {
    const write = { put: this.at(name), value: JSON.stringify(value) };
    return lease === undefined ? write : { ...write, lease };
  }

  private mark({ host, term }: Held, made: Block | undefined): Write[] {
    return made ? [this.put("watermark", { ...made, host, term })] : [];
  }
}

type Held = NonNullable<Group["holder"]>;
interface Taker {
  host: string;
  reason: string;
  time: string;
}

/** In the order of their numbers. */
const inOrder = (term: number): string => String(term).padStart(12, "0");
const historyName = (term: number): string => `history/${inOrder(term)}`;
const beginningName = (term: number): string => `beginnings/${inOrder(term)}`;

function parseGroup(entries: Awaited<ReturnType<EtcdStore["below"]>>): Group {
  const one = <Schema extends z.ZodType<object>>(name: string, schema: Schema) => {
    const found = entries.get(name);
    return found ? { ...schema.parse(JSON.parse(found.value)), modified: found.modified } : undefined;
  };
  const many = <Value>(folder: string, schema: z.ZodType<Value>): [string, Value][] =>
    [...entries]
      .filter(([name]) => name.startsWith(folder))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { value }]) => [name.slice(folder.length), schema.parse(JSON.parse(value))]);
  const [held, mark, word, last] = [
    one("holder", holder),
    one("watermark", watermark),
    one("order", order),
    one("yielded", yielded),
  ];
  return {
    ...(held ? { holder: held } : {}),
    ...(mark ? { watermark: mark } : {}),
    ...(word ? { order: word } : {}),
    ...(last ? { yielded: last } : {}),
    hosts: new Map(many("hosts/", hostState)),
    maintenance: new Set(many("maintenance/", maintenance).map(([name]) => name)),
    history: many("history/", move).map(([, each]) => each),
    beginnings: many("beginnings/", beginning).map(([, each]) => each),
  };
}
