import { z } from "zod";
import { normalKey } from "../../components/core/chain/authority";
import type { FailoverSettings } from "../../components/core/failover/settings";
import type { Block } from "./group";

const info = z.object({
  chain_id: z.string(),
  head_block_num: z.int(),
  head_block_id: z.string(),
  head_block_time: z.string(),
  head_block_producer: z.string(),
  last_irreversible_block_num: z.int(),
  last_irreversible_block_time: z.string(),
});
const connections = z.array(
  z.object({
    connecting: z.boolean().default(false),
    syncing: z.boolean().default(false),
    last_handshake: z.object({ head_num: z.int().default(0), generation: z.int().default(0) }).partial(),
  }),
);
const schedule = z.object({
  active: z.object({
    producers: z.array(
      z.object({
        producer_name: z.string(),
        authority: z
          .tuple([z.unknown(), z.object({ keys: z.array(z.object({ key: z.string() })) })])
          .exactOptional(),
      }),
    ),
  }),
});

/** nodeos' chain as it answered at one moment. */
export interface ChainView {
  chainId: string;
  head: Block;
  /** Who made the head. */
  producer: string;
  lib: number;
  /** Of the last irreversible block, ms since 1970. */
  libTime: number;
  paused: boolean;
  /** Peers that have shaken hands, and the furthest head that one of them had then. */
  peers: number;
  peersHead: number;
  /** Producers of the schedule in force. */
  schedule: string[];
  /** Whether the schedule in force lets this host's key sign for its producer; absent where that one is not in it. */
  maySign?: boolean;
}

/** The nodeos of this host. Every call throws where there is no good answer in time. */
export interface NodeosControl {
  look(): Promise<ChainView>;
  /** Id of a block of its chain; undefined where it has none of that number. */
  blockId(number: number): Promise<string | undefined>;
  /** Whether its chain has an account of that name. */
  hasAccount(name: string): Promise<boolean>;
  pause(): Promise<void>;
  /** It makes blocks from now on. It may take so long to say that it heard. */
  resume(milliseconds: number): Promise<void>;
  /** It makes them while its last irreversible block is no older than so many seconds. */
  leash(seconds: number): Promise<void>;
}

export function nodeosControl(
  settings: Pick<FailoverSettings, "nodeos" | "producer" | "hosts" | "host">,
  { lookMs, tellMs }: { lookMs: number; tellMs: number },
): NodeosControl {
  const { api, chain } = settings.nodeos;
  const look = async (path: string, body: object = {}): Promise<unknown> => post(path, body, lookMs);
  const tell = async (call: string, body: object = {}, milliseconds = tellMs): Promise<void> =>
    void (await post(`${api}/v1/producer/${call}`, body, milliseconds));
  return {
    look: async () => {
      const [found, paused, peers, turn] = await Promise.all([
        look(`${chain}/v1/chain/get_info`),
        look(`${api}/v1/producer/paused`),
        look(`${api}/v1/net/connections`),
        look(`${chain}/v1/chain/get_producer_schedule`),
      ]);
      const { producers } = schedule.parse(turn).active;
      return {
        ...viewOf(info.parse(found), z.boolean().parse(paused), connections.parse(peers)),
        schedule: producers.map(({ producer_name }) => producer_name),
        ...signs(settings, producers),
      };
    },
    blockId: async (number) => {
      const found = await look(`${chain}/v1/chain/get_block_info`, { block_num: number }).catch(
        (error: unknown) => {
          if (error instanceof NodeosRefusal) return undefined;
          throw error;
        },
      );
      return found === undefined ? undefined : z.object({ id: z.string() }).parse(found).id;
    },
    hasAccount: (name) =>
      look(`${chain}/v1/chain/get_account`, { account_name: name }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof NodeosRefusal && NO_ACCOUNT.test(error.message)) return false;
          throw error;
        },
      ),
    pause: () => tell("pause"),
    resume: (milliseconds) => tell("resume", {}, milliseconds),
    leash: (seconds) => tell("update_runtime_options", { max_irreversible_block_age: seconds }),
  };
}

function viewOf(
  found: z.infer<typeof info>,
  paused: boolean,
  peers: z.infer<typeof connections>,
): Omit<ChainView, "schedule"> {
  const known = peers.filter(
    ({ connecting, last_handshake }) => !connecting && (last_handshake.generation ?? 0) > 0,
  );
  return {
    chainId: found.chain_id,
    head: { number: found.head_block_num, id: found.head_block_id, time: found.head_block_time },
    producer: found.head_block_producer,
    lib: found.last_irreversible_block_num,
    libTime: Date.parse(`${found.last_irreversible_block_time}Z`),
    paused,
    peers: known.length,
    peersHead: Math.max(0, ...known.map(({ last_handshake }) => last_handshake.head_num ?? 0)),
  };
}

function signs(
  { producer, host, hosts }: Pick<FailoverSettings, "producer" | "hosts" | "host">,
  producers: z.infer<typeof schedule>["active"]["producers"],
): Pick<ChainView, "maySign"> {
  const keys = producers.find(({ producer_name }) => producer_name === producer)?.authority?.[1].keys;
  const own = hosts.find(({ name }) => name === host)?.key;
  if (!keys || own === undefined) return {};
  return { maySign: keys.some(({ key }) => normalKey(key) === normalKey(own)) };
}

/** Nobody listens: no nodeos runs, or it only starts, and starts paused. */
export const isDead = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && /ECONNREFUSED/.test(String(error.cause));

/** As nodeos 4.1 says it ("unknown key (eosio::chain::name): nobody"), and later ones. */
const NO_ACCOUNT = /unknown key|not found|unknown account/i;

/** nodeos answered, and said no. */
class NodeosRefusal extends Error {}

async function post(url: string, body: object, milliseconds: number): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(milliseconds),
  });
  const text = await answer.text();
  if (!answer.ok) throw new NodeosRefusal(`${url}: HTTP ${answer.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}
