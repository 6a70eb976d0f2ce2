import { expect } from "chai";
import { explain } from "../../../../components/core/plan/explain";
import { judge } from "../../../support/sample";

const KEYS = [
  "PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63",
  "PUB_K1_5bbkxaLdB5bfVZW6DJY8M74vwT2m61PqwywNUa5azfkJTvYa5H",
];
const SIGNING = `signingKeys: { producers-1: ${KEYS[0]}, producers-2: ${KEYS[1]} }`;

interface Written {
  producers?: string;
  others?: string;
  target?: string;
  rest?: string;
}

const stack = ({
  producers = `count: 2, ${SIGNING}`,
  others = "relay: { role: seed, count: 2 }",
  target = "{ docker: {} }",
  rest = "",
}: Written): string => `
network: lab
target: ${target}
hosts:
  ${others}
  producers: { role: validator, producer: eosio, ${producers} }
${rest}`;

const said = (written: Written): string[] =>
  judge(stack(written)).findings.flatMap(({ severity, path, message }) =>
    severity === "error" ? [`${path}: ${message}`] : [],
  );

const failover = (keys: string) => `count: 2, ${SIGNING}, failover: { ${keys} }`;

const MACHINES = ["relay-1", "relay-2", "producers-1", "producers-2"];
/** The zone of each of the hosts, in that order. */
const metal = (...zones: string[]) =>
  `{ bare-metal: { cluster: { ipv4: 10.20.0.0/16 }, admins: [203.0.113.0/28], mirror: "https://mirror.example.org", hosts: { ${MACHINES.map(
    (name, at) =>
      `${name}: { address: 198.51.100.${at + 1}, hostKey: ssh-ed25519 AAAAC3Nz${at}, os: debian-12, addresses: { public: { ipv4: 198.51.100.${at + 1} }, cluster: { ipv4: 10.20.0.${at + 1} } }${zones[at] ? `, zone: ${zones[at]}` : ""} }`,
  ).join(", ")} } } }`;

const MISTAKES: [name: string, written: Written, said: RegExp][] = [
  [
    "one host that shall take turns",
    { producers: `signingKey: ${KEYS[0]}, failover: { witnesses: [relay-1, relay-2] }` },
    /^hosts\.producers\.count: 1 validator cannot fail over: use 2 or more, or say why/,
  ],
  [
    "a count of one",
    { producers: `count: 1, signingKey: ${KEYS[0]}` },
    /^hosts\.producers\.count: 1 validator cannot fail over/,
  ],
  [
    "an even quorum",
    { others: "relay: { role: seed, count: 2 }", producers: failover("witnesses: [relay-1, relay-2]") },
    /^hosts\.producers\.failover\.witnesses: etcd would run on producers-1, producers-2, relay-1, relay-2: an even quorum/,
  ],
  [
    "members that fail together",
    { target: metal("a", "b", "a", "b") },
    /^hosts\.producers\.failover\.witnesses: etcd would run on producers-1, producers-2: an even quorum .* Name witnesses/,
  ],
  [
    "a witness beside a validator",
    { target: metal("a", "c", "a", "b"), producers: failover("witnesses: [relay-1]") },
    /^hosts\.producers\.failover\.domains: producers-1 and relay-1 are both in a: its loss would take 2 of 3 voters/,
  ],
  [
    "domains that nobody told",
    { target: metal(), producers: failover("witnesses: [relay-1]") },
    /^hosts\.producers\.failover\.domains: nobody says what fails together with producers-1, producers-2, relay-1/,
  ],
  [
    "one key for both",
    { producers: `count: 2, signingKey: ${KEYS[0]}` },
    /^hosts\.producers\.signingKeys: "producers-2" would sign with the key of "producers-1"/,
  ],
  [
    "a lease that is too short",
    { producers: failover("timing: { leaseSeconds: 9 }") },
    /^hosts\.producers\.failover\.timing\.leaseSeconds: a holder could still sign when another has taken over: fence 4 .* The least lease is 10 s: fenceSeconds, 4 s, until the holder pauses/,
  ],
  [
    "a renewal that may not be lost",
    { producers: failover("timing: { renewSeconds: 3 }") },
    /^hosts\.producers\.failover\.timing\.renewSeconds: 3 s leaves no room/,
  ],
  [
    "a guard that has no time",
    { producers: failover("timing: { stopSeconds: 1 }") },
    /^hosts\.producers\.failover\.timing\.stopSeconds: 1 s is less than the guard needs .*: 2 at least/,
  ],
  [
    "a witness that is no host",
    { producers: failover("witnesses: [relay-7]") },
    /^hosts\.producers\.failover\.witnesses\[0\]: "relay-7" is no host of the stack\. There are: relay-1/,
  ],
  [
    "a primary of elsewhere",
    { producers: failover("primary: relay-1") },
    /^hosts\.producers\.failover\.primary: "relay-1" is no host of this entry\. There are: producers-1, producers-2$/,
  ],
  [
    "a producer that is let loose",
    { rest: "services: { nodeos: { options: { pause-on-startup: false } } }" },
    /^services\.nodeos\.options\.pause-on-startup: is set by the failover/,
  ],
  [
    "none, and more",
    { producers: `signingKey: ${KEYS[0]}, failover: { none: one machine is all we have, primary: x }` },
    /^hosts\.producers\.failover: says `none`, and more/,
  ],
  [
    "none, without a word why",
    { producers: `signingKey: ${KEYS[0]}, failover: none` },
    /^hosts\.producers\.failover: is text \("none"\), must be a map of keys$/,
  ],
  [
    "a time that nobody knows",
    { producers: failover("timing: { lease: 9 }") },
    /^hosts\.producers\.failover\.timing\.lease: is no known key\..* Known: ageSeconds, drift/,
  ],
];

