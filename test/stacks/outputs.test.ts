import { expect } from "chai";
import { UserError } from "../../components/core/config/finding";
import { networks } from "../../components/core/networks";
import type { ChainNetwork } from "../../components/core/networks/network";
import type { Provisioned } from "../../components/targets/provisioner";
import { relaysFrom, stackOutputs } from "../../stacks/outputs";
import { cloudPlan, cloudStack, HOSTS } from "../support/fake-cloud";

const STACK = "acme/nodewright/other";
const eos = networks.eos as ChainNetwork;
const made = (addresses: Record<string, string>): Provisioned => ({
  hosts: Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [
      name,
      { role: "seed", machine: "m", addresses: { public: address, cluster: "10.0.0.1" }, bundle: "b" },
    ]),
  ),
});
const { domain: _, ...NAMELESS } = cloudStack();

describe("what a stack tells others", () => {
  it("is each relay once, by a name that stays", () => {
    expect(stackOutputs(cloudPlan(), made({ "seed-1": "192.0.2.1" })).relays).to.deep.equal([
      "seed1.nodes.example.org:9876",
      "seed2.nodes.example.org:9876",
      "seed3.nodes.example.org:9876",
    ]);
  });

  it("is each relay's address where the stack has no domain", () => {
    const outputs = stackOutputs(cloudPlan(NAMELESS), made({ "seed-1": "192.0.2.1", "seed-3": "192.0.2.3" }));
    expect(outputs.relays).to.deep.equal(["192.0.2.1:9876", "192.0.2.3:9876"]);
    expect(outputs.names).to.deep.equal([]);
  });

  it("has the port that each relay has", () => {
    const hosts = { ...HOSTS, seed: { role: "seed", services: { nodeos: { p2pPort: 9999 } } } };
    expect(stackOutputs(cloudPlan(cloudStack({ hosts })), made({})).relays).to.deep.equal([
      "seed1.nodes.example.org:9999",
    ]);
  });

  it("is its chain by name and by number, its names, its cost, and who answers for them", () => {
    const plan = cloudPlan(undefined, { traits: { names: "hosts" } });
    const outputs = stackOutputs(plan, made({}));
    expect(outputs).to.deep.include({
      schema: 1,
      network: "eos",
      nativeChainId: eos.native.chainId,
      chainId: 17777,
      nameServers: ["ns1.nodes.example.org", "ns2.nodes.example.org", "ns3.nodes.example.org"],
      belowFloor: {},
      monthlyCost: plan.cost?.total,
    });
    expect(outputs.names).to.have.length(7);
  });

  it("is the name servers that the target tells, where it answers", () => {
    const nameServers = ["a.dns.example.net", "b.dns.example.net"];
    expect(stackOutputs(cloudPlan(), { hosts: {}, nameServers }).nameServers).to.equal(nameServers);
  });

  it("has no secret in it", () =>
    expect(JSON.stringify(stackOutputs(cloudPlan(), made({})))).not.to.match(/signing-key|miner-key|ssh-/));
});

describe("what a stack takes from another", () => {
  const OUTPUTS = {
    schema: 1,
    network: "eos",
    nativeChainId: eos.native.chainId,
    relays: ["a.example.org:9876"],
  };
  const exsat = networks.exsat as ChainNetwork;
  const lab = networks.lab as ChainNetwork;
  const wax = networks.wax as ChainNetwork;

  const TAKEN: [name: string, network: ChainNetwork, outputs: Record<string, unknown>][] = [
    ["of its own network", eos, OUTPUTS],
    ["of another network on the same native chain", exsat, OUTPUTS],
    [
      "of a network that is known by its name alone",
      lab,
      { ...OUTPUTS, network: "lab", nativeChainId: undefined },
    ],
    ["of one that tells more than it needs", eos, { ...OUTPUTS, colour: "blue" }],
  ];
  for (const [name, network, outputs] of TAKEN)
    it(`are the relays ${name}`, () =>
      expect(relaysFrom(STACK, network, outputs)).to.deep.equal(["a.example.org:9876"]));

  const NO_RELAYS =
    "peersOf: acme/nodewright/other has no relays in its outputs: is it a nodewright stack, and is it up? Run pulumi up there first";
  const REFUSED: [name: string, network: ChainNetwork, outputs: Record<string, unknown>, said: string][] = [
    ["nothing", eos, {}, NO_RELAYS],
    ["outputs of another shape", eos, { ...OUTPUTS, schema: 2 }, NO_RELAYS],
    ["relays that are none", eos, { ...OUTPUTS, relays: "a.example.org:9876" }, NO_RELAYS],
    [
      "another chain",
      wax,
      OUTPUTS,
      "peersOf: acme/nodewright/other is on eos, this stack on wax: their nodes cannot peer. Take it out",
    ],
    [
      "a private chain",
      eos,
      { ...OUTPUTS, network: "lab", nativeChainId: undefined },
      "peersOf: acme/nodewright/other is on lab, this stack on eos: their nodes cannot peer. Take it out",
    ],
    [
      "an empty list",
      eos,
      { ...OUTPUTS, relays: [] },
      "peersOf: acme/nodewright/other has no public relay: add a seed there, or take it out",
    ],
  ];
  for (const [name, network, outputs, said] of REFUSED)
    it(`is refused where it is ${name}`, () =>
      expect(() => relaysFrom(STACK, network, outputs)).to.throw(UserError, said));
});
