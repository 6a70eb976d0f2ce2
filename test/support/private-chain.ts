import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PrivateKey } from "@wharfkit/antelope";
import { GENESIS_KEY, type RealNodeos, realNodeos } from "./real-nodeos";

const PATIENCE_MS = 240_000;
/** The machine is busy: a transaction may take what it needs, and an answer as well. */
export const UNHURRIED = [
  ...["--max-transaction-time", "5000", "--http-max-response-time-ms", "30000"],
  ...["--abi-serializer-max-time-ms", "30000", "--resource-monitor-not-shutdown-on-threshold-exceeded"],
];

/** A chain of its own on loopback, made by the nodeos of the lab's hosts alone. */
export class PrivateChain {
  readonly key = PrivateKey.from(GENESIS_KEY.private);

  private constructor(
    private readonly folder: string,
    private readonly node: RealNodeos,
    /** Of producers that the node is as well, once a schedule names them. */
    readonly producers: Readonly<Record<string, PrivateKey>>,
  ) {}

  /** `producers`: names of those that it shall be as well, each with its own key. Undefined where there is no nodeos. */
  static async start(...producers: string[]): Promise<PrivateChain | undefined> {
    const start = await realNodeos();
    if (!start) return undefined;
    const keys = Object.fromEntries(producers.map((name) => [name, PrivateKey.generate("K1")]));
    const folder = mkdtempSync(join(tmpdir(), "nodewright-nodeos-"));
    mkdirSync(join(folder, "chain"));
    const lines = Object.entries(keys).flatMap(([name, key]) => [
      `producer-name = ${name}`,
      `signature-provider = ${key.toPublic()}=KEY:${key.toWif()}`,
    ]);
    writeFileSync(join(folder, "chain", "config.ini"), `${lines.join("\n")}\n`);
    const node = await start({ folder: join(folder, "chain"), produces: true, words: UNHURRIED });
    const chain = new PrivateChain(folder, node, keys);
    await chain.produces();
    return chain;
  }

  /** For peers. */
  get p2p(): string {
    return this.node.p2p;
  }

  get endpoint(): string {
    return this.node.url;
  }

  /** Waits until it makes blocks: the first take their time. */
  private async produces(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const answer = await fetch(`${this.endpoint}/v1/chain/get_info`, { method: "POST" });
      const { head_block_num } = (await answer.json()) as { head_block_num: number };
      if (head_block_num > 2) return;
      await pause(250);
    }
    throw new Error(`nodeos makes no block within ${PATIENCE_MS / 1000} s`);
  }

  async stop(): Promise<void> {
    await this.node.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
