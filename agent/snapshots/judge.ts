import type { SnapshotRecord } from "./record";
import type { SnapshotFacts } from "./snapshot-file";

/** What a snapshot is held against. What is not given is not asked. */
export interface Expected {
  /** The chain that the host follows. */
  chainId?: string;
  /** Last block of the host's block log: nodeos refuses a snapshot past it ("Block log exception"). */
  logEnd?: number;
  /** Id that the block log has for the snapshot's block. */
  idInLog?: string;
  /** Its block is to be older than this: an archive begins before the EVM genesis. */
  before?: Date;
  /** Its block is to be younger than this. */
  after?: Date;
  record?: SnapshotRecord;
  /** Of the file as it is now, where that was worth the time. */
  sha256?: string;
}

/** The formats that nodeos of this time reads: 2 to 6 Leap, up to 8 Spring. A later one is another nodeos' work. */
const NEWEST_VERSION = 8;

/** Why nodeos must not be started from this snapshot; empty if nothing speaks against it. Pure. */
export function faultsOf(facts: SnapshotFacts, expected: Expected): string[] {
  const { block, blockId, time, version, bytes, isOfChain } = facts;
  const { logEnd, idInLog, before, after, record, sha256 } = expected;
  const faults: [boolean, string][] = [
    [version > NEWEST_VERSION, `its format, ${version}, is newer than ${NEWEST_VERSION}, which nodeos knows`],
    [isOfChain === false, `it is of another chain than ${expected.chainId}`],
    [
      record !== undefined && record.bytes !== bytes,
      `it has ${bytes} bytes, and had ${record?.bytes} when it was whole`,
    ],
    [
      record !== undefined && sha256 !== undefined && record.sha256 !== sha256,
      `its hash is ${sha256}, and was ${record?.sha256} when it was whole`,
    ],
    [
      logEnd !== undefined && block > logEnd,
      `it is of block ${block}, and the block log ends with ${logEnd}: nodeos refuses that`,
    ],
    [
      idInLog !== undefined && idInLog !== blockId,
      `its block ${block} is ${blockId}, which the block log has as ${idInLog}: it was forked out`,
    ],
    [
      before !== undefined && time >= before,
      `its block is of ${time.toISOString()}, and must be older than ${before?.toISOString()}`,
    ],
    [
      after !== undefined && time < after,
      `its block is of ${time.toISOString()}, older than ${after?.toISOString()}`,
    ],
  ];
  return faults.flatMap(([isFault, words]) => (isFault ? [words] : []));
}
