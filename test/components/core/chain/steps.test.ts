import { expect } from "chai";
import { type ChainState, UNBORN } from "../../../../components/core/chain/chain-state";
import type { DeclaredChain } from "../../../../components/core/chain/declared-chain";
import { markerName } from "../../../../components/core/chain/marker";
import { refusals } from "../../../../components/core/chain/refusals";
import { orderedFeatures } from "../../../../components/core/chain/steps/features";
import { stepsFor } from "../../../../components/core/chain/steps-for";
import { chainSchema } from "../../../../components/core/config/chain";
import { GENESIS_KEY } from "../../../support/real-nodeos";

const declared = (over: Record<string, unknown>): DeclaredChain => ({
  ...chainSchema.parse({ endpoint: "http://127.0.0.1:8888", ...over }),
  files: {},
  transfers: [],
});
const evm = { account: "evmevmevmevm", chainId: 15555, ingressFee: "0.0100 EOS" };
const born = (over: Partial<ChainState>): ChainState => ({ ...UNBORN, chainId: "a".repeat(64), ...over });
const started = {
  chainId: 15555,
  genesisTime: "2026-01-01T00:00:00Z",
  ingressFee: "0.0100 EOS",
  gasPrice: 1,
  minerCut: 1,
  open: [],
};

describe("the steps to a declared chain", () => {
  it("take features after those that they need", () => {
    const feature = (name: string, ...dependencies: string[]) => ({ name, digest: name, dependencies });
    const known = [feature("C", "B"), feature("B", "A"), feature("A"), feature("D", "D")];
    expect(orderedFeatures(["C", "A", "D"], known)).to.deep.equal(["A", "B", "C", "D"]);
  });

  it("are none where nothing is declared", () => {
    expect(stepsFor(declared({}), UNBORN)).to.deep.equal([]);
  });

  it("are the same for the same chain, and marks differ for what differs", () => {
    const chain = declared({ evm, accounts: { evmevmevmevm: { active: GENESIS_KEY.public, code: true } } });
    expect(stepsFor(chain, UNBORN)).to.deep.equal(stepsFor(chain, UNBORN));
    expect(markerName(["a", 1])).to.match(/^[a-z1-5]{12}$/);
    expect(markerName(["a", 1])).not.to.equal(markerName(["a", 2]));
  });
});

describe("what a chain has for good", () => {
  const CASES: [name: string, over: Record<string, unknown>, state: Partial<ChainState>, said: RegExp][] = [
    [
      "is the EVM's chain id",
      { evm },
      { evm: { ...started, chainId: 17777 } },
      /^chain\.evm\.chainId is 15555, the contract on evmevmevmevm was started with 17777/,
    ],
    [
      "is the EVM's genesis",
      { evm: { ...evm, genesis: { timestamp: "2026-01-01T00:00:00Z", mixHash: `0x${"1".repeat(64)}` } } },
      { evm: { ...started, genesis: { timestamp: "2026-01-01T00:00:00Z", mixHash: `0x${"2".repeat(64)}` } } },
      /^chain\.evm\.genesis does not fit the chain: .* 0x2{64}: write those two$/,
    ],
    [
      "is a token's issuer",
      { tokens: [{ issuer: "alice", maximum: "1.0000 EOS" }] },
      { tokens: { "eosio.token/EOS": { supply: "0.0000 EOS", maximum: "1.0000 EOS", issuer: "bob" } } },
      /^chain\.tokens\[0\]\.issuer is bob on the chain for good/,
    ],
    [
      "is a token's maximum",
      { tokens: [{ issuer: "bob", maximum: "2.0000 EOS" }] },
      { tokens: { "eosio.token/EOS": { supply: "0.0000 EOS", maximum: "1.0000 EOS", issuer: "bob" } } },
      /^chain\.tokens\[0\]\.maximum is 1\.0000 EOS on the chain for good/,
    ],
  ];
  it("no key with a slip of the pen gets that far", () => {
    const active = GENESIS_KEY.public.replace("CV", "CW");
    const { error } = chainSchema.safeParse({
      endpoint: "http://127.0.0.1:8888",
      accounts: { alice: { active } },
    });
    expect(JSON.stringify(error?.issues)).to.include("is no public key: a character of it is wrong");
  });

  for (const [name, over, state, said] of CASES)
    it(name, () => {
      const found = refusals(declared(over), born(state), []).map(
        ({ path, message }) => `${path} ${message}`,
      );
      expect(found).to.have.lengthOf(1);
      expect(found[0]).to.match(said);
    });
});
