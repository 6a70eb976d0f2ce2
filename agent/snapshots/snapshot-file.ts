import { type FileHandle, open } from "node:fs/promises";
import type { System } from "../system";
import { contentOf, type Section, SnapshotError, sectionsOf } from "./sections";
import { timeOfSlot } from "./slot";

/** What a snapshot's own bytes tell. */
export interface SnapshotFacts {
  /** Of the format: 6 in Leap 3 to 5, 7 and 8 in Spring. */
  version: number;
  block: number;
  /** 64 hexadecimal digits. */
  blockId: string;
  /** Of that block, UTC. */
  time: Date;
  bytes: number;
  /** Whether it is of the chain that was asked for; undefined where none was. */
  isOfChain?: boolean;
}

const ID_BYTES = 32;
/** Of a block header, before the id of the block before it: timestamp, producer, confirmed. */
const BEFORE_PREVIOUS = 4 + 8 + 2;
/** The section of the head block holds a schedule and some sums: kilobytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Reads a snapshot from its first to its last section, but none of the tables. Throws SnapshotError. */
export async function readSnapshot(system: System, path: string, chainId?: string): Promise<SnapshotFacts> {
  const file = await open(system.path(path), "r");
  try {
    const sections = await sectionsOf(file);
    const version = (await contentNamed(file, sections, "chain_snapshot_header")).readUInt32LE(0);
    const head = headOf(await contentNamed(file, sections, "block_state"));
    const { size: bytes } = await file.stat();
    return {
      version,
      ...head,
      bytes,
      ...(chainId === undefined ? {} : { isOfChain: await isOf(file, sections, chainId) }),
    };
  } finally {
    await file.close();
  }
}

async function contentNamed(file: FileHandle, sections: readonly Section[], name: string): Promise<Buffer> {
  const section = sections.find((each) => each.name === `eosio::chain::${name}`);
  if (!section || section.bytes < 4) throw new SnapshotError(`has no part ${name}: nodeos did not write it`);
  return contentOf(file, section, MOST_BYTES);
}

/**
 * The head block's id and header lie in the section one after the other, after parts whose size differs by version. An id
 * begins with its block's number, and the header holds the id of the block before: that is how they are found.
 */
function headOf(state: Buffer): Pick<SnapshotFacts, "block" | "blockId" | "time"> {
  for (let at = 0; at + 2 * ID_BYTES + BEFORE_PREVIOUS <= state.length; at += 1) {
    const block = state.readUInt32BE(at);
    if (block < 2 || state.readUInt32BE(at + ID_BYTES + BEFORE_PREVIOUS) !== block - 1) continue;
    return {
      block,
      blockId: state.toString("hex", at, at + ID_BYTES),
      time: timeOfSlot(state.readUInt32LE(at + ID_BYTES)),
    };
  }
  throw new SnapshotError("does not tell its block");
}

/** The chain's id is kept among the chain's settings, behind lists of any length. */
async function isOf(file: FileHandle, sections: readonly Section[], chainId: string): Promise<boolean> {
  const settings = await contentNamed(file, sections, "global_property_object");
  return settings.includes(Buffer.from(chainId, "hex"));
}
