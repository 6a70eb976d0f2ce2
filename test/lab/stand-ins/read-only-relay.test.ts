import { expect } from "chai";
import { methodsOf } from "../../../lab/stand-ins/read-methods";
import { readOnlyRelay } from "../../../lab/stand-ins/read-only-relay";
import { freePort } from "../../support/free-port";
import { StandInHost } from "./stand-in-host";

const call = (id: unknown, method: string) => ({ jsonrpc: "2.0", id, method, params: [] });
const refusal = (id: unknown, method: string) => ({
  jsonrpc: "2.0",
  id,
  error: { code: -32601, message: `the method ${method} does not exist or is not available` },
});

describe("relay of the read-only stand-in", () => {
  let host: StandInHost;
  before(async () => {
    host = await StandInHost.open();
  });
  after(() => host.close());

  const ask = async (namespaces: string[], body: string, answer: unknown = "passed") => {
    const upstream = await host.http({ "/": answer });
    const relay = readOnlyRelay(upstream.url, methodsOf(namespaces));
    const given = await relay(Buffer.from(body));
    return { ...given, answer: JSON.parse(String(given.body)) as unknown, passed: upstream.bodies };
  };

  it("passes a body as it came", async () => {
    const body = `{ "id": 12345678901234567890, "method":"eth_blockNumber",\n"jsonrpc":"2.0"}`;
    expect((await ask(["eth"], body)).passed).to.deep.equal([body]);
  });

  const refused: [namespaces: string[], method: string][] = [
    [["eth"], "net_version"],
    [["net"], "eth_chainId"],
    ...["eth_sendRawTransaction", "eth_sendTransaction", "eth_sign", "eth_accounts", "eth_subscribe"].map(
      (method): [string[], string] => [["eth"], method],
    ),
    ...[
      "anvil_setBalance",
      "evm_mine",
      "hardhat_reset",
      "eth_sendUnsignedTransaction",
      "ETH_CHAINID",
      "constructor",
    ].map((method): [string[], string] => [
      ["debug", "engine", "eth", "net", "trace", "txpool", "web3"],
      method,
    ]),
  ];
  for (const [namespaces, method] of refused)
    it(`refuses ${method} with ${namespaces.join(",")}`, async () => {
      const { answer, passed } = await ask(namespaces, JSON.stringify(call("mine", method)));
      expect(answer).to.deep.equal(refusal("mine", method));
      expect(passed).to.deep.equal([]);
    });

  it("answers each element of a batch by itself", async () => {
    const batch = [call(1, "eth_chainId"), call(2, "anvil_mine"), 7, call(3, "net_version")];
    const { answer, passed } = await ask(["eth", "net"], JSON.stringify(batch), ["one", "three"]);
    expect(passed.map((body) => JSON.parse(body) as unknown)).to.deep.equal([[batch[0], batch[3]]]);
    expect(answer).to.deep.equal([
      "one",
      "three",
      refusal(2, "anvil_mine"),
      { jsonrpc: "2.0", id: null, error: { code: -32600, message: "no JSON-RPC call" } },
    ]);
  });

  it("asks nobody when nothing of a batch may pass", async () => {
    const { answer, passed } = await ask(
      ["eth"],
      JSON.stringify([call(1, "evm_mine"), { method: "evm_mine" }]),
    );
    expect(answer).to.deep.equal([refusal(1, "evm_mine")]);
    expect(passed).to.deep.equal([]);
  });

  it("refuses what is no JSON and an empty batch", async () => {
    expect((await ask(["eth"], "{")).answer).to.have.nested.property("error.code", -32700);
    expect((await ask(["eth"], "[]")).answer).to.have.nested.property("error.code", -32600);
  });

  it("says so when eos-evm-node is away", async () => {
    const relay = readOnlyRelay(`http://127.0.0.1:${await freePort()}`, methodsOf(["eth"]));
    const { status, body } = await relay(Buffer.from(JSON.stringify(call(1, "eth_chainId"))));
    expect(status).to.equal(503);
    expect(JSON.parse(String(body))).to.have.nested.property("error.code", -32000);
  });
});
