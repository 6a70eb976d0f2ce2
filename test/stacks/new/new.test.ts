import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { registry } from "../../../components/registry";
import { planOf } from "../../../stacks/load";
import type { Answers } from "../../../stacks/new/answers";
import { asked, withDefaults } from "../../../stacks/new/ask";
import { compose } from "../../../stacks/new/compose";
import { PROJECT } from "../../../stacks/stack-file";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAx you@example.org";

const answersFor = (target: string, network: string, producer: string | false): Answers => ({
  target,
  network,
  producer,
  ...(target === "docker" ? {} : { admins: ["203.0.113.7/32"], sshKey: KEY, domain: "nodes.example.org" }),
  ...(target === "gcp" ? { project: "example-nodes" } : {}),
});

const made = (answers: Answers) => compose("eu-1", withDefaults(answers));

const mistakesOf = (answers: Answers, stack = "eu-1"): string => {
  try {
    compose(stack, withDefaults(answers));
    return "no mistake";
  } catch (cause) {
    return (cause as Error).message;
  }
};

describe("a new stack file", function () {
  this.timeout(300_000);
  const clouds = registry.targets.map(({ name }) => name).filter((name) => name !== "docker");

  for (const target of clouds)
    for (const producer of ["alicealice11", false] as const)
      it(`holds on ${target}, ${producer ? "with" : "without"} a producer, and says why each host is there`, () => {
        const { plan, text } = made(answersFor(target, "eos", producer));
        expect(plan.target.name).to.equal(target);
        expect(plan.hosts.filter(({ role }) => role === "validator")).to.have.length(producer ? 1 : 0);
        for (const { listeners, role } of plan.hosts)
          if (role === "validator")
            expect(listeners.map(({ exposure }) => exposure)).not.to.include("public");
        for (const line of text.split("\n"))
          if (/^ {4}\w+: \{ role/.test(line)) expect(line).to.match(/ # \w/);
      });

  for (const network of Object.keys(registry.networks))
    if (network !== "lab")
      it(`holds on ${network}, with the roles that it allows`, () => {
        const { plan } = made(answersFor("aws", network, false));
        expect(plan.pools).to.have.length(registry.networks[network]?.evm ? 1 : 0);
      });

  it("of a chain of its own has the producer that its genesis knows", () => {
    const { plan } = made({ target: "docker" });
    expect(plan.hosts.map(({ producer }) => producer?.name).filter(Boolean)).to.deep.equal(["eosio"]);
  });

  it("is the same from the same answers", () => {
    const answers = answersFor("bare-metal", "eos", "alicealice11");
    expect(made(answers).text).to.equal(made(answers).text);
  });

  it("has a budget, and refuses one that it exceeds", () => {
    const answers = answersFor("aws", "eos", false);
    expect(made({ ...answers, budget: "90000 USD" }).text).to.include(
      "nodewright:budget: 90000 USD # a month",
    );
    expect(mistakesOf({ ...answers, budget: "9 USD" })).to.match(/budget/);
  });

  const aws = answersFor("aws", "eos", false);
  const { admins: _, ...nobody } = aws;
  const REFUSED: [what: string, answers: Answers, said: RegExp][] = [
    ["no target", {}, /--target +is missing/],
    ["a target that is none", { ...aws, target: "azure" }, /"azure" is no target\. Targets: aws/],
    ["a network that is none", { ...aws, network: "eth" }, /"eth" is no network\. Networks: eos/],
    ["no admins", nobody, /--admins +is missing/],
    ["an empty list of admins", { ...aws, admins: [] }, /--admins +is missing/],
    ["the whole internet", { ...aws, admins: ["0.0.0.0/0"] }, /admins\[0\].*wider than \/8/],
    ["the whole internet, IPv6", { ...aws, admins: ["::/0"] }, /admins\[0\].*wider than \/19/],
    ["a region that is none", { ...aws, region: "moon-1" }, /target\.aws\.region/],
    ["a domain that is none", { ...aws, domain: "nodes" }, /"nodes" is no domain/],
    ["a key that is none", { ...aws, sshKey: "hello" }, /sshKeys\[0\].*no OpenSSH public key/],
    ["a private key", { ...aws, sshKey: "-----BEGIN OPENSSH PRIVATE KEY-----" }, /is a private key/],
    ["an account that cannot be one", { ...aws, producer: "Alice!" }, /hosts\.producer\.producer/],
    ["no project", { ...aws, target: "gcp", region: "europe-west3" }, /--project +is missing/],
    [
      "no domain where names are needed",
      { ...nobody, target: "digitalocean", domain: "" },
      /--domain +is missing/,
    ],
  ];
  for (const [what, answers, said] of REFUSED)
    it(`refuses ${what}`, () => expect(mistakesOf(answers)).to.match(said));
  for (const stack of ["A", "a", "-a-", "a_b", "x".repeat(40), "../up"])
    it(`refuses the name ${stack}`, () => expect(mistakesOf(aws, stack)).to.include("is no name of a stack"));
});

describe("the questions of a new stack", function () {
  this.timeout(300_000);
  /** Answers each question by the first word that it holds; Enter to the rest. */
  const person = (says: Record<string, string>) => {
    const heard: string[] = [];
    const ask = async (question: string) => {
      heard.push(question);
      return Object.entries(says).find(([word]) => question.includes(word))?.[1] ?? "";
    };
    return { heard, ask };
  };

  it("ask for what the target needs, and take Enter for what stands in brackets", async () => {
    const { heard, ask } = person({
      "where hosts run": "aws",
      "the chain": "eos",
      "networks that SSH": "203.0.113.7/32, 198.51.100.0/24",
      "public key": KEY,
    });
    const answers = await asked({}, ask);
    expect(answers).to.include({ target: "aws", region: "eu-central-1" });
    expect(answers.admins).to.deep.equal(["203.0.113.7/32", "198.51.100.0/24"]);
    expect(heard.filter((each) => each.includes("project of"))).to.deep.equal([]);
    expect(compose("eu-1", answers).plan.hosts.length).to.be.greaterThan(2);
  });

  it("are not asked of what a flag has said", async () => {
    const { heard, ask } = person({});
    await asked({ ...answersFor("docker", "lab", "eosio"), domain: "lab.example.org" }, ask);
    expect(heard).to.deep.equal([]);
    const none = person({});
    await asked({ ...answersFor("docker", "lab", false), domain: "lab.example.org" }, none.ask);
    expect(none.heard).to.deep.equal([]);
  });
});

describe("npm run new", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-new-"));
  const file = join(folder, "Pulumi.mine.yaml");
  after(() => rmSync(folder, { recursive: true }));

  const run = (...words: string[]) =>
    spawnSync(process.execPath, ["lab/start.mjs", "stacks/new/main.ts", ...words], {
      cwd: PROJECT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  it("writes nothing where anything is wrong", () => {
    const { status, stderr } = run(file, "--target", "aws", "--network", "eos", "--admins", "0.0.0.0/0");
    expect(status).to.equal(1);
    expect(stderr)
      .to.include("--ssh-key")
      .and.not.match(/\n\s+at /);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("writes a file that `npm run plan` takes", () => {
    const words = ["--target", "aws", "--network", "eos", "--no-producer", "--ssh-key", KEY];
    const { status, stdout, stderr } = run(file, ...words, "--admins", "203.0.113.7/32", "2001:db8:7::/48");
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/hosts and pools, at most \d+ USD a month/);
    expect(planOf(file).plan.stack).to.equal("mine");
  });

  it("leaves a file alone that is there", () => {
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    writeFileSync(file, `${before}# mine\n`);
    const { status, stderr } = run(file, "--target", "docker");
    expect(status).to.equal(1);
    expect(stderr).to.include("is there already: nothing was written");
    expect(readFileSync(file, "utf8")).to.equal(`${before}# mine\n`);
  });
});
