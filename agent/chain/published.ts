import { z } from "zod";
import { SNAPSHOT_SETTINGS } from "../../components/core/services/nodeos-files";
import { readText } from "../disk";
import { PROGRAMS } from "../layout";
import { type LocalSnapshot, localSnapshots } from "../snapshots/local";
import { HostError, type System } from "../system";
import type { ChainFacts } from "./ladder";
import { BLOCKS, HISTORY, REVERSIBLE } from "./layout";
import { readRecovery, withEnd, writeRecovery } from "./record";
import type { ChainSettings } from "./settings";
import { auditRecovery } from "./trail";

const schema = z.looseObject({ from: z.unknown().optional() });

/** Whether the plan gives this host a place to fetch a snapshot from. */
export async function knowsMirror(system: System): Promise<boolean> {
  const text = await readText(system, SNAPSHOT_SETTINGS);
  return text !== undefined && schema.parse(JSON.parse(text)).from !== undefined;
}

/**
 * Fetches a snapshot of the mirror and answers with the arguments to start from it. Where the block log does not reach it,
 * the log begins anew; so does a state history that ends before it. Throws HostError, and ends the try, where there is none.
 */
export async function published(
  system: System,
  { chainId, state }: Pick<ChainSettings, "chainId" | "state">,
  { log, ship }: ChainFacts,
  aside: (paths: string[]) => Promise<void>,
): Promise<string[]> {
  const { code, stderr } = await system.run([`${PROGRAMS}/nodewright-host`, "snapshots", "fetch"]);
  const found = code === 0 ? await fetched(system, chainId) : undefined;
  if (!found?.facts || found.faults.length > 0) {
    const why = stderr.trim() || found?.faults.join("; ") || "none is there";
    const reason = `no snapshot could be fetched: ${why}`;
    const record = await readRecovery(system);
    await writeRecovery(system, withEnd(record, { result: "failed", reason }));
    await auditRecovery(system, reason, { result: "failed" });
    throw new HostError(reason);
  }
  const { block } = found.facts;
  const reaches = log !== undefined && log.last >= block && log.first <= block + 1;
  const keepsHistory = reaches && ship !== undefined && ship.last >= block;
  await aside([state, ...(reaches ? [REVERSIBLE] : [BLOCKS]), ...(keepsHistory ? [] : [HISTORY])]);
  return ["--snapshot", found.path];
}

/** The newest that came from a mirror: others on the host have had their turn. */
async function fetched(system: System, chainId: string | undefined): Promise<LocalSnapshot | undefined> {
  const choice = { logEnd: Number.MAX_SAFE_INTEGER, ...(chainId === undefined ? {} : { chainId }) };
  return (await localSnapshots(system, choice)).find(({ record }) => record?.origin === "fetched");
}
