import { once } from "node:events";
import { connect } from "node:net";
import { z } from "zod";
import { parseEndpoint } from "../../components/core/network/endpoint";
import { post } from "../loopback";
import type { EvmSettings, Source } from "./settings";

/** How a source is. Without `fault` it serves state history of the right chain. */
export interface Look {
  fault?: string;
  headNum: number;
  headId: string;
  headAgeSeconds: number;
  lib: number;
  chainId: string;
}

const IN_SYNC_SECONDS = 10;
const TIMEOUT_MS = 2_000;
const NOTHING = { headNum: 0, headId: "", headAgeSeconds: Number.POSITIVE_INFINITY, lib: 0, chainId: "" };

const info = z.object({
  chain_id: z.string(),
  head_block_num: z.number(),
  head_block_id: z.string(),
  head_block_time: z.string(),
  last_irreversible_block_num: z.number(),
});

/** Asks a nodeos how far it is, and whether its state history takes connections. Never throws. */
export async function lookAt(source: Source, chainId: string | undefined, now: Date): Promise<Look> {
  let found: z.infer<typeof info>;
  try {
    found = info.parse(await post(`${source.http}/v1/chain/get_info`, {}));
  } catch {
    return { ...NOTHING, fault: "its nodeos does not answer" };
  }
  const look = {
    headNum: found.head_block_num,
    headId: found.head_block_id,
    headAgeSeconds: Math.max(0, (now.getTime() - Date.parse(`${found.head_block_time}Z`)) / 1000),
    lib: found.last_irreversible_block_num,
    chainId: found.chain_id,
  };
  if (chainId !== undefined && chainId !== found.chain_id)
    return { ...look, fault: `its nodeos is on another chain, ${found.chain_id}` };
  return (await accepts(source.ship)) ? look : { ...look, fault: "its state history takes no connection" };
}

export const isInSync = ({ fault, headAgeSeconds }: Look): boolean =>
  fault === undefined && headAgeSeconds <= IN_SYNC_SECONDS;

async function accepts(ship: string): Promise<boolean> {
  const endpoint = parseEndpoint(ship);
  if (!endpoint) return false;
  // eos-evm-node resolves IPv4 alone.
  const socket = connect({ host: endpoint.host, port: endpoint.port, family: 4 });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.on("error", () => {});
    socket.destroy();
  }
}

const block = z.object({ id: z.string() });

/** Id of a block of its chain; undefined where it no longer has it. */
export const blockId = ({ http }: Source, num: number): Promise<string | undefined> =>
  post(`${http}/v1/chain/get_block`, { block_num_or_id: num }).then(
    (answer) => block.safeParse(answer).data?.id,
    () => undefined,
  );

/** How long a source has been as it is, and whether its head moves. */
interface Seen {
  look: Look;
  goodSince?: number;
  badSince?: number;
  /** When the head was first this one. */
  headSince: number;
}

/** Chooses where blocks are taken from: this host's own nodeos, another one when that is away for long, and back. */
export class Sources {
  private readonly seen = new Map<Source, Seen>();
  /** Those that lack blocks that are needed. */
  readonly lacking = new Set<Source>();

  constructor(
    private readonly settings: Pick<EvmSettings, "sources" | "patienceSeconds">,
    private readonly now: () => Date,
  ) {}

  get usable(): Source[] {
    return this.settings.sources.filter((source) => !this.lacking.has(source));
  }

  lastLook = (source: Source): Look | undefined => this.seen.get(source)?.look;

  /** Looks at all once. */
  async look(chainId: string | undefined): Promise<void> {
    await Promise.all(
      this.settings.sources.map(async (source) => {
        const look = await lookAt(source, chainId, this.now());
        this.note(source, look);
      }),
    );
  }

  note(source: Source, look: Look): void {
    const now = this.now().getTime();
    const before = this.seen.get(source);
    const { goodSince, badSince, headSince } = before ?? { headSince: now };
    this.seen.set(source, {
      look,
      headSince: before?.look.headNum === look.headNum ? headSince : now,
      ...(isInSync(look) ? { goodSince: goodSince ?? now } : { badSince: badSince ?? now }),
    });
  }

  /** The one to take blocks from now; undefined to wait. `current`: the one in use. */
  choose(current?: Source): Source | undefined {
    const [preferred, ...others] = this.usable;
    if (!preferred) return undefined;
    const patience = this.settings.patienceSeconds * 1000;
    const now = this.now().getTime();
    const forLong = (since: number | undefined) => since !== undefined && now - since >= patience;
    const own = this.seen.get(preferred);
    const isGood = (source: Source) => this.seen.get(source)?.goodSince !== undefined;
    if (isGood(preferred) && (current === undefined || current === preferred || forLong(own?.goodSince)))
      return preferred;
    if (current !== undefined && current !== preferred && isGood(current)) return current;
    const other = forLong(own?.badSince) || this.lacking.size > 0 ? others.find(isGood) : undefined;
    if (other) return other;
    // The chain itself stands still: there is nothing to be in sync with, and reads must go on.
    const standsStill = own?.look.fault === undefined && forLong(own?.headSince);
    return standsStill ? preferred : current;
  }

  /** Why nothing can be taken, for people. */
  describe(): string {
    return this.usable
      .map((source) => {
        const look = this.seen.get(source)?.look;
        if (!look) return `${source.name}: not looked at yet`;
        return `${source.name}: ${look.fault ?? `head ${look.headNum}, ${look.headAgeSeconds.toFixed(0)} s old`}`;
      })
      .join("; ");
  }
}
