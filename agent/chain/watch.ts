import { rmdir } from "node:fs/promises";
import { z } from "zod";
import { STATE_IN_MEMORY } from "../../components/core/services/nodeos-files";
import { post } from "../loopback";
import type { System } from "../system";
import { clearAside } from "./aside";
import { noted, type RecoveryRecord, readRecovery, underWay, writeRecovery } from "./record";
import { type ChainSettings, readSettings } from "./settings";
import { auditRecovery } from "./trail";

const POLL_MS = 500;
/** Without a peer for so long a producer that was born alone is alone. */
const LONELY_MS = 15_000;

const info = z.looseObject({ head_block_num: z.number() });
const peers = z.array(
  z.looseObject({
    connecting: z.boolean(),
    last_handshake: z.looseObject({ head_num: z.number() }).exactOptional(),
  }),
);

/**
 * Runs beside nodeos until its chain goes on: notes that it answered, ends a recovery, lets a producer that was held back
 * produce, and then removes what the recovery replaced. Ended with nodeos.
 */
export async function watchChain(system: System, say: (line: string) => void): Promise<void> {
  const settings = await readSettings(system);
  const before = await readRecovery(system);
  const least = underWay(before)?.block ?? 0;
  const first = await headFrom(system, settings, least);
  const record = await answered(system, first, say);
  if (underWay(before) && settings.producesAlone) await release(system, settings, say);
  const goal = Math.max(first, record.highest);
  const head = await headFrom(system, settings, goal + 1);
  await goneOn(system, head, settings);
}

async function headFrom(system: System, settings: ChainSettings, least: number): Promise<number> {
  for (;;) {
    const answer = info.safeParse(
      await post(`${settings.http}/v1/chain/get_info`, {}).catch(() => undefined),
    );
    if (answer.success && answer.data.head_block_num >= least) return answer.data.head_block_num;
    await system.sleep(POLL_MS);
  }
}

/** nodeos serves its chain: a start that looked clean was, and a try has succeeded. */
async function answered(system: System, head: number, say: (line: string) => void): Promise<RecoveryRecord> {
  const { stopped: _, ...record } = await readRecovery(system);
  const open = underWay(record);
  const calm = { ...record, plain: false, plainFailures: 0, crashes: 0 };
  if (!open) {
    await writeRecovery(system, calm);
    return calm;
  }
  const seconds = (system.now().getTime() - Date.parse(open.begun)) / 1000;
  const last = { ...open, result: "ok" as const, seconds, cause: record.cause ?? "", head };
  const line = `recovered by ${open.rung} in ${seconds.toFixed(1)} s, head ${head}`;
  say(line);
  const next = noted({ ...calm, last, tries: [...record.tries.slice(0, -1), last] }, system.now(), line);
  await writeRecovery(system, next);
  await auditRecovery(system, line, { result: "ok", seconds });
  return next;
}

/** The chain has blocks that it never had before: what was replaced is not needed any more. */
async function goneOn(system: System, head: number, { state }: ChainSettings): Promise<void> {
  await clearAside(system);
  if (state !== STATE_IN_MEMORY) await rmdir(system.path(STATE_IN_MEMORY)).catch(() => {});
  const record = await readRecovery(system);
  await writeRecovery(system, { ...record, tries: [], withoutProgress: 0, highest: head });
}

/**
 * A producer of a chain of its own does not wait for others' blocks. After a recovery its chain may be behind theirs: it
 * produces again once no peer knows more than it does.
 */
async function release(system: System, settings: ChainSettings, say: (line: string) => void): Promise<void> {
  const begun = system.now().getTime();
  for (;;) {
    const isAlone = system.now().getTime() - begun > LONELY_MS;
    const answer = peers.safeParse(
      await post(`${settings.control}/v1/net/connections`, {}).catch(() => undefined),
    );
    const open = (answer.data ?? []).filter(({ connecting, last_handshake: hand }) => !connecting && hand);
    const ahead = Math.max(0, ...open.map(({ last_handshake: hand }) => hand?.head_num ?? 0));
    const known = open.some(({ last_handshake: hand }) => (hand?.head_num ?? 0) > 0);
    if ((known || isAlone) && (await headFrom(system, settings, 0)) >= ahead) break;
    await system.sleep(POLL_MS);
  }
  await post(`${settings.control}/v1/producer/resume`, {});
  const line = "no peer knows a newer block: production goes on";
  say(line);
  await writeRecovery(system, noted(await readRecovery(system), system.now(), line));
  await auditRecovery(system, line);
}
