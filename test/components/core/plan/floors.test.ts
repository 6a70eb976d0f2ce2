import { expect } from "chai";
import type { HostPlan } from "../../../../components/core/plan/plan";
import { stackOutputs } from "../../../../stacks/outputs";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const WHY = "a rehearsal that holds no chain of weight";
const history = (wishes: Record<string, unknown>) =>
  cloudStack({ hosts: { ...HOSTS, history: { role: "archive", ...wishes } } });
const hostOf = (raw: Record<string, unknown>, name = "history"): HostPlan => {
  const host = cloudPlan(raw).hosts.find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
};
const saidOf = (raw: Record<string, unknown>, path: string) =>
  judgeCloud(raw).findings.flatMap((found) =>
    found.path.startsWith(path) && !found.message.startsWith("single point")
      ? [`${found.severity} ${found.path}: ${found.message}`]
      : [],
  );

describe("a hardware floor", () => {
  const MACHINES: [name: string, wishes: Record<string, unknown>, machine: string, disk: number][] = [
    ["as it is", {}, "middle", 4096],
    ["raised in memory", { memory: "100 GB" }, "large", 4096],
    ["raised in cores", { cores: 9 }, "large", 4096],
    ["raised in disk", { disk: "6 TB" }, "middle", 6144],
    ["asked for once more", { memory: "64 GB", disk: "4 TB" }, "middle", 4096],
    ["lowered in disk with a reason", { disk: "1 TB", belowFloor: WHY }, "middle", 1024],
    ["with a machine above it", { machine: "large" }, "large", 4096],
  ];
  for (const [name, wishes, machine, disk] of MACHINES) {
    it(`${name} takes ${machine} with ${disk} GiB`, () => {
      const host = hostOf(history(wishes));
      expect([host.machine, host.disk?.size]).to.deep.equal([machine, disk]);
    });
  }

  const SAID: [name: string, wishes: Record<string, unknown>, said: RegExp[]][] = [
    ["met", {}, []],
    ["raised", { memory: "128 GB" }, []],
    [
      "lowered without a reason",
      { disk: "1 TB" },
      [
        /^error hosts\.history\.disk: 1 TB is below the floor of archive, 4 TB \(TrustEVM deployment plan, hardware requirements\): ask for more, or write in hosts\.history\.belowFloor why this will do$/,
      ],
    ],
    [
      "lowered twice without a reason",
      { disk: "1 TB", cores: 4 },
      [/^error hosts\.history\.cores: 4 is below /, /^error hosts\.history\.disk: 1 TB is below /],
    ],
    [
      "lowered with a reason",
      { disk: "1 TB", belowFloor: WHY },
      [
        /^warning hosts\.history\.disk: 1 TB is below the floor of archive, 4 TB \(.*\), by choice: a rehearsal /,
      ],
    ],
    [
      "not lowered, with a reason all the same",
      { belowFloor: WHY },
      [
        /^warning hosts\.history\.belowFloor: says why less will do, and nothing is below the floor of archive: take it out$/,
      ],
    ],
    [
      "not met by the machine that is named",
      { machine: "small", belowFloor: WHY, cores: 2, disk: "1 TB" },
      [
        /^warning .*\.cores/,
        /^warning .*\.disk/,
        /^error hosts\.history\.machine: small has 4 GB where 64 GB memory is the floor/,
      ],
    ],
    [
      "of an unknown machine",
      { machine: "midle" },
      [/^error hosts\.history\.machine: Shop has no box "midle"/],
    ],
  ];
  for (const [name, wishes, said] of SAID) {
    it(`${name} says ${said.length === 0 ? "nothing" : said.length}`, () => {
      const found = saidOf(history(wishes), "hosts.history");
      expect(found).to.have.length(said.length, found.join("\n"));
      for (const [index, text] of said.entries()) expect(found[index]).to.match(text);
    });
  }

  it("is raised by a network for hosts with a full node, and for no other", () => {
    const wax = cloudPlan(cloudStack({ network: "wax", hosts: { seed: HOSTS.seed, watch: HOSTS.watch } }));
    expect(wax.hosts.map(({ name, machine }) => [name, machine])).to.deep.equal([
      ["seed-1", "large"],
      ["seed-2", "large"],
      ["seed-3", "large"],
      ["watch", "small"],
    ]);
  });

  it("names the stack file beside its source where the stack asks for other figures", () => {
    expect(hostOf(history({ memory: "128 GB" })).hardware.source).to.equal(
      "TrustEVM deployment plan, hardware requirements; the stack file",
    );
    expect(hostOf(history({ memory: "64 GB" })).hardware.source).to.equal(
      "TrustEVM deployment plan, hardware requirements",
    );
  });

  it("does not hold where hosts are a lab's", () => {
    const raw = history({ disk: "10 GB", memory: "64 GB" });
    const { findings, plan } = judgeCloud(raw, { traits: { floors: false } });
    expect(findings.filter(({ path }) => path.startsWith("hosts.history"))).to.deep.equal([]);
    expect(plan?.hosts.find(({ name }) => name === "history")?.disk?.size).to.equal(10);
  });
});

describe("a reason for less than the floor", () => {
  const LESS = { cores: 4, belowFloor: WHY };
  const plan = cloudPlan(
    cloudStack({
      hosts: {
        ...HOSTS,
        rpc: { ...HOSTS.rpc, ...LESS },
        history: { ...HOSTS.history, ...LESS },
        producer: { ...HOSTS.producer, belowFloor: WHY },
      },
    }),
  );

  it("stands in the plan of the host or member that has less, and of no other", () => {
    expect(plan.pools.map(({ member }) => member.belowFloor)).to.deep.equal([WHY]);
    expect(plan.hosts.flatMap(({ name, belowFloor }) => (belowFloor ? [name] : []))).to.deep.equal([
      "history",
    ]);
  });

  it("stands in the outputs of the stack", () => {
    expect(stackOutputs(plan, { hosts: {} }).belowFloor).to.deep.equal({ history: WHY, rpc: WHY });
  });

  it("is said once of a counted group", () => {
    const raw = cloudStack({ hosts: { ...HOSTS, seed: { role: "seed", count: 3, disk: "1 TB" } } });
    expect(saidOf(raw, "hosts.seed")).to.have.length(1);
  });
});
