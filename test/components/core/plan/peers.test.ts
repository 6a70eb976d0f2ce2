import { expect } from "chai";
import { peersOf as peersOfDocument } from "../../../../agent/peers/list";
import { documentFor } from "../../../../cloud-init/document-for";
import { PEERS_FILE } from "../../../../components/core/services/nodeos-peers";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const OWN_CHAIN = { name: "mine", native: { chainId: "ab".repeat(32) } };
const OTHER = "acme/nodewright/other";
const THIRD = "acme/nodewright/third";
const peersOf = (over: Record<string, unknown>, relays = {}) =>
  Object.fromEntries(cloudPlan(cloudStack(over), { relays }).hosts.map(({ name, peers }) => [name, peers]));
const errorsOf = (over: Record<string, unknown>) =>
  judgeCloud(cloudStack(over)).findings.flatMap(({ severity, path, message }) =>
    severity === "error" ? [`${path}: ${message}`] : [],
  );
const { seed, producer, rpc, writes, watch, history } = HOSTS;
const NATIVE = { seed: { role: "seed", count: 2 }, producer, watch };

describe("the peers of a host", () => {
  const given = { network: OWN_CHAIN, peers: ["far.example.org:9876"], hosts: NATIVE };

  it("are the relays of the stack, and for a relay those outside too", () => {
    expect(peersOf(given)).to.deep.equal({
      "seed-1": ["seed-2.test.internal:9876", "far.example.org:9876"],
      "seed-2": ["seed-1.test.internal:9876", "far.example.org:9876"],
      producer: ["seed-1.test.internal:9876", "seed-2.test.internal:9876"],
      watch: [],
    });
  });

  it("are at the port that each relay has", () => {
    const hosts = { ...NATIVE, odd: { role: "seed", services: { nodeos: { p2pPort: 9999 } } } };
    expect(peersOf({ ...given, hosts }).producer).to.include("odd.test.internal:9999");
  });

  it("of a relay are those of the stacks that it names, in their order and each once", () => {
    const relays = {
      [OTHER]: ["seed1.other.example.org:9876", "far.example.org:9876"],
      [THIRD]: ["198.51.100.7:9876"],
      "acme/nodewright/never-named": ["192.0.2.9:9876"],
    };
    const found = peersOf({ ...given, peersOf: [THIRD, OTHER] }, relays);
    expect(found["seed-1"]).to.deep.equal([
      "seed-2.test.internal:9876",
      "far.example.org:9876",
      "198.51.100.7:9876",
      "seed1.other.example.org:9876",
    ]);
    expect(found.producer).to.deep.equal(["seed-1.test.internal:9876", "seed-2.test.internal:9876"]);
  });

  it("of a relay are those that its operator names, and behind them those of the network", () => {
    const document = (over: Record<string, unknown>) => {
      const plan = cloudPlan(cloudStack(over));
      const seed = plan.hosts.find(({ role }) => role === "seed");
      if (!seed) throw new Error("no seed");
      return { plan, file: peersOfDocument(documentFor(plan, seed)), units: documentFor(plan, seed).units };
    };
    const before = document({});
    const after = document({ peers: ["far.example.org:9876"], dnsSeeds: ["seeds.example.org:9876"] });
    expect(after.file?.always).to.include("far.example.org:9876");
    expect(after.file?.others).to.deep.equal([...before.plan.network.knownPeers]);
    expect(after.file?.dnsSeeds).to.deep.equal(["seeds.example.org:9876"]);
    expect(after.units, "a change of peers concerns no unit").to.deep.equal(before.units);
    const reads = before.units.flatMap((unit) => unit.reads);
    expect(reads).not.to.include(PEERS_FILE);
  });

  it("of a relay are those that the network is known by", () => {
    const { knownPeers } = cloudPlan().network;
    expect(knownPeers.length).to.be.above(0);
    expect(peersOf({})["seed-1"]).to.include.members([...knownPeers]);
  });
});

describe("a public chain without a known peer", () => {
  const CASES: [name: string, over: Record<string, unknown>, said: string[]][] = [
    [
      "is a mistake where there are relays",
      {},
      ["peers: no public peer of mine is known: give some under peers, name:port"],
    ],
    ["is well with a peer", { peers: ["far.example.org:9876"] }, []],
    ["is well with a DNS seed", { dnsSeeds: ["seeds.example.org:9876"] }, []],
    ["is well with another stack", { peersOf: [OTHER] }, []],
    ["is well without relays", { hosts: { watch } }, []],
    [
      "names a stack in full",
      { peersOf: ["other"] },
      ['peersOf[0]: "other" is no stack: organization/project/stack'],
    ],
    [
      "names a peer with its port",
      { peers: ["far.example.org"] },
      ['peers[0]: "far.example.org" is no peer: name:port'],
    ],
    [
      "takes DNS seeds by name alone",
      { peers: ["far.example.org:9876"], dnsSeeds: ["192.0.2.1:9876", "seeds.example.org"] },
      [
        'dnsSeeds[0]: "192.0.2.1:9876" is no DNS seed: name:port',
        'dnsSeeds[1]: "seeds.example.org" is no DNS seed: name:port',
      ],
    ],
  ];
  for (const [name, over, said] of CASES)
    it(name, () => expect(errorsOf({ network: OWN_CHAIN, hosts: NATIVE, ...over })).to.deep.equal(said));
});

describe("a network without an EVM chain", () => {
  const gap = (group: string, role: string) =>
    `hosts.${group}.role: "${role}" serves an EVM chain: no EVM chain is known on wax: give evm.chainId, evm.account, evm.genesis.timestamp, evm.genesis.mixHash under network ({ preset: wax, evm: … } for a preset)`;
  const CASES: [name: string, over: Record<string, unknown>, said: string[]][] = [
    [
      "is no place for roles that serve one, each told",
      { hosts: { seed, rpc, writes, history, watch } },
      [gap("rpc", "rpc"), gap("writes", "rpc"), gap("history", "archive")],
    ],
    ["is well for relays, producers and monitors", { hosts: { seed, producer, watch } }, []],
    [
      "takes no accounts",
      { hosts: { seed }, evm: { alloc: { [`0x${"1".repeat(40)}`]: "1" } } },
      ["evm.alloc: is for a chain that is born with the stack: the accounts of wax are what they are"],
    ],
    [
      "is made whole by its facts",
      {
        hosts: { seed, rpc, writes },
        network: {
          preset: "wax",
          evm: {
            chainId: 7777,
            account: "evm.wax",
            genesis: { timestamp: "2024-01-01T00:00:00", mixHash: `0x${"ab".repeat(32)}` },
          },
        },
      },
      [],
    ],
  ];
  for (const [name, over, said] of CASES)
    it(name, () => expect(errorsOf({ network: "wax", ...over })).to.deep.equal(said));

  it("adds accounts to the genesis of a chain that is born with the stack", () => {
    const account = `0x${"1".repeat(40)}`;
    const plan = cloudPlan(
      cloudStack({
        network: "lab",
        hosts: { seed, producer: { ...producer, producer: "eosio" } },
        evm: { alloc: { [account]: "255" } },
      }),
    );
    expect(plan.network.evm?.genesis.alloc).to.deep.include({ [account]: { balance: "0xff" } });
  });
});
