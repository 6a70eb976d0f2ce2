import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { BLOCK_LOG_KIND, HISTORY_LOG_KIND, mendLog } from "../../../agent/chain/log-repair";
import { machine } from "../../../agent/system";

/** A log as nodeos writes it, of blocks of these sizes; the first is block 1. */
function blockLog(sizes: readonly number[]) {
  const head = Buffer.concat([
    Buffer.from([3, 0, 0, 0, 1, 0, 0, 0]),
    Buffer.alloc(120, 7),
    Buffer.alloc(8, 0xff),
  ]);
  return logOf(head, sizes, (body, at) => body.writeUInt32BE(at, 14));
}

function historyLog(sizes: readonly number[]) {
  return logOf(Buffer.alloc(0), sizes, (body, at) => {
    Buffer.from([0, 0, 0, 0, 0, 0x50, 0x5d, 0xc3]).copy(body);
    body.writeUInt32BE(at + 2, 8);
    body.writeBigUInt64LE(BigInt(body.length - 48), 40);
  });
}

function logOf(head: Buffer, sizes: readonly number[], number: (body: Buffer, at: number) => void) {
  const positions: number[] = [];
  const parts = [head];
  let position = head.length;
  for (const [at, size] of sizes.entries()) {
    const body = Buffer.alloc(60 + size, at % 251);
    number(body, at);
    positions.push(position);
    const mark = Buffer.alloc(8);
    mark.writeBigUInt64LE(BigInt(position));
    parts.push(body, mark);
    position += body.length + 8;
  }
  const index = Buffer.alloc(positions.length * 8);
  for (const [at, each] of positions.entries()) index.writeBigUInt64LE(BigInt(each), at * 8);
  return { log: Buffer.concat(parts), index, positions };
}

const KINDS = [
  ["blocks", BLOCK_LOG_KIND, blockLog],
  ["trace_history", HISTORY_LOG_KIND, historyLog],
] as const;

describe("mending a log of nodeos", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-repair-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [name, kind, make] of KINDS) {
    const put = (made: ReturnType<typeof make>, index?: Buffer) => {
      writeFileSync(join(folder, `${name}.log`), made.log);
      rmSync(join(folder, `${name}.index`), { force: true });
      if (index) writeFileSync(join(folder, `${name}.index`), index);
    };
    const mend = () => mendLog(machine(folder), `/${name}.log`, kind);
    const content = (suffix: string) => readFileSync(join(folder, `${name}.${suffix}`));

    it(`${name}: whatever is cut from its end, and from its index, the whole entries before it stay`, async () => {
      const sizes = fc.array(fc.nat(200), { minLength: 2, maxLength: 12 });
      const damage = fc.record({ log: fc.nat(400), index: fc.option(fc.nat(40)) });
      await fc.assert(
        fc.asyncProperty(sizes, damage, async (given, cut) => {
          const made = make(given);
          put(
            made,
            cut.index === null
              ? undefined
              : made.index.subarray(0, Math.max(0, made.index.length - cut.index)),
          );
          const size = Math.max(made.positions[1] ?? 0, made.log.length - cut.log);
          truncateSync(join(folder, `${name}.log`), size);
          await mend();
          const ends = [...made.positions.slice(1), made.log.length];
          const whole = ends.filter((end) => end <= size).length;
          expect(content("log").equals(made.log.subarray(0, ends[whole - 1]))).to.equal(true);
          expect(content("index").equals(made.index.subarray(0, whole * 8))).to.equal(true);
        }),
        { numRuns: 200, seed: 7 },
      );
    });

    it(`${name}: one that is whole is not touched`, async () => {
      const made = make([10, 20, 30]);
      put(made, made.index);
      expect(await mend()).to.deep.equal({ cut: 0, reindexed: false });
    });

    it(`${name}: one whose first entry is not whole is left as it is, and said to be beyond it`, async () => {
      const made = make([300, 20]);
      put(made, made.index);
      truncateSync(join(folder, `${name}.log`), (made.positions[0] ?? 0) + 100);
      expect(await mend()).to.have.property("beyond", "its first entry is not whole");
      expect(content("log").length).to.equal((made.positions[0] ?? 0) + 100);
    });
  }

  it("has nothing to say of a log that is not there", async () => {
    expect(await mendLog(machine(folder), "/blocks.log", BLOCK_LOG_KIND)).to.equal(undefined);
  });
});
