import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import { type ChainSection, chainSchema } from "../../../../components/core/config/chain";
import { networks } from "../../../../components/core/networks";
import { networkOf } from "../../../../components/core/networks/choice";
import { type EvmBegin, withGenesis } from "../../../../components/core/networks/evm-gaps";
import { accountNumber } from "../../../../components/core/networks/evm-genesis";
import type { ChainNetwork } from "../../../../components/core/networks/network";
import { checkBegin } from "../../../../components/core/plan/checks/begin";
import { explain } from "../../../../components/core/plan/explain";
import { machinesOf, type Plan } from "../../../../components/core/plan/plan";
import { cloudPlan, cloudStack, judgeCloud } from "../../../support/fake-cloud";

const CHAIN_ID = "ab".repeat(32);
const BEGIN: EvmBegin = { timestamp: "2026-02-03T04:05:06Z", mixHash: `0x0000002a${"cd".repeat(28)}` };
const OTHER: EvmBegin = { ...BEGIN, mixHash: `0x0000002b${"cd".repeat(28)}` };
const EVM = { account: "evmevmevmevm", chainId: 15555 };
const chain = (more = {}) => ({
  endpoint: "http://127.0.0.1:8888",
  evm: { ...EVM, ingressFee: "0.0100 EOS", ...more },
});
const own = (genesis?: EvmBegin) => ({
  name: "mine",
  native: { chainId: CHAIN_ID },
  evm: { ...EVM, ...(genesis ? { genesis } : {}) },
  peers: ["far.example.org:9876"],
});
const raw = (over: Record<string, unknown> = {}) => cloudStack({ network: own(), chain: chain(), ...over });

const ON_EVM = ["evm-node", "evm-rpc", "tx-wrapper", "proxy"];
const unitsOf = (plan: Plan): string[] =>
  machinesOf(plan).flatMap((host) => documentFor(plan, host).units.flatMap(({ service }) => service ?? []));
const filesOf = (plan: Plan, end: string): string[] =>
  machinesOf(plan).flatMap((host) =>
    documentFor(plan, host).files.flatMap(({ path, content }) => (path.endsWith(end) ? [content] : [])),
  );

describe("a network whose EVM is begun by its own stack", () => {
  const before = cloudPlan(raw());
  const after = cloudPlan(raw(), { evmBegin: BEGIN });
  const waiting = machinesOf(before).flatMap(({ services }) => services.filter(({ waits }) => waits));

  it("has hosts in which all that serves the EVM waits for its genesis", () => {
    expect(new Set(waiting.map(({ service }) => service))).to.have.keys(...ON_EVM);
    for (const { unit } of waiting) expect(unitsOf(before), unit).not.to.include(unit);
    const told = machinesOf(before).flatMap((host) => documentFor(before, host).awaited ?? []);
    expect(told.map(({ service }) => service)).to.deep.equal(waiting.map(({ unit }) => unit));
    expect(unitsOf(before)).to.include("nodeos");
    expect(filesOf(before, "/genesis.json").join()).not.to.match(/told by the chain|mixHash/);
    expect(explain(before)).to.match(/evm-node +TrustEVM-node; starts with the first up that finds/);
  });

  it("has it started with the genesis of the chain, and nothing else of a host has changed", () => {
    for (const { unit } of waiting) expect(unitsOf(after), unit).to.include(unit);
    const genesis = filesOf(after, "/evm-node/genesis.json").map((text) => JSON.parse(text));
    expect(genesis).to.have.lengthOf(3);
    for (const each of genesis)
      expect(each).to.include({
        mixHash: BEGIN.mixHash,
        timestamp: `0x${(Date.parse(BEGIN.timestamp) / 1000).toString(16)}`,
        nonce: `0x${accountNumber(EVM.account).toString(16)}`,
      });
    const machines = (plan: Plan) => machinesOf(plan).map(({ services: _, ...rest }) => rest);
    expect(machines(after)).to.deep.equal(machines(before));
  });

  it("is told of as a warning until then", () => {
    const said = (given = {}) =>
      judgeCloud(raw(), given).findings.flatMap(({ severity, path }) =>
        path === "network.evm.genesis" ? [severity] : [],
      );
    expect(said()).to.deep.equal(["warning"]);
    expect(said({ evmBegin: BEGIN })).to.deep.equal([]);
  });

  it("takes what the section or the network says, without asking anybody", () => {
    for (const over of [{ chain: chain({ genesis: BEGIN }) }, { network: own(BEGIN) }])
      expect(cloudPlan(raw(over)).network.evm).to.deep.equal(after.network.evm);
  });

  it("must have a genesis where no section tells how it is asked for", () => {
    const { findings } = judgeCloud(cloudStack({ network: own() }));
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
      "network.evm.genesis is missing: give timestamp and mixHash, or declare chain.evm, by which the chain is asked",
    ]);
  });

  it("is none of those that have a genesis, or are born with their stack", () => {
    for (const [name, network] of Object.entries(networks))
      expect(withGenesis(network, BEGIN), name).to.equal(network);
  });
});

describe("how an EVM began, said twice", () => {
  const section = (genesis?: EvmBegin): ChainSection => chainSchema.parse(chain(genesis ? { genesis } : {}));
  const network = (genesis?: EvmBegin): ChainNetwork =>
    withGenesis(networkOf({ ...own(), stateSize: "1 GB", evm: flat(genesis) }, networks));
  const flat = (genesis?: EvmBegin) => ({ ...EVM, extraData: "EOSEVM", ...genesis });
  const upper = { ...BEGIN, mixHash: `0x${BEGIN.mixHash.slice(2).toUpperCase()}` };

  const CASES: [
    name: string,
    of: ChainNetwork,
    declared: EvmBegin | undefined,
    found: EvmBegin | undefined,
    RegExp[],
  ][] = [
    ["nowhere", network(), undefined, undefined, []],
    ["by the chain alone", network(), undefined, BEGIN, []],
    ["alike by all three", network(upper), BEGIN, BEGIN, []],
    [
      "otherwise for hosts than by the chain",
      network(OTHER),
      undefined,
      BEGIN,
      [
        /^network\.evm\.genesis does not fit the chain: its EVM began at 2026-02-03T04:05:06Z with the native block 0x0000002a.*: write those two, or leave it out$/,
      ],
    ],
    [
      "otherwise by the section than by the chain",
      network(),
      OTHER,
      BEGIN,
      [/^chain\.evm\.genesis does not fit the chain/],
    ],
    [
      "otherwise by both than by the chain",
      network(OTHER),
      OTHER,
      BEGIN,
      [/^chain\.evm\.genesis/, /^network\.evm\.genesis/],
    ],
    [
      "otherwise by the section than for hosts",
      network(BEGIN),
      OTHER,
      undefined,
      [
        /^chain\.evm\.genesis is another one than that of the network mine, 2026-02-03T04:05:06Z with the native block 0x0000002a.*leave one of the two out$/,
      ],
    ],
    ["otherwise on a chain that is born with its stack", networks.lab as ChainNetwork, BEGIN, BEGIN, []],
  ];
  for (const [name, of, declared, found, said] of CASES)
    it(`${name}: ${said.length === 0 ? "is fine" : "is refused"}`, () => {
      const lines = checkBegin(of, section(declared), found).map(({ path, message }) => `${path} ${message}`);
      expect(lines).to.have.lengthOf(said.length);
      said.forEach((each, index) => {
        expect(lines[index]).to.match(each);
      });
    });
});
