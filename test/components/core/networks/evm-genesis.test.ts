import { expect } from "chai";
import { networks } from "../../../../components/core/networks";
import { accountNumber, evmGenesis } from "../../../../components/core/networks/evm-genesis";

/** The meaning of a genesis file: addresses with or without 0x, numbers in any spelling. */
function meaning({ alloc, ...rest }: Record<string, unknown>) {
  const accounts = Object.entries(alloc as Record<string, { balance: string }>).map(
    ([address, { balance }]) => [`0x${address.replace(/^0x/, "")}`, BigInt(balance)],
  );
  return { ...rest, alloc: Object.fromEntries(accounts) };
}

const published = (balance: string, address: string, facts: Record<string, unknown>, chainId: number) => ({
  alloc: { [address]: { balance } },
  coinbase: "0x0000000000000000000000000000000000000000",
  config: {
    chainId,
    homesteadBlock: 0,
    eip150Block: 0,
    eip155Block: 0,
    byzantiumBlock: 0,
    constantinopleBlock: 0,
    petersburgBlock: 0,
    istanbulBlock: 0,
    trust: {},
  },
  difficulty: "0x01",
  gasLimit: "0x7ffffffffff",
  ...facts,
});

const ZEROS = `0x${"0".repeat(64)}`;
const BARE = "0".repeat(40);

/** evm-public-docs, deployments_plan_for_CEX; there without 0x before the address. */
const EOS = published(
  ZEROS,
  BARE,
  {
    extraData: "TrustEVM",
    mixHash: "0x120eb7a4e6a75f1ae89e9da3bd979c263b14b8b2ccdf1892962cbad6bc650c93",
    nonce: "0x5530ea015b900000",
    timestamp: "0x642cda61",
  },
  17777,
);
/** evm-public-docs, deployment_for_exSat. */
const EXSAT = published(
  ZEROS,
  `0x${BARE}`,
  {
    extraData: "exSatEVM",
    mixHash: "0x17bfe8ef72abc24e9729bd3037843c7ce1c8022eae521e20e6a744964d1be111",
    nonce: "0x56e40ee0d9000000",
    timestamp: "0x670636c1",
  },
  7200,
);
/** eos-evm, docs/local_testnet_deployment_plan.md. */
const LOCAL = published(
  ZEROS,
  `0x${BARE}`,
  {
    extraData: "EOSEVM",
    mixHash: "0x000000026d392f1bfeddb000555bcb03ca6e31a54c0cf9edc23cede42bda17e6",
    nonce: "0x56e4adc95b92b720",
    timestamp: "0x63773b2a",
  },
  15556,
);

describe("the EVM genesis", () => {
  it("is that of EOS, as published", () =>
    expect(meaning(networks.eos?.evm?.genesis ?? {})).to.deep.equal(meaning(EOS)));
  it("is that of exSat, as published", () => expect(networks.exsat?.evm?.genesis).to.deep.equal(EXSAT));
  it("is that of upstream's local test plan", () =>
    expect(
      evmGenesis({
        chainId: 15556,
        account: "evmevmevmevm",
        timestamp: "2022-11-18T07:58:34Z",
        mixHash: "0x000000026d392f1bfeddb000555bcb03ca6e31a54c0cf9edc23cede42bda17e6",
        extraData: "EOSEVM",
      }),
    ).to.deep.equal(LOCAL));

  const numbers: [account: string, number: bigint][] = [
    ["eosio.evm", 0x5530ea015b900000n],
    ["evm.xsat", 0x56e40ee0d9000000n],
    ["evmevmevmevm", 0x56e4adc95b92b720n],
    ["eosio", 6138663577826885632n],
    ["a", 0x3000000000000000n],
  ];
  for (const [account, number] of numbers)
    it(`takes ${account} as its number`, () => expect(accountNumber(account)).to.equal(number));
});

describe("the presets", () => {
  it("are listed by their own names, with chain ids that are hashes and peers that are endpoints", () => {
    for (const [name, { native, knownPeers, ...network }] of Object.entries(networks)) {
      expect(network.name).to.equal(name);
      expect(native.chainId === undefined).to.equal(network.birth !== undefined, name);
      if (native.chainId !== undefined) expect(native.chainId).to.match(/^[0-9a-f]{64}$/);
      for (const peer of knownPeers) expect(peer).to.match(/^[a-z0-9.-]+:\d+$/);
      expect(new Set(knownPeers).size).to.equal(knownPeers.length, name);
    }
  });
});
