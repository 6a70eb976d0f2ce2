import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { evmHeight, type NativeBlock, type Origin } from "./native-chain";

/** A database that cannot be read: the words are those of the real program's library. */
export class DamagedError extends Error {
  constructor(what: string) {
    super(`mdbx::exception: MDBX_CORRUPTED: ${what}`);
  }
}

type Line = ["B", num: number, id: string, previous: string, time: number] | ["L", num: number];

/** Blocks in memory, a day and some; and in the file after a start. */
const MOST = 200_000;

/**
 * The native blocks behind the EVM chain, in a file that is only added to: eos-evm-node writes it, eos-evm-rpc reads along.
 * After a fork the later line of a number counts.
 */
export class NativeLog {
  private blocks: NativeBlock[] = [];
  private read = 0;
  private rest = "";
  private inode = 0;
  /** Number of the last irreversible block, undefined before the first. */
  lib: number | undefined;

  private constructor(private readonly file: string) {}

  /** For the one that writes. Half a line, left by a kill, is cut off; any other damage throws `DamagedError`. */
  static write(file: string): NativeLog {
    const log = new NativeLog(file);
    if (!existsSync(file)) writeFileSync(file, "");
    log.refresh();
    const lines: Line[] = log.blocks.map(({ num, id, previous, time }) => ["B", num, id, previous, time]);
    if (log.lib !== undefined) lines.push(["L", log.lib]);
    writeFileSync(`${file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    renameSync(`${file}.new`, file);
    return log;
  }

  /** For those that only look; it may not be there yet. */
  static follow = (file: string): NativeLog => new NativeLog(file);

  get all(): readonly NativeBlock[] {
    return this.blocks;
  }

  /** Whether the chain has a block of this number, and this id. */
  has(num: number, id?: string): boolean {
    const first = this.blocks[0]?.num ?? 0;
    const block = this.blocks[num - first];
    return block?.num === num && (id === undefined || block.id === id);
  }

  add(block: NativeBlock): void {
    this.put(block);
    this.append(["B", block.num, block.id, block.previous, block.time]);
  }

  settle(lib: number): void {
    if (lib <= (this.lib ?? 0)) return;
    this.lib = lib;
    this.append(["L", lib]);
  }

  /** The last native block of each EVM block is its `mixHash`; of an empty one, the last before it. */
  nativeOf(origin: Origin, height: number): string | undefined {
    const block = this.blocks.findLast(({ time }) => evmHeight(origin, time) <= height);
    return block?.id;
  }

  /** Reads what was added since. A file that was written anew, at a start, is read from its beginning. */
  refresh(): void {
    if (!existsSync(this.file)) return;
    const handle = openSync(this.file, "r");
    try {
      const { size, ino } = fstatSync(handle);
      if (ino !== this.inode) this.forget();
      this.inode = ino;
      const bytes = Buffer.alloc(size - this.read);
      readSync(handle, bytes, 0, bytes.length, this.read);
      this.read = size;
      const lines = `${this.rest}${bytes}`.split("\n");
      this.rest = lines.pop() ?? "";
      for (const line of lines) this.take(line);
    } finally {
      closeSync(handle);
    }
  }

  private forget(): void {
    this.blocks = [];
    this.read = 0;
    this.rest = "";
  }

  private take(text: string): void {
    const line = parse(text);
    if (line[0] === "L") this.lib = line[1];
    else this.put({ num: line[1], id: line[2], previous: line[3], time: line[4] });
  }

  private put(block: NativeBlock): void {
    while ((this.blocks.at(-1)?.num ?? -1) >= block.num) this.blocks.pop();
    this.blocks.push(block);
    if (this.blocks.length > MOST) this.blocks = this.blocks.slice(-MOST / 2);
  }

  private append(line: Line): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function parse(text: string): Line {
  try {
    const line = JSON.parse(text) as Line;
    if (Array.isArray(line) && (line[0] === "B" || line[0] === "L")) return line;
  } catch {}
  throw new DamagedError("a page is no page");
}
