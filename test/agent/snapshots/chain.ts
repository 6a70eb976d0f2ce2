import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { BLOCK_LOG, SHIP_LOG, SNAPSHOTS } from "../../../agent/snapshots/layout";
import { machine, type System } from "../../../agent/system";

/** Files of a private chain that nodeos 4.1.0-dev wrote: its logs from block 1 to 159, snapshots at 104 and 113. */
const DATA = join(__dirname, "data");
const unpacked = (name: string): Buffer => gunzipSync(readFileSync(join(DATA, `${name}.gz`)));

export const CHAIN_ID = "905e3443a1d803875d4061959a298314fa54c580c3b5676e2fbc4966dfbc26d9";
export const OLDER = `${SNAPSHOTS}/snapshot-000000680e5ca1d1fd15a29aa7469d5ee32f06aa4687f3ffb772731e7f3138d8.bin`;
export const NEWER = `${SNAPSHOTS}/snapshot-00000071bbf3598b18db70207c46a6b1646c555643446258568d5c9a9a2913b5.bin`;

/** What the agent is told of a nodeos with state history that does not produce; its disk is never too full. */
export const SETTINGS_WITH_SHIP = {
  http: "http://127.0.0.1:8888",
  control: "http://127.0.0.1:8890",
  chainId: CHAIN_ID,
  ship: true,
  keepsHistory: false,
  producesAlone: false,
  diskThreshold: 100,
};

/** The head of chainbase's file. */
export function database(isDirty: boolean): Buffer {
  const head = Buffer.alloc(4096);
  head.write("EOSIODB2", "latin1");
  head[8] = Number(isDirty);
  return head;
}

/** A host's folder with that chain in it. */
export class ChainHost {
  readonly root = mkdtempSync(join(tmpdir(), "nodewright-chain-"));
  readonly system: System = machine(this.root);

  constructor() {
    this.write(OLDER, unpacked("snapshot-00000068.bin"));
    this.write(NEWER, unpacked("snapshot-00000071.bin"));
    this.write(BLOCK_LOG, unpacked("blocks.log"));
    this.write(BLOCK_LOG.replace(".log", ".index"), unpacked("blocks.index"));
    this.write(SHIP_LOG, unpacked("trace_history.log"));
    this.write(SHIP_LOG.replace(".log", ".index"), unpacked("trace_history.index"));
  }

  read = (path: string): Buffer => readFileSync(join(this.root, path));
  write(path: string, content: Buffer | string): void {
    mkdirSync(join(this.root, dirname(path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }
  erase = (path: string): void => rmSync(join(this.root, path), { recursive: true, force: true });
  remove = (): void => rmSync(this.root, { recursive: true, force: true });
}
