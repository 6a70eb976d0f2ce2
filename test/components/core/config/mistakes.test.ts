import { expect } from "chai";
import { judge, SAMPLE } from "../../../support/sample";

const said = (yaml: string) =>
  judge(yaml)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ path, message }) => `${path}: ${message}`);

const HOSTS = `
  seed-a: { role: seed }
  validator-a: { role: validator, producer: eosio }`;
const stack = (hosts: string, rest = "") => `
network: lab
target: { docker: {} }
hosts:${hosts}
${rest}`;

const edge = (settings: string) =>
  stack(`${HOSTS}\n  rpc-a: { role: rpc, services: { proxy: { ${settings} } } }`);

const onChain = (section: string) => stack(HOSTS, `chain: { endpoint: "http://127.0.0.1:8888", ${section} }`);

/** One mistake each: what is said must be this one sentence and nothing else. */
const MISTAKES: [name: string, yaml: string, said: RegExp][] = [
  [
    "an EVM of another account than hosts follow",
    onChain("evm: { account: elsewhere, chainId: 15555, ingressFee: 0.0100 EOS }"),
    /^chain\.evm\.account: /,
  ],
  [
    "an EVM of another chain id than hosts serve",
    onChain("evm: { account: evmevmevmevm, chainId: 17777, ingressFee: 0.0100 EOS }"),
    /^chain\.evm\.chainId: is 15555 on lab: hosts would serve another EVM than the contract runs$/,
  ],
  [
    "an amount without its decimals",
    onChain("budget: 5 eos"),
    /^chain\.budget: "5 eos" is no amount: write it like 1\.0000 EOS, with all decimals$/,
  ],
  [
    "a producer's key that is none",
    onChain("schedule: [{ producer: alice, key: PUB_K1_nothing }]"),
    /^chain\.schedule\[0\]\.key: "PUB_K1_nothing" is no public key: EOS… or PUB_K1_…$/,
  ],
  [
    "a distribution with other decimals than its token",
    onChain(
      `tokens: [{ issuer: alice, maximum: 10.0000 EOS }], distribution: { file: a.csv, sha256: ${"a".repeat(64)}, from: alice, total: 1.00 EOS }`,
    ),
    /^chain\.distribution\.total: 1\.00 EOS has other decimals than 10\.0000 EOS/,
  ],
  [
    "a balancer that ends TLS, and not which",
    edge("tls: balancer"),
    /^hosts\.rpc-a\.services\.proxy\.tls: says that a balancer ends TLS, and not which: name it in behind/,
  ],
  [
    "a certificate for no name",
    edge("tls: acme"),
    /^hosts\.rpc-a\.services\.proxy\.tls: acme, and no name leads to rpc-a: set domain, or acme\.names$/,
  ],
  [
    "a key of a tier that is none",
    edge(
      `keys: { wallet: { sha256: ${"a".repeat(64)}, tier: gold } }, tiers: { silver: { unitsPerSecond: 9 } }`,
    ),
    /^hosts\.rpc-a\.services\.proxy\.keys\.wallet\.tier: is no tier: silver$/,
  ],
  [
    "one key of two owners",
    edge(
      `tiers: { gold: { unitsPerSecond: 9 } }, keys: { one: { sha256: ${"a".repeat(64)}, tier: gold }, two: { sha256: ${"a".repeat(64)}, tier: gold } }`,
    ),
    /^hosts\.rpc-a\.services\.proxy\.keys\.two\.sha256: is the key of one, too$/,
  ],
  [
    "an edge for nobody",
    edge("anonymous: false"),
    /^hosts\.rpc-a\.services\.proxy\.anonymous: shuts everyone out: there is no key$/,
  ],
  [
    "a word of a header that is none",
    edge("behind: { addresses: [10.0.0.0/16], by: x-forwarded-for, word: 0 }"),
    /^hosts\.rpc-a\.services\.proxy\.behind\.word: /,
  ],
  ["unknown key", stack(HOSTS, "targt: 1"), /^targt: is no known key\. Did you mean target\? Known: /],
  [
    "unknown key of a host",
    stack(`${HOSTS}\n  rpc-a: { role: rpc, producer: x }`),
    /^hosts\.rpc-a\.producer: is no known key\./,
  ],
  [
    "unknown key of a service",
    stack(HOSTS, "services: { nodeos: { statSize: 1 GB } }"),
    /^services\.nodeos\.statSize: is no known key\. Did you mean stateSize\?/,
  ],
  [
    "wrong type",
    stack("\n  seed-a: { role: seed, count: many }\n  validator-a: { role: validator, producer: eosio }"),
    /^hosts\.seed-a\.count: is text \("many"\), must be a number$/,
  ],
  [
    "half a range",
    stack(`${HOSTS}\n  rpc-a: { role: rpc, count: { min: 2 } }`),
    /^hosts\.rpc-a\.count: must be a number of hosts, 1 to 200, or \{ min, max \} of them$/,
  ],
  [
    "a reason that is none",
    stack(`${HOSTS}\n  rpc-a: { role: rpc, belowFloor: cheap }`),
    /^hosts\.rpc-a\.belowFloor: says too little: write why/,
  ],
  [
    "unknown role",
    stack(`${HOSTS}\n  rpc-a: { role: rcp }`),
    /^hosts\.rpc-a\.role: "rcp" is not one of them\. Did you mean rpc\? Choose: validator, rpc, archive, backup, seed, monitor$/,
  ],
  [
    "unknown network",
    SAMPLE.replace("network: lab", "network: labb"),
    /^network: "labb" is not one of them\. Did you mean lab\?/,
  ],
  [
    "unknown target",
    SAMPLE.replace("docker:", "dokcer:"),
    /^target\.dokcer: is no known key\. Did you mean docker\?/,
  ],
  ["no target", SAMPLE.replace(/target: .*/, "target: {}"), /^target: names no target/],
  [
    "role without what it requires",
    stack("\n  validator-a: { role: validator, producer: eosio }"),
    /^hosts\.validator-a\.role: "validator" needs a host of role seed: /,
  ],
  [
    "duplicate host name",
    stack(`${HOSTS}\n  rpc: { role: rpc, count: 2 }\n  rpc-2: { role: rpc }`),
    /^hosts\.rpc-2: makes a second host "rpc-2", beside that of hosts\.rpc/,
  ],
  [
    "port collision",
    stack(`${HOSTS}\n  rpc-a: { role: rpc, services: { evm-node: { port: 8999 } } }`),
    /^hosts\.rpc-a\.services\.evm-node: port 8999 of evm-node \(grpc\) is taken by nodeos \(ship\)/,
  ],
  [
    "published port collision",
    stack(`${HOSTS}\n  rpc: { role: rpc, count: 2 }`).replace(
      "docker: {}",
      "docker: { publish: { rpc-1: { rpc: 80 }, rpc-2: { rpc: 80 } } }",
    ),
    /^target\.docker\.publish\.rpc-2\.rpc: port 80 of this machine is published by publish\.rpc-1\.rpc already/,
  ],
  [
    "two producers with one name",
    stack(`${HOSTS}\n  validator-b: { role: validator, producer: eosio }`),
    /^hosts\.validator-b\.producer: "eosio" is produced by "validator-a" already; both would sign\./,
  ],
  [
    "a second producer elsewhere",
    stack(`${HOSTS}\n  validator-b: { role: validator, producer: eosio }`),
    /^hosts\.validator-b\.producer: "eosio" is produced by "validator-a" already; both would sign/,
  ],
  [
    "producer outside the schedule",
    stack("\n  seed-a: { role: seed }\n  validator-a: { role: validator, producer: other }"),
    /^hosts\.validator-a\.producer: "other" is in no schedule/,
  ],
  [
    "option that the plan decides",
    stack(HOSTS, "services: { nodeos: { options: { http-server-address: 0.0.0.0:1 } } }"),
    /^services\.nodeos\.options\.http-server-address: .*is set by the plan/,
  ],
  [
    "state too small to start",
    stack(HOSTS, "services: { nodeos: { stateSize: 100 MB } }"),
    /^services\.nodeos\.stateSize: "100 MB" is less than 256 MB$/,
  ],
  [
    "network that is no CIDR",
    SAMPLE.replace("docker: {", "docker: { networks: { cluster: { ipv4: 10.0.0.1/8 } },"),
    /^target\.docker\.networks\.cluster\.ipv4: "10\.0\.0\.1\/8" is no IPv4 network/,
  ],
  [
    "overlapping networks",
    SAMPLE.replace("docker: {", "docker: { networks: { cluster: { ipv4: 10.78.0.0/24 } },"),
    /^target\.docker\.networks\.cluster\.ipv4: 10\.78\.0\.0\/24 overlaps networks\.public\.ipv4/,
  ],
  [
    "publish of an unknown host",
    SAMPLE.replace("rpc-a: { rpc: 8545 }", "rpc-b: { rpc: 8545 }"),
    /^target\.docker\.publish\.rpc-b: is no host of this stack\. Hosts: seed-a, validator-a, rpc-a$/,
  ],
  [
    "publish of a hidden listener",
    SAMPLE.replace("{ rpc: 8545 }", "{ ship: 8545 }"),
    /^target\.docker\.publish\.rpc-a\.ship: is no public listener of "rpc-a"\. It has: rpc$/,
  ],
  ["nobody makes blocks", stack("\n  seed-a: { role: seed }"), /^hosts: has no validator/],
  ["no hosts", stack(" {}"), /^hosts: names no host/],
  ["host name", stack(`${HOSTS}\n  Rpc_A: { role: rpc }`), /^hosts\.Rpc_A: is no host name/],
];

