import { deepStrictEqual, rejects } from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChainSection, chainSchema } from "../../components/core/config/chain";
import { networks } from "../../components/core/networks";
import { networkOf, networkSchema } from "../../components/core/networks/choice";
import { evmBeginOf } from "../../stacks/evm-begin";

const CHAIN_ID = "ab".repeat(32);
const ACCOUNT = "evmevmevmevm";
/** Of block 1; a block each 500 ms. */
const BIRTH = Date.parse("2026-02-03T04:00:00Z");
const EVM_BLOCK = 41;
const idOf = (block: number): string => `${block.toString(16).padStart(8, "0")}${"cd".repeat(28)}`;
const timeOf = (block: number): string => new Date(BIRTH + (block - 1) * 500).toISOString().slice(0, -1);

/** A chain as its node tells it. */
interface Told {
  chainId?: string;
  /** First block of its log. */
  first?: number;
  lib?: number;
  headTime?: string;
  /** Whether the account has a contract, and whether that has begun. */
  contract?: "none" | "silent" | "begun";
}

const NOBODY = { available: -1 };
const ANSWERS: Record<string, (told: Required<Told>, asked: { block_num: number }) => object | undefined> = {
  get_info: ({ chainId, lib, headTime }) => ({
    chain_id: chainId,
    head_block_num: lib + 1,
    head_block_time: headTime,
    last_irreversible_block_num: lib,
    last_irreversible_block_id: idOf(lib),
  }),
  get_block_info: ({ first, lib }, { block_num: block }) =>
    block < first || block > lib ? undefined : { id: idOf(block), timestamp: timeOf(block) },
  get_account: () => ({
    ram_quota: -1,
    ram_usage: 0,
    cpu_limit: NOBODY,
    net_limit: NOBODY,
    permissions: [],
  }),
  get_raw_abi: ({ contract }) => ({
    code_hash: contract === "none" ? "0".repeat(64) : "11".repeat(32),
    abi_hash: "0".repeat(64),
  }),
  get_table_rows: ({ contract }) => ({
    rows:
      contract === "begun"
        ? [
            {
              chainid: 15555,
              genesis_time: timeOf(EVM_BLOCK),
              ingress_bridge_fee: "0.0100 EOS",
              gas_price: 1,
              miner_cut: 0,
            },
          ]
        : [],
  }),
};
const REFUSED = { error: { name: "unknown_block_exception", what: "Unknown block", details: [] } };

describe("how an EVM began, asked of its chain", () => {
  let told: Required<Told>;
  let server: Server;

  beforeEach(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const answer = ANSWERS[request.url?.split("/").at(-1) ?? ""];
        const found = answer?.(told, JSON.parse(Buffer.concat(parts).toString() || "{}"));
        response.writeHead(found ? 200 : 400).end(JSON.stringify(found ?? REFUSED));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The chain is in sync and its EVM has begun, but for what a test says. */
  const begin = (over: Told, genesis?: object) => {
    const now = new Date().toISOString().slice(0, -1);
    told = { chainId: CHAIN_ID, first: 1, lib: 1_000, headTime: now, contract: "begun", ...over };
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const evm = {
      account: ACCOUNT,
      chainId: 15555,
      ingressFee: "0.0100 EOS",
      ...(genesis ? { genesis } : {}),
    };
    const section: ChainSection = chainSchema.parse({ endpoint, evm });
    const own = { name: "mine", native: { chainId: CHAIN_ID }, evm: { account: ACCOUNT, chainId: 15555 } };
    return evmBeginOf(section, networkOf(networkSchema(networks).parse({ ...own, peers: [] }), networks));
  };
  const LONG_AGO = "2026-02-03T05:00:00.000";

  it("is the block of its genesis time", async () =>
    deepStrictEqual(await begin({}), {
      timestamp: `${timeOf(EVM_BLOCK).replace(".000", "")}Z`,
      mixHash: `0x${idOf(EVM_BLOCK)}`,
    }));

  for (const [what, over] of [
    ["before its contract is there", { contract: "none" }],
    ["before its contract was begun", { contract: "silent" }],
    ["before its first block is irreversible", { lib: EVM_BLOCK - 1 }],
  ] satisfies [string, Told][])
    it(`is not known ${what}`, async () => deepStrictEqual(await begin(over), undefined));

  for (const [what, over, said] of [
    ["of another chain", { chainId: "cd".repeat(32) }, /cdcdcd/],
    [
      "that lacks the first blocks",
      { first: EVM_BLOCK + 1 },
      /network\.evm\.genesis +is missing: the EVM began at 2026-02-03T04:00:20Z, and this node has no blocks from then\. Take the output chain\.genesis/,
    ],
    [
      "that is behind and shows no contract",
      { contract: "none", headTime: LONG_AGO },
      /chain\.endpoint +its newest block is of 2026-02-03T05:00:00\.000: it cannot tell whether the EVM has begun\. Wait until it is in sync/,
    ],
    [
      "that is behind and shows a contract that is silent",
      { contract: "silent", headTime: LONG_AGO },
      /it cannot tell whether the EVM has begun/,
    ],
  ] satisfies [string, Told, RegExp][])
    it(`is never taken for none from a node ${what}`, () => rejects(begin(over), said));
});
