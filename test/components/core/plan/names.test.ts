import { expect } from "chai";
import type { AddressRef } from "../../../../components/core/network/address-ref";
import { type Nameable, planNames } from "../../../../components/core/plan/dns";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const host = (name: string, role: string, address: AddressRef = "assigned", isPool = false): Nameable => ({
  name,
  role,
  isPool,
  address,
});
const config = (over: Partial<{ seeds: number; ttl: number }> = {}) => ({
  domain: "n.example.org",
  dns: { seeds: 5, ttl: 60, ...over },
});
/** `seed1 a, b` for each record, the domain left out. */
const told = (hosts: Nameable[], dns = config(), by: "service" | "hosts" = "service") =>
  planNames(dns, hosts, by)?.records.map(
    ({ name, hosts: them, pool }) =>
      `${name.replace(".n.example.org", "")} ${pool ? `pool ${pool}` : them.join(", ")}`,
  );
const SEEDS = ["a", "b", "c"].map((name) => host(name, "seed"));

describe("the names of a stack", () => {
  const CASES: [name: string, hosts: Nameable[], told: string[]][] = [
    ["go over the seeds in turn", SEEDS, ["seed1 a", "seed2 b", "seed3 c", "seed4 a", "seed5 b"]],
    [
      "are one for each seed at least",
      "abcdefg".split("").map((name) => host(name, "seed")),
      [...["seed1 a", "seed2 b", "seed3 c", "seed4 d", "seed5 e", "seed6 f", "seed7 g"]],
    ],
    [
      "leave out a seed that the world does not reach",
      [host("a", "seed", "none"), host("b", "seed")],
      [...["seed1 b", "seed2 b", "seed3 b", "seed4 b", "seed5 b"]],
    ],
    ["leave out who is hidden", [host("v", "validator", "none"), host("m", "monitor", "none")], []],
    ["give a monitor that is reached", [host("m", "monitor")], ["status m"]],
    ["give all hosts of a role one name", [host("r1", "rpc"), host("r2", "rpc")], ["rpc r1, r2"]],
    ["give the archives one name", [host("h1", "archive"), host("h2", "archive")], ["archive h1, h2"]],
    [
      "give a pool's balancer the name, and not the host that takes writes",
      [host("w", "rpc"), host("reads", "rpc", "assigned", true)],
      ["rpc pool reads"],
    ],
    [
      "give it though no member has an address of its own",
      [host("reads", "rpc", "none", true), host("w", "rpc")],
      ["rpc pool reads"],
    ],
    ["are none without hosts", [], []],
  ];
  for (const [name, hosts, records] of CASES) it(name, () => expect(told(hosts)).to.deep.equal(records));

  it("are as many as asked for", () => {
    expect(told(SEEDS, config({ seeds: 1 }))).to.deep.equal(["seed1 a", "seed2 b", "seed3 c"]);
    expect(told(SEEDS, config({ seeds: 10 }))).to.have.length(10);
  });

  it("are none without a domain", () =>
    expect(planNames({ domain: undefined, dns: { seeds: 5, ttl: 60 } }, SEEDS, "service")).to.equal(
      undefined,
    ));

  it("carry the addresses that the plan fixes, and no others", () => {
    const fixed = { ipv4: "192.0.2.1", ipv6: "2001:db8::1" };
    const zone = planNames(config(), [host("a", "rpc", fixed), host("b", "rpc")], "service");
    expect(zone?.records).to.deep.equal([
      { name: "rpc.n.example.org", hosts: ["a", "b"], addresses: [fixed] },
    ]);
  });

  const SERVERS: [seeds: number, names: string[]][] = [
    [1, ["ns1 s1"]],
    [2, ["ns1 s1", "ns2 s2"]],
    [6, ["ns1 s1", "ns2 s2", "ns3 s3", "ns4 s4"]],
  ];
  for (const [count, servers] of SERVERS) {
    it(`are answered by ${servers.length} of ${count} seeds where the target has no name service`, () => {
      const seeds = Array.from({ length: count }, (_, index) => host(`s${index + 1}`, "seed"));
      const zone = planNames(config(), seeds, "hosts");
      expect(zone?.servers.map(({ name, hosts }) => `${name.split(".")[0]} ${hosts.join()}`)).to.deep.equal(
        servers,
      );
      expect(planNames(config(), seeds, "service")?.servers).to.deep.equal([]);
    });
  }

  it("keep their hosts when another seed joins at the end, but for those that went round", () => {
    const before = told(SEEDS) ?? [];
    const after = told([...SEEDS, host("d", "seed")]) ?? [];
    expect(before.filter((each, index) => after[index] !== each)).to.deep.equal(["seed4 a", "seed5 b"]);
  });

  it("stand in a whole plan, the pool's with it", () => {
    expect(
      cloudPlan().names?.records.map(({ name, hosts, pool }) => [name, pool ?? hosts.join()]),
    ).to.deep.equal([
      ["seed1.nodes.example.org", "seed-1"],
      ["seed2.nodes.example.org", "seed-2"],
      ["seed3.nodes.example.org", "seed-3"],
      ["seed4.nodes.example.org", "seed-1"],
      ["seed5.nodes.example.org", "seed-2"],
      ["rpc.nodes.example.org", "rpc"],
      ["archive.nodes.example.org", "history"],
    ]);
  });
});

