import { expect } from "chai";
import { HDNodeWallet } from "ethers";
import { METHODS } from "../../components/core/edge/methods";
import { ANVIL_PHRASE, anvil } from "../bench/edge/baselines";
import type { Running } from "../bench/edge/process";
import { until } from "./until";
import { WholeEdge } from "./whole-edge";

/**
 * Constructor and contract in one: the code that is kept logs its caller's word under a topic, and gives it back; sent more
 * than a word it reverts with all of it.
 */
const CONTRACT = `0x${[
  "6024600c60003960246000f3",
  "60203611601957", // More than a word: to the end.
  "600035600052600160206000a160206000f3",
  "5b366000600037366000fd",
].join("")}`;
const WORD = `0x${"ff".repeat(31)}fe`;

/** Blocks come every second: what was asked in between two of them says nothing. */
const TURNS = 20;

const call = (method: string, params: unknown[], id: unknown = 1) => ({ jsonrpc: "2.0", id, method, params });

describe("a real node, asked directly and through the edge", function () {
  this.timeout(300_000);
  let node: Running;
  let edge: WholeEdge;
  const wallet = HDNodeWallet.fromPhrase(ANVIL_PHRASE);
  let direct: string;
  let known: { address: string; hash: string; block: string; blockHash: string; raw: string };

  const ask = async (url: string, body: string): Promise<string> =>
    (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).text();
  const result = async (method: string, ...params: unknown[]): Promise<Record<string, string>> =>
    (
      JSON.parse(await ask(direct, JSON.stringify(call(method, params)))) as {
        result: Record<string, string>;
      }
    ).result;

  /** Puts a transaction on the chain, and answers its receipt once it is in a block. */
  async function sent(transaction: { to?: string; data: string }) {
    const nonce = Number(await result("eth_getTransactionCount", wallet.address, "latest"));
    const fees = { gasLimit: 500_000, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
    const raw = await wallet.signTransaction({ ...transaction, ...fees, nonce, chainId: 31_337, type: 2 });
    const hash = String(await result("eth_sendRawTransaction", raw));
    let receipt: Record<string, string> | null = null;
    await until("it is in a block", async () => {
      receipt = await result("eth_getTransactionReceipt", hash);
      return receipt !== null;
    });
    const found = receipt as unknown as Record<"contractAddress" | "blockNumber" | "blockHash", string>;
    return { raw, hash, ...found };
  }

  before(async () => {
    node = await anvil();
    direct = `http://127.0.0.1:${node.port}`;
    edge = await new WholeEdge().start([node], [node], { limits: { unitsPerSecond: 1_000_000 } });
    const { contractAddress: address } = await sent({ data: CONTRACT });
    const { hash, raw, blockNumber, blockHash } = await sent({ to: address, data: WORD });
    known = { address, hash, raw, block: blockNumber, blockHash };
    await until("reads are served", async () =>
      (await ask(edge.url, JSON.stringify(call("eth_chainId", []))).catch(() => "")).includes('"result"'),
    );
  });
  after(async () => {
    await edge.stop();
    await node.stop();
  });

  /** What is asked of each method: what it answers, and what it refuses. */
  const questions = (): Record<string, unknown[][]> => {
    const { address, hash, block, blockHash, raw } = known;
    const request = { from: wallet.address, to: address, data: WORD };
    const reverts = { to: address, data: `${WORD}${"ab".repeat(40)}` };
    const filter = { fromBlock: block, toBlock: block, address };
    const at = [block, "0x0"];
    return {
      eth_blockNumber: [[]],
      eth_chainId: [[]],
      eth_getBalance: [[wallet.address, block], ["0x1"], []],
      eth_getCode: [
        [address, block],
        [wallet.address, "latest"],
      ],
      eth_getStorageAt: [[address, "0x0", block]],
      eth_getTransactionCount: [
        [wallet.address, block],
        [wallet.address, { blockHash }],
        [wallet.address, "0xffffffff"],
      ],
      eth_getTransactionByHash: [[hash], [`0x${"00".repeat(32)}`], ["0x1"]],
      eth_getTransactionByBlockHashAndIndex: [
        [blockHash, "0x0"],
        [blockHash, "0x9"],
      ],
      eth_getTransactionByBlockNumberAndIndex: [at],
      eth_getTransactionReceipt: [[hash], [`0x${"00".repeat(32)}`]],
      eth_getBlockTransactionCountByHash: [[blockHash]],
      eth_getBlockTransactionCountByNumber: [[block]],
      eth_getUncleCountByBlockHash: [[blockHash]],
      eth_getUncleCountByBlockNumber: [[block]],
      eth_getBlockByHash: [
        [blockHash, false],
        [blockHash, true],
      ],
      eth_getBlockByNumber: [
        [block, true],
        ["latest", false],
        ["0xffffffff", false],
        ["nonsense", false],
      ],
      net_version: [[]],
      eth_protocolVersion: [[]],
      eth_getUncleByBlockHashAndIndex: [[blockHash, "0x0"]],
      eth_getUncleByBlockNumberAndIndex: [at],
      eth_getRawTransactionByHash: [[hash]],
      eth_getRawTransactionByBlockHashAndIndex: [[blockHash, "0x0"]],
      eth_getRawTransactionByBlockNumberAndIndex: [at],
      net_listening: [[]],
      net_peerCount: [[]],
      web3_sha3: [["0x00"], ["nothing"]],
      eth_call: [
        [request, block],
        [reverts, block],
        [{ to: address, data: `0x${"ab".repeat(9_000)}` }, block],
        [{}],
      ],
      eth_estimateGas: [
        [request, block],
        [reverts, block],
      ],
      eth_createAccessList: [[request, block]],
      eth_getBlockReceipts: [[block]],
      eth_callBundle: [[{}]],
      eth_getLogs: [[filter], [{ blockHash }], [{ ...filter, topics: [[`0x${"00".repeat(31)}01`]] }]],
      eth_simulateV1: [[{ blockStateCalls: [{ calls: [request] }] }, block]],
      eth_getProof: [[address, ["0x0"], block]],
      trace_call: [[request, ["trace"], block]],
      trace_callMany: [[[[request, ["trace"]]], block]],
      trace_rawTransaction: [[raw, ["trace"]]],
      trace_replayBlockTransactions: [[block, ["trace"]]],
      trace_replayTransaction: [[hash, ["trace"]]],
      trace_block: [[block]],
      trace_filter: [[{ fromBlock: block, toBlock: block }]],
      trace_get: [[hash, ["0x0"]]],
      trace_transaction: [[hash]],
      eth_gasPrice: [[]],
      eth_maxPriorityFeePerGas: [[]],
      // What a writer takes it takes once: here is what it refuses. What is no hex at all the edge itself does.
      eth_sendRawTransaction: [["0x00"], [`${raw.slice(0, -2)}00`]],
      eth_syncing: [[]],
      eth_feeHistory: [["0x2", block, [25, 75]]],
      web3_clientVersion: [[]],
    };
  };

  /** Asks the node, the edge, and the node again, until it says both times the same; the edge must have said so, too. */
  async function same(body: string): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      const [first, between, last] = [
        await ask(direct, body),
        await ask(edge.url, body),
        await ask(direct, body),
      ];
      if (first !== last) continue;
      expect(between, body.slice(0, 200)).to.equal(first);
      return;
    }
    throw new Error(`the node never says the same twice: ${body}`);
  }

  it("has logs and reverts to tell of", async () => {
    const logs = (await result("eth_getLogs", { blockHash: known.blockHash })) as unknown as {
      data: string;
    }[];
    expect(logs.map(({ data }) => data)).to.deep.equal([WORD]);
    const [, reverts = []] = questions().eth_call ?? [];
    expect(await ask(direct, JSON.stringify(call("eth_call", reverts)))).to.include("revert");
  });

  it("is asked for everything that the catalog lets through", () =>
    expect(Object.keys(questions()).sort()).to.deep.equal(
      METHODS.filter(({ class: kind }) => kind !== "denied" && kind !== "subscription").map(
        ({ name }) => name,
      ),
    ));

  const WAYS: [way: string, body: (method: string, params: unknown[]) => string][] = [
    ["by itself", (method, params) => JSON.stringify(call(method, params))],
    ["with a word for its id", (method, params) => JSON.stringify(call(method, params, "7f"))],
    [
      "in a batch of its own kind",
      (method, params) => JSON.stringify([call(method, params, 3), call(method, params, 3)]),
    ],
    [
      "in a batch that is split",
      (method, params) =>
        JSON.stringify([call(method, params, 0), call("eth_getLogs", [{ blockHash: known.blockHash }], "a")]),
    ],
    [
      "with an escape in its name",
      (method, params) =>
        JSON.stringify(call(method, params)).replace(method, method.replace("_", "\\u005f")),
    ],
  ];
  for (const [way, bodyOf] of WAYS)
    it(`answers the same, letter by letter: each method ${way}`, async () => {
      for (const [method, asked] of Object.entries(questions()))
        for (const params of asked) await same(bodyOf(method, params));
    });
});
