import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HDNodeWallet, keccak256, Wallet } from "ethers";
import { ANVIL_PHRASE, anvil } from "../bench/edge/baselines";
import { type Running, start } from "../bench/edge/process";
import { freePort } from "../support/free-port";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

const CLIENTS = 6;
const KILLS = 6;
const BETWEEN_KILLS = 40;
/** Nobody has the key; what it owns at the end is what was sent to it. */
const SINK = `0x${"5a".repeat(20)}`;

interface Sent {
  raw: string;
  hash: string;
  nonce: number;
  /** Each answer that the client had, the last of them the transaction's hash. */
  said: string[];
}

describe("a writer that is killed under load", function () {
  this.timeout(900_000);
  let folder: string;
  let chain: Running;
  let edge: WholeEdge;
  const writers: Running[] = [];
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    HDNodeWallet.fromPhrase(ANVIL_PHRASE, undefined, `m/44'/60'/0'/0/${index}`),
  );

  const record = (index: number) => join(folder, `writer-${index}`);
  const startWriter = (index: number, port: number) => {
    const program = [join(__dirname, "wrapper-program.ts"), `${port}`, `http://127.0.0.1:${chain.port}`];
    return start([process.execPath, "--require", "tsx/cjs", ...program, record(index)], port);
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-writers-"));
    chain = await anvil();
    for (const index of [0, 1]) {
      writeFileSync(record(index), "");
      writers.push(await startWriter(index, await freePort()));
    }
    edge = await new WholeEdge().start([chain], writers, { limits: { unitsPerSecond: 1_000_000 } });
    await until("reads are served", async () =>
      (await ask(edge.url, "eth_chainId", []).catch(() => "")).includes('"result"'),
    );
  });
  after(async () => {
    await edge.stop();
    for (const each of [...writers, chain]) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (url: string, method: string, params: unknown[]): Promise<string> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return (
      await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).text();
  };
  const onChain = async (method: string, ...params: unknown[]): Promise<unknown> =>
    (JSON.parse(await ask(`http://127.0.0.1:${chain.port}`, method, params)) as { result?: unknown }).result;

  /** Every transaction that a writer was sent. */
  const takenBy = (index: number): string[] =>
    readFileSync(record(index), "utf8")
      .split("\n")
      .filter((line) => line.includes("eth_sendRawTransaction"))
      .map((line) => (JSON.parse(line) as { params: [string] }).params[0]);

  /** Sends one transaction after the other; one that is told of as uncertain is sent again as it is, until it has an answer. */
  async function sendAll(key: string, isOn: () => boolean, took: (sent: Sent) => void): Promise<void> {
    const wallet = new Wallet(key);
    for (let nonce = 0; isOn(); nonce++) {
      const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: 31_337,
        to: SINK,
        value: 1n,
        nonce,
        ...fees,
      });
      const sent: Sent = { raw, hash: keccak256(raw), nonce, said: [] };
      do sent.said.push(await ask(edge.url, "eth_sendRawTransaction", [raw]));
      while (/not known whether/.test(sent.said.at(-1) ?? "") && sent.said.length < 20);
      took(sent);
    }
  }

  it("loses and doubles no transaction: each nonce is on the chain once, as its client was told, and no writer had one twice", async () => {
    const all: Sent[] = [];
    let isOn = true;
    const sending = Promise.all(
      clients.map(({ privateKey }) =>
        sendAll(
          privateKey,
          () => isOn,
          (sent) => all.push(sent),
        ),
      ),
    );
    const more = (what: string) => {
      const wanted = all.length + BETWEEN_KILLS;
      return until(`transactions go on ${what}`, () => all.length >= wanted);
    };
    try {
      await more("before a writer is killed");
      for (let kill = 0; kill < KILLS; kill++) {
        // The first is the one that is asked; every third time the other goes, of which nobody should notice anything.
        const index = kill % 3 === 2 ? 1 : 0;
        const { port } = writers[index] as Running;
        await writers[index]?.stop();
        await more(`without writer ${index}`);
        writers[index] = await startWriter(index, port);
        await more(`with writer ${index} back`);
      }
    } finally {
      isOn = false;
      await sending;
    }

    const wrong = all.filter(({ hash, said }) => !said.at(-1)?.includes(`"result":"${hash}"`));
    expect(wrong, "whose last answer is not its hash").to.deep.equal([]);
    for (const { hash, nonce } of all) {
      let receipt: { status: string } | null | undefined;
      await until(`the chain has ${hash}, nonce ${nonce}`, async () => {
        receipt = (await onChain("eth_getTransactionReceipt", hash)) as typeof receipt;
        return Boolean(receipt);
      });
      expect(receipt?.status, hash).to.equal("0x1");
    }
    const counts = await Promise.all(
      clients.map(async ({ address }) => Number(await onChain("eth_getTransactionCount", address, "latest"))),
    );
    expect(counts.reduce((sum, each) => sum + each)).to.equal(all.length);
    expect(Number(await onChain("eth_getBalance", SINK, "latest"))).to.equal(all.length);
    // Each writer took a transaction at most as often as its client sent it.
    for (const index of [0, 1]) {
      const taken = takenBy(index);
      expect(taken, `writer ${index}`).to.not.be.empty;
      for (const { raw, said } of all)
        expect(taken.filter((each) => each === raw).length, raw).to.be.at.most(said.length);
    }
  });
});
