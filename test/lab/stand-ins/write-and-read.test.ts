import { join } from "node:path";
import { expect } from "chai";
import { keccak256, parseEther, Transaction, type TransactionLike, Wallet, WebSocketProvider } from "ethers";
import { freePort } from "../../support/free-port";
import { call, PRIVATE_KEY, type Program, RICH, RICH_KEY, StandInHost, send, until } from "./stand-in-host";

const POOR = `0x${"77".repeat(20)}`;

describe("a transaction through the stand-ins", () => {
  let host: StandInHost;
  let native: Awaited<ReturnType<StandInHost["http"]>>;
  let miner: Program;
  let rpcUrl: string;
  let minerUrl: string;

  before(async () => {
    host = await StandInHost.open();
    const [engine, rpc, wrapper, ship] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await host.ship(),
    ];
    native = await host.http({ "/v1/chain/get_info": { head_block_num: 1 } });
    const node = host.run([
      ...["eos-evm-node", `--ship-endpoint=127.0.0.1:${ship.port}`, `--engine-port=127.0.0.1:${engine}`],
      ...[`--chain-data=${join(host.folder, "chain")}`, `--genesis-json=${host.genesis}`, "--verbosity=4"],
    ]);
    await node.says("is served at");
    const reader = host.run([
      ...["eos-evm-rpc", "--api-spec=eth,net,web3", `--http-port=127.0.0.1:${rpc}`],
      ...[
        `--eos-evm-node=127.0.0.1:${engine}`,
        "--chaindata=x",
        "--verbosity=4",
        "--stdout=1",
        "--nocolor=1",
      ],
    ]);
    miner = host.run(["eos-evm-miner"], {
      PRIVATE_KEY,
      MINER_ACCOUNT: "evmminer1111",
      RPC_ENDPOINTS: `http://127.0.0.1:1|${native.url}`,
      PORT: String(wrapper),
      EVM_STANDIN_ENDPOINT: `http://127.0.0.1:${engine}`,
    });
    await Promise.all([reader.says("Starting ETH RPC API"), miner.says(`Using rpc endpoint ${native.url}`)]);
    rpcUrl = `http://127.0.0.1:${rpc}`;
    minerUrl = `http://127.0.0.1:${wrapper}`;
  });
  after(() => host.close());

  /** Signs a payment as a client does: reads from the one, the price from the other. */
  const payment = async (): Promise<string> => {
    const transaction: TransactionLike = {
      type: 0,
      chainId: Number(await call(rpcUrl, "eth_chainId")),
      nonce: Number(await call(rpcUrl, "eth_getTransactionCount", RICH, "latest")),
      gasPrice: BigInt(String(await call(minerUrl, "eth_gasPrice"))),
      gasLimit: 21_000,
      to: POOR,
      value: parseEther("0.1"),
    };
    return new Wallet(RICH_KEY).signTransaction(transaction);
  };

  it("is written through the miner and read through the rpc", async () => {
    const raw = await payment();
    const hash = await call(minerUrl, "eth_sendRawTransaction", raw);
    expect(hash).to.equal(Transaction.from(raw).hash);
    await until(async () => (await call(rpcUrl, "eth_getTransactionReceipt", hash)) !== null);
    const receipt = await call(rpcUrl, "eth_getTransactionReceipt", hash);
    expect(receipt).to.include({ status: "0x1", from: RICH.toLowerCase(), to: POOR });
    expect(await call(rpcUrl, "eth_getBalance", POOR, "latest")).to.equal(
      `0x${parseEther("0.1").toString(16)}`,
    );
  });

  it("is not written through the rpc", async () => {
    const { answer } = await send(rpcUrl, {
      jsonrpc: "2.0",
      id: 9,
      method: "eth_sendRawTransaction",
      params: ["0x"],
    });
    expect(answer).to.deep.include({ id: 9 }).and.have.nested.property("error.code", -32601);
  });

  it("comes back with the chain's own reason when it is refused", async () => {
    const { answer } = await send(minerUrl, {
      jsonrpc: "2.0",
      id: 3,
      method: "eth_sendRawTransaction",
      params: ["0x00"],
    });
    expect(answer).to.deep.include({ id: 3 }).and.have.nested.property("error.code", -32000);
  });

  it("the miner answers arrays, and knows three methods", async () => {
    const methods = ["eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_chainId"];
    const { answer } = await send(
      minerUrl,
      methods.map((method, id) => ({ jsonrpc: "2.0", id, method })),
    );
    expect(answer).to.deep.equal([
      { jsonrpc: "2.0", id: 0, result: "0x22ecb25c00" },
      { jsonrpc: "2.0", id: 1, result: "0x0" },
      { jsonrpc: "2.0", id: 2, error: { code: -32601, message: "Method not found" } },
    ]);
  });

  it("the rpc answers over WebSocket, and refuses there as well", async () => {
    const provider = new WebSocketProvider(rpcUrl.replace("http", "ws"), undefined, { staticNetwork: true });
    try {
      const long = `0x${"ab".repeat(100_000)}`;
      expect(await provider.send("eth_chainId", [])).to.equal("0x3cc3");
      expect(await provider.send("web3_sha3", [long])).to.equal(keccak256(long));
      const refused = await provider.send("anvil_mine", []).catch((cause: unknown) => cause);
      // The name that ethers gives to -32601.
      expect(refused).to.have.property("code", "UNSUPPORTED_OPERATION");
    } finally {
      await provider.destroy();
    }
  });

  it("bodies are bounded", async () => {
    const { status, answer } = await send(rpcUrl, `"${"x".repeat(3 * 1024 * 1024)}"`);
    expect(status).to.equal(413);
    expect(answer).to.have.nested.property("error.message", "the body is too large");
  });

  it("is refused while no nodeos answers, and the key is never printed", async () => {
    const raw = await payment();
    native.close();
    const { answer } = await send(minerUrl, {
      jsonrpc: "2.0",
      id: 4,
      method: "eth_sendRawTransaction",
      params: [raw],
    });
    expect(answer).to.have.nested.property("error.code", -32000);
    expect(answer).to.have.nested.property("error.message").that.includes("no nodeos takes the transaction");
    expect(await miner.stop()).to.equal(0);
    expect(miner.output()).to.include("stand-in: anvil").and.not.include(PRIVATE_KEY);
  });
});
