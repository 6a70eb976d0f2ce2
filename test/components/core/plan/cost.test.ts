import { expect } from "chai";
import { planCost } from "../../../../components/core/plan/cost";
import { moneyText } from "../../../../components/core/plan/explain-cost";
import { cloudPlan, cloudRegistry, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const MIDDLE = 300 + 2048 * 0.08;
const ADDRESS = 3.65;
const BALANCER = 16.43;
const ZONE = 0.5;
const cents = (amount: number) => Math.round(amount * 100) / 100;
const only = (hosts: Record<string, unknown>, over = {}) => cloudStack({ hosts, ...over });

describe("the cost of a stack", () => {
  const { seed, rpc, writes, watch } = HOSTS;
  const CASES: [name: string, hosts: Record<string, unknown>, total: number, most: number][] = [
    ["is that of its one host", { watch }, 24 + ZONE, 24 + ZONE],
    ["counts every host of a group", { seed }, 3 * (MIDDLE + ADDRESS) + ZONE, 3 * (MIDDLE + ADDRESS) + ZONE],
    [
      "counts a pool at its smallest and at its largest",
      { seed: { role: "seed" }, rpc, writes },
      2 * (MIDDLE + ADDRESS) + 2 * MIDDLE + BALANCER + ZONE,
      2 * (MIDDLE + ADDRESS) + 6 * MIDDLE + BALANCER + ZONE,
    ],
    [
      "counts a pool of fixed size once",
      { seed: { role: "seed" }, rpc: { role: "rpc", count: 3 } },
      MIDDLE + ADDRESS + 3 * MIDDLE + BALANCER + ZONE,
      MIDDLE + ADDRESS + 3 * MIDDLE + BALANCER + ZONE,
    ],
  ];
  for (const [name, hosts, total, most] of CASES) {
    it(name, () => {
      const { cost } = cloudPlan(only(hosts));
      expect([cost?.total, cost?.most]).to.deep.equal([cents(total), cents(most)]);
    });
  }

  it("is the sum of what it shows", () => {
    const { cost } = cloudPlan();
    const shown = [...(cost?.hosts ?? []), ...(cost?.shared ?? [])].reduce(
      (sum, { monthly }) => sum + monthly,
      0,
    );
    expect(cents(shown)).to.equal(cost?.total);
    expect(cost).to.include({ source: "made up", date: "2026-01-01" });
  });

  it("is in cents, however many parts there are", () => {
    const [target] = cloudRegistry().targets;
    const [host] = cloudPlan().hosts;
    if (!target || !host) throw new Error("no target, or no host");
    const tenths = [1, 2, 3].map(() => ({ ...host, cost: [{ what: "a tenth", monthly: 0.1 }] }));
    const free = { ...target, sharedCost: () => [] };
    expect(planCost(free, {}, { hosts: tenths, pools: [] })?.total).to.equal(0.3);
  });
});

describe("a budget", () => {
  const CASES: [budget: string, said: RegExp | undefined][] = [
    ["5789.10 USD", undefined],
    [
      "5789.09 USD",
      /^budget: the stack comes to 5,789\.10 USD a month at list prices, with every pool at its largest, over 5789\.09 USD: /,
    ],
    ["4000 USD", /with every pool at its largest/],
    ["1 USD", /raise it, or take fewer or smaller hosts \(`npm run plan` shows each\)$/],
  ];
  for (const [budget, said] of CASES) {
    it(`of ${budget} ${said ? "is too little" : "will do"}`, () => {
      const { findings } = judgeCloud(cloudStack({ budget }));
      const found = findings
        .filter(({ path }) => path === "budget")
        .map(({ path, message }) => `${path}: ${message}`);
      if (said) expect(found[0]).to.match(said);
      expect(found).to.have.length(said ? 1 : 0);
    });
  }

  it("does not speak of pools where none grows", () => {
    const { findings } = judgeCloud(only({ seed: HOSTS.seed }, { budget: "1 USD" }));
    expect(findings.find(({ path }) => path === "budget")?.message).not.to.include("pool");
  });

  it("must name its currency", () => {
    const { findings } = judgeCloud(cloudStack({ budget: "9000" }));
    expect(findings.find(({ path }) => path === "budget")?.message).to.include("write it like 9000 USD");
  });
});

describe("an amount of money", () => {
  const TEXTS: [amount: number, text: string][] = [
    [0, "0"],
    [24, "24"],
    [0.5, "0.50"],
    [7412.5, "7,412.50"],
    [1234567.89, "1,234,567.89"],
  ];
  for (const [amount, text] of TEXTS) it(`reads ${text}`, () => expect(moneyText(amount)).to.equal(text));
});
