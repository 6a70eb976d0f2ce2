import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../components/core/config/finding";
import type { LockEntry } from "../../../components/core/releases";
import { type Run, runCommand } from "../../docker/command";
import { TransferError, transfer } from "../transfer";
import { type Comparison, compare } from "./compare";
import { entryOf } from "./entry";
import { type Inspection, inspectFile } from "./inspect";
import { readLock, withEntry, writeLock } from "./lock-file";
import { checkedSignature, type GivenSignature } from "./signature";

export interface PinOptions extends GivenSignature {
  url: string;
  /** Path of the release lock; begun where there is none. */
  lock: string;
  name?: string;
  version?: string;
  programs?: string[];
  /** Record it in spite of alarms: a person has looked. */
  acceptChange?: boolean;
  /** Only show. */
  dryRun?: boolean;
  run?: Run;
  onBytes?: (received: number, total: number | undefined) => void;
  pauseMs?: number;
}

export interface Pinned {
  /** Where the bytes came from in the end. */
  from: string;
  found: Inspection;
  entry: LockEntry;
  comparison: Comparison;
  lock: string;
  isNewLock: boolean;
  isRecorded: boolean;
}

/** Downloads a file, says what it is, and records it. Throws a `UserError`, with the lock as it was, for whatever must not be recorded. */
export async function pin(options: PinOptions): Promise<Pinned> {
  const { lock: path, url, run = runCommand } = options;
  const lock = readLock(path);
  const folder = await mkdtemp(join(tmpdir(), "nodewright-pin-"));
  try {
    const file = join(folder, "file");
    const from = await download(file, options);
    const found = await inspectFile(file, run);
    const signature = checkedSignature(file, options);
    const { name, version, programs } = options;
    const wishes = {
      url,
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
      ...(programs ? { programs } : {}),
      ...(signature ? { signature } : {}),
    };
    const entry = entryOf(found, wishes, lock.entries);
    const comparison = compare(lock.entries, entry);
    const isAlarmed = comparison.alarms.length > 0 && options.acceptChange !== true;
    const isRecorded = !options.dryRun && !isAlarmed && comparison.verdict !== "same";
    if (isRecorded) await writeLock(lock, withEntry(lock, entry, comparison));
    return { from, found, entry, comparison, lock: path, isNewLock: lock.isNew, isRecorded };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(to: string, { url, onBytes, pauseMs }: PinOptions): Promise<string> {
  try {
    return await transfer(url, to, {
      refuse,
      ...(onBytes ? { onBytes } : {}),
      ...(pauseMs === undefined ? {} : { pauseMs }),
    });
  } catch (cause) {
    if (!(cause instanceof TransferError)) throw cause;
    throw new UserError(`${cause.message}\nNothing was recorded`);
  }
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Nothing pins what is pinned now: the way to it must not be one that anybody can write to. */
const refuse = ({ protocol, hostname }: URL): string | undefined =>
  protocol === "https:" || protocol === "file:" || (protocol === "http:" && LOOPBACK.test(hostname))
    ? undefined
    : `${protocol.slice(0, -1)} can be changed on its way; use https, or download it by other means and give file:///PATH`;
