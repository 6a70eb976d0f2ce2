import { expect } from "chai";
import { Wallet } from "ethers";
import { HOSTS, need, type TestLab, type UpReport } from "../test-lab";

/** A lab answers reads and writes, and only what it is for. */
export function serves(lab: TestLab, report: () => UpReport): void {
  describe("serves", () => {
    it("with every host and service well", () => {
      expect(report().hosts.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(
        HOSTS.map((name) => `${name} serving`),
      );
      for (const { services } of report().hosts)
        for (const { state } of services) expect(state).to.match(/^active/);
    });

    it("and names what is a stand-in", () => {
      expect(report().standIns.map(({ host, service }) => `${host} ${service}`)).to.include.members([
        "rpc-a evm-node",
        "rpc-a evm-rpc-1",
        "rpc-a tx-wrapper",
      ]);
    });

    it("the native chain to the machine itself", async () => {
      const response = await fetch(`${need(report().endpoints.nodeos, "nodeos endpoint")}/v1/chain/get_info`);
      expect((await response.json()) as object).to.include.keys("head_block_num", "chain_id");
    });

    it("the chain that its stack declares: features, and contracts on its accounts", async () => {
      const ask = async (call: string, body: object) => {
        const url = `${need(report().endpoints.nodeos, "nodeos endpoint")}/v1/chain/${call}`;
        return (await (await fetch(url, { method: "POST", body: JSON.stringify(body) })).json()) as object;
      };
      const features = JSON.stringify(await ask("get_activated_protocol_features", { limit: 100 }));
      for (const name of ["ACTION_RETURN_VALUE", "CRYPTO_PRIMITIVES", "GET_BLOCK_NUM"])
        expect(features).to.include(name);
      for (const account of ["eosio", "evmevmevmevm"])
        expect(await ask("get_raw_code_and_abi", { account_name: account }), account).to.have.property("wasm")
          .that.is.not.empty;
    });

    it("reads", async () => {
      expect(
        (await lab.rpc({ jsonrpc: "2.0", id: 7, method: "eth_chainId", params: [] })).answer,
      ).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "0x3cc3" });
    });

    it("writes, signed by the client, and reads the receipt back", async () => {
      const { privateKey } = lab.keys.account;
      const ask = async (method: string, params: unknown[]) =>
        (await lab.rpc({ jsonrpc: "2.0", id: 1, method, params })).answer.result as string;
      const wallet = new Wallet(privateKey);
      const nonce = Number(await ask("eth_getTransactionCount", [wallet.address, "pending"]));
      const raw = await wallet.signTransaction({
        to: wallet.address,
        value: 1n,
        nonce,
        gasLimit: 21_000n,
        gasPrice: BigInt(await ask("eth_gasPrice", [])),
        chainId: 15555n,
        type: 0,
      });
      const hash = await ask("eth_sendRawTransaction", [raw]);
      let receipt: { status?: string } | undefined;
      for (let attempt = 0; attempt < 50 && !receipt; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        receipt = (
          await lab.rpc({ jsonrpc: "2.0", id: 1, method: "eth_getTransactionReceipt", params: [hash] })
        ).answer.result as typeof receipt;
      }
      expect(receipt?.status).to.equal("0x1");
    });
  });

  describe("keeps its public endpoint to what it is for", () => {
    const REFUSED: [name: string, body: unknown, status: number, code: number][] = [
      ["an unknown method", { jsonrpc: "2.0", id: 3, method: "eth_nothing", params: [] }, 200, -32601],
      [
        "a method of the stand-in's own",
        {
          jsonrpc: "2.0",
          id: 3,
          method: "anvil_setBalance",
          params: ["0x0000000000000000000000000000000000000001", "0x1"],
        },
        200,
        -32601,
      ],
      [
        "a write behind a read",
        `{"jsonrpc":"2.0","id":3,"method":"eth_call","method":"eth_sendRawTransaction","params":[]}`,
        400,
        -32600,
      ],
      [
        "a body over the limit",
        { jsonrpc: "2.0", id: 3, method: "eth_call", params: ["0".repeat(300_000)] },
        413,
        -32600,
      ],
    ];
    for (const [name, body, status, code] of REFUSED) {
      it(`refuses ${name} with a JSON-RPC error`, async () => {
        const { status: got, answer } = await lab.rpc(body);
        expect({ status: got, code: (answer.error as { code: number } | undefined)?.code }).to.deep.equal({
          status,
          code,
        });
      });
    }
  });

  it("takes less than 2 GB of memory, all hosts together", async () => {
    const used = await Promise.all(
      HOSTS.map(async (name) => {
        const { memory_stats } = await lab.container(name).stats({ stream: false });
        return (
          memory_stats.usage -
          (memory_stats.stats.inactive_file ?? memory_stats.stats.total_inactive_file ?? 0)
        );
      }),
    );
    expect(used.reduce((sum, bytes) => sum + bytes, 0)).to.be.below(2 * 2 ** 30);
  });
}
