import { Document, isMap, isPair, isScalar, isSeq, type Pair, visit } from "yaml";
import type { ChainNetwork } from "../../components/core/networks/network";
import type { Answers } from "./answers";
import { type Expected, expected, type Host, hostsOf } from "./hosts";

/** A key of a stack file with why it is there. */
interface Entry {
  key: string;
  value: unknown;
  /** Before it, a line each. */
  why?: string[];
  /** Behind its value. */
  aside?: string;
}

/** A stack file from what was answered, with comments for whoever reads it next. Answers may be wrong: its parser says so. */
export function draft(stack: string, answers: Answers, network: ChainNetwork | undefined): string {
  const hosts = hostsOf(answers, network);
  const document = new Document({
    config: Object.fromEntries(entries(answers, hosts).map(({ key, value }) => [`nodewright:${key}`, value])),
  });
  document.commentBefore = [
    ` ${network?.summary ?? "A chain"} on ${answers.target ?? "a target"}. \`npm run plan -- ${stack}\` shows what it comes to,`,
    ` \`npm run doctor -- ${stack}\` what is missing before the first \`pulumi up\`.`,
    " yaml-language-server: $schema=./stack.schema.json",
  ].join("\n");
  const config = document.get("config");
  if (isMap(config)) for (const pair of config.items) if (isPair(pair)) annotate(pair, answers, hosts);
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isMap(value) || isSeq(value))
        value.flow ||= isScalar(key) && IN_ONE_LINE.includes(String(key.value));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Short enough to be read as one. */
const IN_ONE_LINE = ["zones", "admins", "addresses", "cluster"];

function annotate(pair: Pair, answers: Answers, hosts: readonly Host[]): void {
  const entry = entries(answers, hosts).find(
    ({ key }) => isScalar(pair.key) && pair.key.value === `nodewright:${key}`,
  );
  if (entry?.why && isScalar(pair.key)) pair.key.commentBefore = comment(entry.why);
  if (entry?.aside !== undefined && isScalar(pair.value)) pair.value.comment = ` ${entry.aside}`;
  if (entry?.key !== "hosts" || !isMap(pair.value)) return;
  for (const each of pair.value.items) {
    const why = hosts.find(({ name }) => isScalar(each.key) && each.key.value === name)?.why;
    if (isMap(each.value)) {
      each.value.flow = true;
      if (why !== undefined) each.value.comment = ` ${why}`;
    }
  }
}

const comment = (lines: readonly string[]): string => lines.map((line) => ` ${line}`).join("\n");

const given = (key: string, value: unknown, rest: Omit<Entry, "key" | "value"> = {}): Entry[] =>
  value === undefined ? [] : [{ key, value, ...rest }];

function entries(answers: Answers, hosts: readonly Host[]): Entry[] {
  const { network, domain, target, sshKey, budget } = answers;
  return [
    ...given("network", network),
    ...given("domain", domain, { aside: "yours: delegate it to the name servers in the outputs" }),
    ...given("target", target === undefined ? undefined : { [target]: settingsOf(answers, hosts) }, {
      ...(target === "bare-metal" ? { why: MACHINES } : {}),
    }),
    { key: "hosts", value: Object.fromEntries(hosts.map(({ name, entry }) => [name, entry])) },
    ...given("services", hosts.some(({ entry: { role } }) => role === "rpc") ? ending(answers) : undefined, {
      why: [
        "Who ends TLS at the public endpoint, `acme` (Let's Encrypt), `own`, `balancer`, or nobody, `off`: docs/edge.md.",
      ],
    }),
    ...given("sshKeys", sshKey === undefined ? undefined : [sshKey], {
      why: ["Who may log in, from `admins` alone. The private half is the secret ssh/private-key."],
    }),
    ...given("budget", budget, { aside: "a month, at list prices and with pools at their largest" }),
    ...given("protect", target === "docker" ? false : undefined, { aside: "the data goes with the stack" }),
  ];
}

/** A certificate is asked for by a name, and not for a pool, whose machines hold no key. */
const ending = ({ target, domain }: Answers) => ({
  proxy: { tls: target === "bare-metal" && domain !== undefined ? "acme" : "off" },
});

const MACHINES = [
  "Put your machines in: address, host key (a line of its /etc/ssh/ssh_host_ed25519_key.pub, read at the console), system and",
  "the addresses. Those below are nobody's, and their keys no machine has: nothing is changed before they are right.",
];

function settingsOf({ target, region, project, admins }: Answers, hosts: readonly Host[]): unknown {
  const login = admins === undefined ? {} : { admins };
  if (target === "aws") return { region, zones: ["a", "b"], ...login };
  if (target === "gcp") return { project, region, ...login };
  if (target === "digitalocean") return { region, ...login };
  if (target !== "bare-metal") return {};
  return {
    cluster: { ipv4: "10.20.0.0/16" },
    ...login,
    mirror: "https://mirror.example.org/nodewright",
    hosts: Object.fromEntries(expected(hosts).map((each, index) => [each.name, machine(each, index + 11)])),
  };
}

/** Of no machine: an address of the documentation's (RFC 5737), and a key that nobody has. */
const machine = ({ name, isHidden }: Expected, number: number) => {
  const outside = { ipv4: `203.0.113.${number}` };
  const cluster = { ipv4: `10.20.0.${number}` };
  return {
    // The world has no way to a hidden one: you have, by a VPN.
    address: isHidden ? cluster.ipv4 : outside.ipv4,
    hostKey: `ssh-ed25519 ${Buffer.from(`replace: the host key of ${name}`).toString("base64")}`,
    os: "debian-12",
    addresses: { ...(isHidden ? {} : { public: outside }), cluster },
  };
};