describe("a failover with a mistake", () => {
  for (const [name, written, message] of MISTAKES)
    it(`says about: ${name}`, () => {
      const sentences = said(written);
      expect(
        sentences.some((sentence) => message.test(sentence)),
        sentences.join("\n"),
      ).to.equal(true);
    });

  it("says nothing where there is none", () => {
    expect(said({})).to.deep.equal([]);
    expect(said({ target: metal("a", "b", "c", "d") })).to.deep.equal([]);
    expect(said({ producers: `signingKey: ${KEYS[0]}, failover: { none: one machine is all we have }` })).to
      .be.empty;
  });
});

describe("who votes", () => {
  const members = (written: Written) =>
    judge(stack(written)).plan?.failover?.members.map(
      ({ host, witness }) => `${host}${witness ? " (witness)" : ""}`,
    );

  it("is the validators and as many others as make three", () =>
    expect(members({})).to.deep.equal(["producers-1", "producers-2", "relay-1 (witness)"]));

  it("is a host in a failure domain of its own", () =>
    expect(members({ target: metal("a", "c", "a", "b") })).to.deep.equal([
      "producers-1",
      "producers-2",
      "relay-2 (witness)",
    ]));

  it("is nobody else where there are three validators", () =>
    expect(members({ producers: "count: 3" })).to.deep.equal(["producers-1", "producers-2", "producers-3"]));

  it("is the monitor before a relay", () =>
    expect(members({ others: "relay: { role: seed }\n  watch: { role: monitor }" })).to.include(
      "watch (witness)",
    ));

  it("is whom the stack file names", () =>
    expect(members({ producers: failover("witnesses: [relay-2]") })).to.include("relay-2 (witness)"));

  it("is nobody where nobody takes turns", () =>
    expect(members({ producers: `signingKey: ${KEYS[0]}` })).to.equal(undefined));
});

describe("a failover, explained", () => {
  it("says who takes turns, who votes, what a crash costs and why nobody signs twice", () => {
    const { plan } = judge(stack({ target: metal("a", "c", "a", "b") }));
    const lines = plan && explain(plan).split("\n");
    expect(lines?.slice(lines.indexOf("failover"), lines.indexOf("failover") + 4)).to.deep.equal([
      "failover",
      "  producers  eosio is produced by one of producers-1, producers-2; first producers-1",
      "             crash gap ≤ 12 s; nobody signs twice: fence 4 + stop 3 + age 2 + early 0.6 = 9.6 s, and a lease of 10 s lasts 9.9 s at least (drift 1 %)",
      "  etcd       producers-1 (in a), producers-2 (in b), relay-2 (witness, in c)",
    ]);
  });

  it("says nothing where nobody takes turns", () => {
    const { plan } = judge(stack({ producers: `signingKey: ${KEYS[0]}` }));
    expect(plan && explain(plan)).not.to.include("failover");
  });
});