describe("a stack file with one mistake", () => {
  for (const [name, yaml, message] of MISTAKES) {
    it(`says one sentence about: ${name}`, () => {
      const sentences = said(yaml);
      expect(sentences).to.have.length(1, sentences.join("\n"));
      expect(sentences[0]).to.match(message);
    });
  }

  it("has nothing against the sample", () => {
    expect(said(SAMPLE)).to.deep.equal([]);
  });
});

describe("a stack file with many mistakes", () => {
  it("tells them all at once, the schema's and the plan's, each once", () => {
    const yaml = `
network: labb
target: { docker: { publish: { rpc-a: { rpc: 8545 } } } }
hosts:
  seed-a: { role: sed }
  validator-a: { role: validator, producer: eosio }
  validator-b: { role: validator, producer: eosio }
  rpc-a: { role: rpc, count: x, services: { evm-node: { port: 8999 }, proxy: { prot: 1 } } }
colour: blue`;
    expect(
      said(yaml)
        .map((sentence) => sentence.split(":")[0])
        .sort(),
    ).to.deep.equal(
      [
        "colour",
        "hosts.rpc-a.count",
        "hosts.rpc-a.services.evm-node",
        "hosts.rpc-a.services.proxy.prot",
        "hosts.seed-a.role",
        "hosts.validator-b.producer",
        "network",
      ].sort(),
    );
  });
});
