import { expect } from "chai";
import { explain } from "../../../../components/core/plan/explain";
import { cloudPlan, cloudStack, HOSTS } from "../../../support/fake-cloud";
import { expectGolden } from "../../../support/golden";

const { rpc: _, ...FIXED } = HOSTS;
const WHY = "its copies are kept elsewhere, by the other operator";

describe("a plan, explained", () => {
  it("reads as a reviewer saw it last, with pools, prices and names", () =>
    expectGolden("plan/cloud.txt", `${explain(cloudPlan())}\n`));

  it("reads as a reviewer saw it last, where hosts balance and answer for names themselves", () => {
    const hosts = {
      ...FIXED,
      reads: { role: "rpc", count: 3, memory: "128 GB" },
      history: { role: "archive", disk: "1 TB", belowFloor: WHY },
    };
    const plan = cloudPlan(cloudStack({ hosts }), { traits: { scaling: false, names: "hosts" } });
    expectGolden("plan/cloud-alone.txt", `${explain(plan)}\n`);
  });

  it("grows by a line or two for each further host of a group", () => {
    const lines = (count: number) =>
      explain(
        cloudPlan(cloudStack({ hosts: { ...HOSTS, seed: { role: "seed", count } }, dns: { seeds: 5 } })),
      ).split("\n").length;
    // One in the table of hosts, one of cost, one name.
    expect(lines(40) - lines(10)).to.be.at.most(3 * 30);
  });

  it("shows no secret's value and no key", () => {
    const text = explain(cloudPlan());
    expect(text).to.include("signing-key");
    expect(text).not.to.match(/PUB_K1_|ssh-ed25519/);
  });
});
