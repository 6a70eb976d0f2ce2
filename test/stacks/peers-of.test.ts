import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { printFindings, UserError } from "../../components/core/config/finding";
import { planned, toldPlainly } from "../../stacks/deploy";
import { stackOutputs } from "../../stacks/outputs";
import { ENGINE_TIME_LIMIT_MS } from "../lab/engine/sandbox";
import { cloudPlan, cloudRegistry, cloudStack } from "../support/fake-cloud";
import { Backend, diagnosticsOf, failureOf } from "./backend";

const MINE = { seed: { role: "seed", count: 2 } };
const nameOf = (stack: string) => `organization/nodewright/${stack}`;

/** A stack that is up: what the real outputs tell of a plan, its addresses known to the engine alone. */
const up =
  (over: Record<string, unknown>): PulumiFn =>
  async () => {
    const { domain, ...rest } = cloudStack({ hosts: MINE, ...over });
    const plan = cloudPlan(over.domain === null ? rest : { ...rest, domain });
    const hosts = plan.hosts.map(({ name, role }, index) => {
      const addresses = { public: pulumi.output(`192.0.2.${index + 1}`), cluster: "10.0.0.1" };
      return [name, { role, machine: "m", addresses, bundle: "b" }];
    });
    return { ...stackOutputs(plan, { hosts: Object.fromEntries(hosts) }) };
  };

/** A stack that names others: the first half of the real program, and whom its relays peer with. */
async function peersOfFirst(over: Record<string, unknown>) {
  const raw = cloudStack({ hosts: MINE, acceptStandIns: "nothing is made of this plan", ...over });
  const { plan, findings } = await planned("second", raw, cloudRegistry());
  if (!plan) throw new UserError(printFindings("stack second", findings));
  return { peers: plan.hosts[0]?.peers };
}
const naming =
  (over: Record<string, unknown>): PulumiFn =>
  () =>
    toldPlainly(peersOfFirst(over));

describe("a stack that peers with others, on one backend", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  const backend = new Backend();
  before(async () => {
    await backend.start();
    for (const [stack, program] of Object.entries(OTHERS)) await (await backend.stack(stack, program)).up();
  });
  after(() => backend.remove());

  const OTHERS = {
    named: up({}),
    nameless: up({ domain: null }),
    wax: up({ network: "wax" }),
    stranger: async () => ({ relays: "none" }),
    empty: async () => ({}),
    hidden: up({ hosts: { watch: { role: "monitor" } } }),
  };

  const peersOf = async (...stacks: string[]) => {
    const stack = await backend.stack("second", naming({ peersOf: stacks.map(nameOf) }));
    const peers = (await stack.up()).outputs.peers?.value as string[];
    return peers.filter((peer) => /192\.0\.2|example/.test(peer));
  };

  it("joins their relays by name, or by address where they have none", async () => {
    expect(await peersOf("named", "nameless")).to.deep.equal([
      "seed1.nodes.example.org:9876",
      "seed2.nodes.example.org:9876",
      "192.0.2.1:9876",
      "192.0.2.2:9876",
    ]);
  });

  it("previews the same, and finds nothing to do a second time", async () => {
    const stack = await backend.stack("second", naming({ peersOf: ["named", "nameless"].map(nameOf) }));
    expect((await stack.preview()).changeSummary).to.deep.equal({ same: 1 });
    expect((await stack.up()).summary.resourceChanges).to.deep.equal({ same: 1 });
  });

  it("may name one twice", async () => {
    expect(await peersOf("named", "named")).to.deep.equal([
      "seed1.nodes.example.org:9876",
      "seed2.nodes.example.org:9876",
    ]);
  });

  const MISTAKE = ["pulumi:pulumi:Stack (nodewright-second):"];
  const REFUSED: [name: string, over: Record<string, unknown>, said: string[]][] = [
    [
      "is on another chain",
      { peersOf: [nameOf("wax")] },
      [
        ...MISTAKE,
        `error: peersOf: ${nameOf("wax")} is on wax, this stack on eos: their nodes cannot peer. Take it out`,
      ],
    ],
    ...["stranger", "empty"].map((stack): [string, Record<string, unknown>, string[]] => [
      stack === "empty" ? "is not up" : "is no nodewright stack",
      { peersOf: [nameOf(stack)] },
      [
        ...MISTAKE,
        `error: peersOf: ${nameOf(stack)} has no relays in its outputs: is it a nodewright stack, and is it up? Run pulumi up there first`,
      ],
    ]),
    [
      "has no relay",
      { peersOf: [nameOf("hidden")] },
      [
        ...MISTAKE,
        `error: peersOf: ${nameOf("hidden")} has no public relay: add a seed there, or take it out`,
      ],
    ],
    [
      "is not there",
      { peersOf: [nameOf("nowhere")] },
      [
        ...MISTAKE,
        "error: update failed",
        `pulumi:pulumi:StackReference (peersOf ${nameOf("nowhere")}):`,
        `error: unknown stack "${nameOf("nowhere")}"`,
      ],
    ],
    [
      "is named beside a mistake, which alone is told",
      { peersOf: [nameOf("wax")], network: "eoss" },
      [
        ...MISTAKE,
        "error: stack second: 1 mistake, nothing was changed",
        'network  "eoss" is not one of them. Did you mean eos? Choose: eos, jungle, wax, exsat, lab',
      ],
    ],
  ];
  for (const [name, over, said] of REFUSED) {
    it(`says one thing of a stack that ${name}`, async () => {
      const stack = await backend.stack("second", naming(over));
      const text = await failureOf(stack.up());
      // Which of two resources is told of first is the engine's to choose.
      expect(diagnosticsOf(text), text).to.have.members(said);
    });
  }
});
