import { z } from "zod";
import { bringUp } from "../../components/chain/bring-up";
import type { NodeApi } from "../../components/chain/node-api";
import { push } from "../../components/chain/transaction";
import { chainSchema } from "../../components/core/config/chain";
import { SampleChain } from "../components/chain/sample-chain";
import { PrivateChain } from "../support/private-chain";
import type { BenchResult } from "./main";

const LINES = 10_000;
const BATCH = 100;
/** Accounts that a transaction of the set-up makes. */
const MADE_AT_ONCE = 100;
/** CPU of a block (nativeGenesis, max_block_cpu_usage), and blocks a second. */
const BLOCK_MICROSECONDS = 200_000;
const BLOCKS_A_SECOND = 2;

const LETTERS = "abcdefghij";
const holder = (index: number): string =>
  `holder${[...String(index).padStart(6, "0")].map((digit) => LETTERS[Number(digit)]).join("")}`;

const accountOf = (name: string, key: string) => {
  const authority = { threshold: 1, keys: [{ key, weight: 1 }], accounts: [], waits: [] };
  const data = { creator: "eosio", name, owner: authority, active: authority };
  return { account: "eosio", name: "newaccount", actor: "eosio", data };
};

/** Small amounts, all but alike. */
const unitsOf = (index: number): number => (index % 999) + 1;
const amount = (units: number): string =>
  `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, "0")} EOS`;

interface Distributed {
  lines: number;
  /** Lines a transaction. */
  batch: number;
  transactions: number;
  /** From the first look at the file until every transfer is irreversible and was read back. */
  seconds: number;
  linesPerSecond: number;
  /** What the node billed for a line, microseconds of CPU; and what its blocks could hold at that. */
  billedPerLine: number;
  chainLimit: number;
}

const answered = z.object({
  processed: z.object({ receipt: z.object({ cpu_usage_us: z.number() }) }),
});

/** A node whose bills are added up. */
function billed(node: NodeApi): { node: NodeApi; microseconds(): number } {
  let sum = 0;
  const chain: NodeApi["chain"] = async (call, body) => {
    const answer = await node.chain(call, body);
    if (call === "send_transaction") sum += answered.parse(answer).processed.receipt.cpu_usage_us;
    return answer;
  };
  return { node: { ...node, chain }, microseconds: () => sum };
}

/** `npm run bench -- bootstrap`: a distribution of 10,000 lines, with the chain's own limit beside it. */
export async function benchBootstrap(progress: (line: string) => void): Promise<BenchResult<Distributed>> {
  const chain = await PrivateChain.start();
  if (!chain) throw new Error("nodeos cannot be unpacked here");
  const sample = await SampleChain.on(chain);
  try {
    const base = sample.section({ evm: undefined, schedule: [], distribution: undefined });
    progress("features, accounts, token");
    await sample.up(base);
    const names = await holders(sample, progress);
    const lines = names.map((name, index) => `${name},${amount(unitsOf(index))}`);
    const total = amount(names.reduce((sum, _, index) => sum + unitsOf(index), 0));
    const distribution = sample.distribution(lines, total, BATCH);
    progress(`${LINES} lines, ${total}`);
    const begun = performance.now();
    const work = await sample.work(chainSchema.parse({ ...base, distribution }));
    const counted = billed(work.node);
    const { transactions } = await bringUp({ ...work, node: counted.node });
    return resultOf((performance.now() - begun) / 1000, transactions.length, counted.microseconds());
  } finally {
    await chain.stop();
    sample.remove();
  }
}

async function holders(sample: SampleChain, progress: (line: string) => void): Promise<string[]> {
  const work = await sample.work(sample.section());
  const names = Array.from({ length: LINES }, (_, index) => holder(index));
  const key = String(sample.operator.toPublic());
  for (let from = 0; from < LINES; from += MADE_AT_ONCE) {
    const group = names.slice(from, from + MADE_AT_ONCE);
    await push(
      work,
      group.map((name) => accountOf(name, key)),
    );
    if (from % 2_000 === 0) progress(`${from + group.length} of ${LINES} accounts`);
  }
  return names;
}

function resultOf(seconds: number, transactions: number, microseconds: number): BenchResult<Distributed> {
  const billedPerLine = microseconds / LINES;
  const json = {
    lines: LINES,
    batch: BATCH,
    transactions,
    seconds,
    linesPerSecond: LINES / seconds,
    billedPerLine,
    chainLimit: (BLOCK_MICROSECONDS * BLOCKS_A_SECOND) / billedPerLine,
  };
  return {
    json,
    text: [
      `${LINES} lines in ${transactions} transactions: ${seconds.toFixed(1)} s, irreversible and read back`,
      `${json.linesPerSecond.toFixed(0)} lines a second; the chain's own limit, at ${billedPerLine.toFixed(0)} µs that it bills a line: ${json.chainLimit.toFixed(0)}`,
    ],
  };
}
