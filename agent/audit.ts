import { appendFile, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { LOG_READERS } from "../components/core/services/log-lines";
import { idsOf } from "./accounts";
import { CHAIN_AUDIT } from "./chain/layout";
import { readText } from "./disk";
import { EVM_AUDIT } from "./evm/layout";
import { FAILOVER_AUDIT } from "./failover/layout";
import { AUDIT } from "./layout";
import type { System } from "./system";

/** Who asked for a run: the first boot, a later document, or an operator who takes the host back. */
export const originSchema = z.enum(["birth", "change", "rollback"]);
export type Origin = z.infer<typeof originSchema>;

const recordSchema = z.object({
  time: z.string(),
  /** `change`: is about to be made. `failed`: was not. `provision`: a run has ended. `recovery`: a service mended itself. */
  action: z.enum([
    "change",
    "failed",
    "provision",
    "refused",
    "secret",
    "recovery",
    "snapshot",
    "backup",
    "failover",
  ]),
  origin: originSchema.exactOptional(),
  /** Login that used sudo. */
  by: z.string().exactOptional(),
  step: z.string().exactOptional(),
  /** Names and paths: never content or a secret. */
  what: z.string(),
  /** Bundles: before the run, and that of the run. */
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  /** sha256 of the file, unit or artifact. */
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
  result: z.enum(["ok", "failed"]).exactOptional(),
  changed: z.number().exactOptional(),
  seconds: z.number().exactOptional(),
});

export type AuditRecord = z.infer<typeof recordSchema>;

/**
 * Adds a record to the trail. It is on disk before the change that it tells is made: a run that is killed leaves one record
 * too many rather than one too few.
 */
export async function audit(
  system: System,
  entry: Omit<AuditRecord, "time" | "by">,
  trail = AUDIT,
): Promise<void> {
  const path = system.path(trail);
  const by = process.env.SUDO_USER;
  const time = system.now().toISOString();
  const line = `${JSON.stringify({ time, ...entry, ...(by ? { by } : {}) })}\n`;
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await appendFile(path, (await endsInLine(system, trail)) ? line : `\n${line}`, {
    mode: 0o640,
    flush: true,
  });
}

/**
 * Makes the trail what whoever ships it may read, and no one else. Answers false where a power cut left half a record,
 * which must not spoil the next.
 */
async function endsInLine(system: System, trail: string): Promise<boolean> {
  const file = await open(system.path(trail), "a+", 0o640);
  try {
    const { size, gid, uid } = await file.stat();
    // A service's own trail stays its own: its user may not give it to a group.
    const readers = trail === AUDIT ? await idsOf(system, { group: LOG_READERS }) : undefined;
    if (readers && gid !== readers.gid) await file.chown(uid, readers.gid);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return size === 0 || buffer.toString() === "\n";
  } finally {
    await file.close();
  }
}

/** Trails of services that mend themselves as their own users, who cannot write root's. */
const TRAILS = [AUDIT, CHAIN_AUDIT, EVM_AUDIT, FAILOVER_AUDIT];

/** The whole trail, oldest first. Half a record, from a power cut, is left out. */
export async function readAudit(system: System): Promise<AuditRecord[]> {
  const all = await Promise.all(TRAILS.map((trail) => readTrail(system, trail)));
  return all.flat().sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
}

async function readTrail(system: System, trail: string): Promise<AuditRecord[]> {
  const lines = ((await readText(system, trail)) ?? "").split("\n");
  return lines.flatMap((line) => {
    const parsed = line === "" ? undefined : recordSchema.safeParse(parseJson(line));
    return parsed?.success ? [parsed.data] : [];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Says the same to the system's journal, a line each, so that it leaves the host with the logs. Never fails a run. */
export async function log(system: System, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const text = lines.map((line) => line.replaceAll("\n", " ")).join("\n");
  await system.run(["logger", "-t", "nodewright-host", "-p", "daemon.notice"], Buffer.from(`${text}\n`));
}

const short = (hash: string | undefined): string => hash?.slice(0, 12) ?? "none";

/** One record in one line, for people and logs. */
export function auditText(record: Omit<AuditRecord, "time">): string {
  const { action, origin, by, step, what, from, to, before, after, result } = record;
  const content = (before ?? after) ? ` ${short(before)} → ${short(after)}` : "";
  const bundles = to === undefined ? "" : `, bundle ${short(from)} → ${short(to)}`;
  const asked = [origin, by && `by ${by}`].filter(Boolean).join(" ");
  const about = `${asked ? ` (${asked}${bundles})` : ""}`;
  return `${action} ${[step, what].filter(Boolean).join(" ")}${content}${result ? ` ${result}` : ""}${about}`;
}
