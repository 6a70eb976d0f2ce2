import { expect } from "chai";
import { chainSchema } from "../../../../components/core/config/chain";
import { explain } from "../../../../components/core/plan/explain";
import { cloudPlan, cloudStack, HOSTS } from "../../../support/fake-cloud";
import { expectGolden } from "../../../support/golden";
import { GENESIS_KEY } from "../../../support/real-nodeos";

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

  it("tells what a chain shall have, as the actions that would make it, and when it is topped up", () => {
    const key = GENESIS_KEY.public;
    const section = {
      endpoint: "http://127.0.0.1:8888",
      chainId: "a".repeat(64),
      features: ["ACTION_RETURN_VALUE", "GET_BLOCK_NUM"],
      accounts: {
        evmaccount11: { creator: "operator1111", active: key, code: true, ram: "20 MB", cpu: "10.0000 EOS" },
      },
      budget: "500.0000 EOS",
      tokens: [{ issuer: "operator1111", maximum: "1000.0000 EOS", issued: "10.0000 EOS" }],
      distribution: {
        file: "genesis.csv",
        sha256: "0".repeat(64),
        from: "operator1111",
        total: "10.0000 EOS",
      },
      schedule: [{ producer: "producer1111", key }],
      proposals: { operator1111: { proposer: "alice1111111@active", approvals: ["bob111111111@active"] } },
    };
    const plan = { ...cloudPlan(), chain: { section: chainSchema.parse(section), isBorn: false } };
    const [, told = ""] = explain(plan).split(/^(?=native chain)/m);
    expectGolden("plan/chain.txt", `${told.split("\n\n")[0]}\n`);
  });

  it("shows no secret's value and no key", () => {
    const text = explain(cloudPlan());
    expect(text).to.include("signing-key");
    expect(text).not.to.match(/PUB_K1_|ssh-ed25519/);
  });
});
