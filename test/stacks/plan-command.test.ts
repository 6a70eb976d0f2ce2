import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT } from "../../stacks/stack-file";

/** Runs a program of the project as `npm run` does. */
const run = (program: string, ...words: string[]) =>
  spawnSync(process.execPath, [join(PROJECT, "lab/start.mjs"), program, ...words], {
    cwd: PROJECT,
    encoding: "utf8",
  });

describe("npm run plan", function () {
  this.timeout(30_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-plan-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (text: string) => {
    const path = join(folder, "Pulumi.try.yaml");
    writeFileSync(path, text);
    return path;
  };

  it("explains the sample of the lab", () => {
    const { status, stdout } = run("stacks/plan.ts", "lab");
    expect(status).to.equal(0);
    for (const words of [
      "seed-a",
      "validator-a",
      "reachable from outside",
      "nobody",
      "stand-ins",
      "single points",
    ])
      expect(stdout).to.include(words);
  });

  it("prints the plan as JSON and nothing else on standard output", () => {
    const { status, stdout } = run("stacks/plan.ts", "lab", "--json");
    expect(status).to.equal(0);
    const plan = JSON.parse(stdout) as { hosts: { name: string }[] };
    expect(plan.hosts.map(({ name }) => name)).to.deep.equal(["seed-a", "validator-a", "rpc-a"]);
  });

  const BROKEN: [name: string, text: string, said: string[]][] = [
    ["an empty file", "", ["1 mistake, nothing was changed", "is empty: it needs config"]],
    ["a file of comments", "# nothing\n", ["1 mistake", "is empty"]],
    ["what is not YAML", "config: [a\nb: }", ["is not YAML"]],
    ["a list", "- a\n", ["1 mistake", "must be a map with the key config"]],
    ["no config", "encryptionsalt: x\n", ["1 mistake", "config  is missing"]],
    [
      "an unknown key of the file",
      "config: { nodewright:network: lab, nodewright:target: { docker: {} }, nodewright:hosts: { a1: { role: seed }, v1: { role: validator, producer: eosio } } }\nhosts: {}\n",
      ["1 mistake", "hosts  is no known key of a stack file"],
    ],
    [
      "a host that stands twice",
      "config:\n  nodewright:network: lab\n  nodewright:target: { docker: {} }\n  nodewright:hosts:\n    seed-a: { role: seed }\n    seed-a: { role: seed }\n    val-a: { role: validator, producer: eosio }\n",
      ["1 mistake", 'line 6, column 5  "seed-a" stands twice'],
    ],
  ];
  for (const [name, text, said] of BROKEN) {
    it(`says what is wrong with ${name}, and ends with 1`, () => {
      const { status, stderr, stdout } = run("stacks/plan.ts", file(text));
      expect(status).to.equal(1);
      expect(stdout).to.equal("");
      for (const words of said) expect(stderr).to.include(words);
    });
  }

  it("names the stacks there are when asked for another", () => {
    const { status, stderr } = run("stacks/plan.ts", "nowhere");
    expect(status).to.equal(1);
    expect(stderr.trim()).to.match(
      /^no stack "nowhere": there is no stacks\/config\/Pulumi\.nowhere\.yaml\. Stacks: .*\blab\b/,
    );
  });
});

describe("npm run lab", function () {
  this.timeout(30_000);

  it("starts nothing for a stack that is not there", () => {
    const { status, stderr } = run("lab/main.ts", "up", "--stack", "nowhere");
    expect(status).to.equal(1);
    expect(stderr).to.include('no stack "nowhere"');
  });

  for (const verb of ["status", "ssh"]) {
    it(`${verb} says how to start a lab that is not up`, () => {
      const folder = mkdtempSync(join(tmpdir(), "nodewright-lab-"));
      const path = join(folder, "Pulumi.never-up.yaml");
      writeFileSync(path, "config: {}\n");
      const { status, stderr } = run(
        "lab/main.ts",
        verb,
        "--stack",
        path,
        // A command's own options are not the lab's.
        ...(verb === "ssh" ? ["rpc-a", "journalctl", "-u", "proxy", "--help"] : []),
      );
      rmSync(folder, { recursive: true });
      expect(status).to.equal(1);
      expect(stderr).to.include("is not up: start it with `npm run lab`");
    });
  }

  it("helps", () => {
    const { status, stdout } = run("lab/main.ts", "--help");
    expect(status).to.equal(0);
    for (const words of ["up", "status", "down", "clean", "ssh"]) expect(stdout).to.include(words);
  });
});