describe("a stack's domain", () => {
  const { seed: _, ...SEEDLESS } = HOSTS;
  const lone = { watch: SEEDLESS.watch };
  const two = { ...HOSTS, more: { role: "rpc", count: 2 } };
  const CASES: [
    name: string,
    over: Record<string, unknown>,
    answeredBy: "service" | "hosts",
    said: string[],
  ][] = [
    [
      "is missed where seeds have none",
      { domain: undefined },
      "service",
      [
        "domain: is not set: peers would know your relays by address alone, and lose them when one is replaced",
      ],
    ],
    ["is missed nowhere else", { domain: undefined, hosts: lone }, "service", []],
    [
      "with few seed names is warned of",
      { dns: { seeds: 4 } },
      "service",
      ["dns.seeds: 4 seed names are few: 5 to 10 let you add relays without telling anyone"],
    ],
    ["with five is well", { dns: { seeds: 5 } }, "service", []],
    ["needs no seed where the target answers", { hosts: lone }, "service", []],
    [
      "that the hosts answer for needs a seed",
      { hosts: lone },
      "hosts",
      [
        "domain: is answered for by seeds on this target, and the stack has none: add one, or leave the domain out",
      ],
    ],
    [
      "tells which pool has the one name",
      { hosts: two },
      "service",
      [
        "hosts.more: has no name of its own: rpc.nodes.example.org leads to rpc. Make the two rpc pools one group",
      ],
    ],
  ];
  for (const [name, over, names, said] of CASES) {
    it(name, () => {
      const raw = Object.fromEntries(
        Object.entries(cloudStack(over)).filter(([, value]) => value !== undefined),
      );
      const found = judgeCloud(raw, { traits: { names } }).findings.filter(
        ({ path, message }) => /^(domain|dns|hosts\.more)/.test(path) && !message.startsWith("single point"),
      );
      expect(found.map(({ path, message }) => `${path}: ${message}`)).to.deep.equal(said);
    });
  }

  it("is answered by every seed where the target has no name service, and by none elsewhere", () => {
    const running = (names: "service" | "hosts") =>
      cloudPlan(cloudStack(), { traits: { names } })
        .hosts.filter(({ services }) => services.some(({ service }) => service === "dns"))
        .map(({ name }) => name);
    expect(running("hosts")).to.deep.equal(["seed-1", "seed-2", "seed-3"]);
    expect(running("service")).to.deep.equal([]);
  });
});
