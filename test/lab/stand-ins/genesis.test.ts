import { expect } from "chai";
import { lab } from "../../../components/core/networks/lab";
import { parseGenesis } from "../../../lab/stand-ins/genesis";
import { StartError } from "../../../lab/stand-ins/start-error";

const genesis = (change: Record<string, unknown>) => JSON.stringify({ ...lab.evm.genesis, ...change });

describe("genesis of the EVM stand-in", () => {
  it("takes the lab's own", () => {
    const { chainId, accounts } = parseGenesis(genesis({}));
    expect(chainId).to.equal(15555);
    expect(accounts).to.deep.equal({
      "0x0000000000000000000000000000000000000000": { nonce: 0, balance: "0x0", code: "0x", storage: {} },
    });
  });

  it("takes balances in decimal and hex, addresses with and without 0x, code and storage", () => {
    const alloc = {
      ["aB".repeat(20)]: { balance: "10", code: "0x60", nonce: "0x2" },
      [`0x${"11".repeat(20)}`]: { balance: "0x10", storage: { "0x00": "0x01" } },
    };
    expect(parseGenesis(genesis({ alloc })).accounts).to.deep.equal({
      [`0x${"ab".repeat(20)}`]: { nonce: 2, balance: "0xa", code: "0x60", storage: {} },
      [`0x${"11".repeat(20)}`]: { nonce: 0, balance: "0x10", code: "0x", storage: { "0x00": "0x01" } },
    });
  });

  const refused: [what: string, text: string, message: RegExp][] = [
    ["a nonce of 0", genesis({ nonce: "0x0" }), /Invalid genesis nonce/],
    ["a nonce of 1000", genesis({ nonce: "0x3e8" }), /Invalid genesis nonce/],
    ["no nonce", genesis({ nonce: undefined }), /nonce is no whole number/],
    ["no chain id", genesis({ config: {} }), /config.chainId/],
    ["a chain id of 0", genesis({ config: { chainId: 0 } }), /config.chainId is no chain id/],
    ["no config", genesis({ config: undefined }), /config is no JSON object/],
    ["a short address", genesis({ alloc: { "0x12": {} } }), /alloc.0x12 is no address/],
    ["a balance in words", genesis({ alloc: { ["1".repeat(40)]: { balance: "much" } } }), /balance/],
    ["a list", "[]", /no JSON object/],
    ["half a file", '{"nonce": ', /not JSON/],
  ];
  for (const [what, text, message] of refused)
    it(`refuses ${what}`, () => expect(() => parseGenesis(text)).to.throw(StartError, message));
});
