import { expect } from "chai";
import { networks } from "../../../../components/core/networks";
import { type NetworkChoice, networkOf, networkSchema } from "../../../../components/core/networks/choice";
import { missingEvm, missingPeers } from "../../../../components/core/networks/evm-gaps";
import { evmGenesis } from "../../../../components/core/networks/evm-genesis";
import type { ChainNetwork } from "../../../../components/core/networks/network";

const read = (value: unknown): ChainNetwork =>
  networkOf(networkSchema(networks).parse(value) as NetworkChoice, networks);

const preset = (name: string): ChainNetwork => read(name);
const MIX_HASH = `0x04${"ab".repeat(31)}`;
const CHAIN_ID = "AB".repeat(32);

describe("a stack file's network", () => {
  it("is a preset by its name", () => expect(read("eos")).to.equal(networks.eos));

  it("is a preset with the EVM chain that it lacks, and what it knows of that", () => {
    const { evm, ...rest } = read({
      preset: "jungle",
      evm: { account: "eosio.evm", genesis: { timestamp: "2023-03-23T02:00:19", mixHash: MIX_HASH } },
    });
    expect(rest).to.deep.equal(networks.jungle);
    expect(evm?.genesis).to.deep.equal(
      evmGenesis({
        chainId: 15557,
        account: "eosio.evm",
        timestamp: "2023-03-23T02:00:19Z",
        mixHash: MIX_HASH,
        extraData: "EOSEVM",
      }),
    );
  });

  it("is a preset alone, in the long form too", () => expect(read({ preset: "wax" })).to.equal(networks.wax));

  it("is a chain of its own", () =>
    expect(
      read({ name: "my-chain", native: { chainId: CHAIN_ID }, peers: ["a.example.org:9876"] }),
    ).to.deep.equal({
      name: "my-chain",
      summary: "a chain of its own, described in the stack file",
      native: { chainId: CHAIN_ID.toLowerCase() },
      knownPeers: ["a.example.org:9876"],
      stateSize: "16 GB",
    }));

  it("takes the genesis time in hex, as a genesis file has it", () => {
    const evm = { chainId: 7, account: "evm.acc", genesis: { timestamp: "0x642cda61", mixHash: MIX_HASH } };
    const network = read({ name: "my-chain", native: { chainId: CHAIN_ID }, evm });
    expect(network.evm).to.include({ chainId: 7, account: "evm.acc" });
    expect(network.evm?.genesis).to.include({ timestamp: "0x642cda61", extraData: "EOSEVM" });
  });
});

describe("what a network lacks", () => {
  it("says which facts of the EVM chain the operator must give", () => {
    expect(missingEvm(preset("eos"))).to.equal(undefined);
    expect(missingEvm(preset("jungle"))).to.match(
      /known on jungle: give evm\.account, evm\.genesis\.timestamp, evm\.genesis\.mixHash/,
    );
    expect(missingEvm(preset("wax"))).to.match(/known on wax: give evm\.chainId, evm\.account, /);
  });

  it("says that seeds would find nobody, except where the chain is the stack's own", () => {
    const lonely = read({ name: "my-chain", native: { chainId: CHAIN_ID } });
    expect(missingPeers(lonely, [])).to.match(/no public peer of my-chain is known/);
    expect(missingPeers(lonely, ["a.example.org:9876"])).to.equal(undefined);
    expect(missingPeers(preset("lab"), [])).to.equal(undefined);
    expect(missingPeers(preset("wax"), [])).to.equal(undefined);
  });
});
