import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { judgeMachine, type Needs } from "../../../lab/doctor/judge-machine";
import { judgeStack } from "../../../lab/doctor/judge-stack";
import { type Line, mustFix, printLines } from "../../../lab/doctor/line";
import { type MachineFacts, machineFacts } from "../../../lab/doctor/machine-facts";
import { stackFacts } from "../../../lab/doctor/stack-facts";
import { PROJECT, stackPath } from "../../../stacks/stack-file";

/** A machine on which nothing is missing. */
const FINE: MachineFacts = {
  node: "22.3.0",
  machine: { platform: "linux", root: true, family: ["debian"] },
  memory: 32e9,
  freeDisk: 100e9,
  pulumi: "3.245.0",
  built: false,
  wanted: { pulumi: "3.200.0", go: "1.24" },
  docker: { host: "unix:///var/run/docker.sock", version: "27.1" },
  canInstallDocker: true,
  agentKeys: [],
  taken: [],
};
const LAB: Needs = { node: ">=20.19", hosts: 3, ports: [8545], isUp: false };

const withoutEngine = (): MachineFacts => {
  const { pulumi: _, ...rest } = FINE;
  return rest;
};

describe("what a machine needs", () => {
  it("is there on a fine one", () => {
    const lines = judgeMachine(FINE, LAB);
    expect(lines.map(({ state }) => state)).to.deep.equal(lines.map(() => "ok"));
  });

  const FAULTS: [what: string, facts: MachineFacts, line: string, said: RegExp][] = [
    ["an old Node.js", { ...FINE, node: "20.11.1" }, "Node.js", /20\.11\.1.*20\.19/],
    ["little memory", { ...FINE, memory: 1e9 }, "memory", /1\.0 GB.*2\.5 GB needed/],
    ["a full disk", { ...FINE, freeDisk: 5e8 }, "disk", /0\.5 GB.*needed/],
    ["no engine and no Go", withoutEngine(), "engine", /neither pulumi 3\.200\.0 nor Go 1\.24/],
    ["an old Go", { ...withoutEngine(), unusable: "/bin/go is 1.19" }, "engine", /\/bin\/go is 1\.19/],
    ["a Docker that refuses", { ...FINE, docker: "denied" }, "Docker", /may not use it/],
    [
      "no Docker and nobody who may install it",
      { ...FINE, docker: "none", canInstallDocker: false },
      "Docker",
      /no engine/,
    ],
    ["a port that is taken", { ...FINE, taken: [8545] }, "port 8545", /somebody listens/],
  ];
  for (const [what, facts, line, said] of FAULTS)
    it(`is told apart: ${what}, and nothing else, with what to do`, () => {
      const fixes = judgeMachine(facts, LAB).filter(({ state }) => state === "fix");
      expect(fixes.map((each) => each.what)).to.deep.equal([line]);
      expect(fixes[0]?.said).to.match(said);
      expect(fixes[0]?.remedy).to.match(/\w{3}/);
    });

  const ENOUGH: [what: string, facts: MachineFacts, needs: Needs][] = [
    ["Go in place of pulumi", { ...withoutEngine(), go: "1.24.2" }, LAB],
    ["an engine that was built before", { ...withoutEngine(), built: true }, LAB],
    ["root on Debian in place of Docker", { ...FINE, docker: "none" }, LAB],
    ["a port that its own lab has", { ...FINE, taken: [8545] }, { ...LAB, isUp: true }],
    [
      "no Docker, where hosts run elsewhere",
      { ...FINE, docker: "none", canInstallDocker: false },
      { ...LAB, hosts: 0 },
    ],
  ];
  for (const [what, facts, needs] of ENOUGH)
    it(`is there with ${what}`, () => expect(mustFix(judgeMachine(facts, needs))).to.equal(false));
});

describe("what a stack needs", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-doctor-"));
  after(() => rmSync(folder, { recursive: true }));

  const AWS = {
    AWS_ACCESS_KEY_ID: "of-a-test",
    AWS_SECRET_ACCESS_KEY: "shown-to-nobody",
    PATH: "",
    HOME: folder,
  };
  const GOOGLE = { GOOGLE_CREDENTIALS: "shown-to-nobody", PATH: "", PULUMI_HOME: folder };
  const written = (name: string, more: string, sample = "eos-gcp") => {
    const path = join(folder, `Pulumi.${name}.yaml`);
    writeFileSync(path, `${readFileSync(stackPath(sample), "utf8")}${more}`);
    return path;
  };
  const line = (lines: readonly Line[], what: string): Line => {
    const found = lines.find((each) => each.what === what);
    if (!found) throw new Error(`no line about ${what} in ${lines.map((each) => each.what).join(", ")}`);
    return found;
  };

  it("is named, each secret by the command that sets it", () => {
    const lines = judgeStack("eos-aws", stackFacts("eos-aws", AWS), []);
    expect(line(lines, "secrets").state).to.equal("fix");
    expect(line(lines, "secrets").remedy)
      .to.include("npm run tls -- eos-aws")
      .and.include('"producer/signing-key"');
    expect(line(lines, "release lock").state).to.equal("fix");
    expect(line(lines, "credentials").state).to.equal("ok");
    expect(line(lines, "quotas")).to.include({ state: "unasked" });
    expect(line(lines, "quotas").said).to.match(/\d+ × \w+/);
  });

  it("shows no value of a credential or a secret", () => {
    const path = written(
      "quiet",
      '  nodewright:secrets: { "ssh/private-key": { secure: v1:shown-to-nobody } }\n',
    );
    const said = JSON.stringify(judgeStack(path, stackFacts(path, GOOGLE), []));
    expect(said).not.to.include("shown-to-nobody");
    expect(said).not.to.include("ssh/private-key is not set");
  });

  it("sees which secrets are set", () => {
    const path = written("set", '  nodewright:secrets: { "ssh/private-key": { secure: v1:x } }\n');
    const { said } = line(judgeStack(path, stackFacts(path, GOOGLE), []), "secrets");
    expect(said).to.include("producer/signing-key").and.not.include("ssh/private-key");
  });

  it("says what it cannot see: secrets that are locked as one", () => {
    const path = written("locked", "  nodewright:secrets: { secure: v1:x }\n");
    expect(line(judgeStack(path, stackFacts(path, GOOGLE), []), "secrets").state).to.equal("unasked");
  });

  it("says which variables the cloud wants, where none is there", () => {
    const path = stackFacts("eos-digitalocean", { PATH: "" });
    expect(line(judgeStack("eos-digitalocean", path, []), "credentials").said).to.include(
      "DIGITALOCEAN_TOKEN",
    );
  });

  it("tells every mistake of its file, and no more", () => {
    const path = join(folder, "Pulumi.broken.yaml");
    writeFileSync(path, readFileSync(stackPath("eos-aws"), "utf8").replace("role: seed", "role: sed"));
    const lines = judgeStack(path, stackFacts(path, AWS), []);
    expect(lines).to.have.length(1);
    expect(lines[0]?.said).to.include("hosts.relays.role");
  });

  it("knows the keys of the SSH agent", () => {
    const facts = stackFacts("eos-aws", AWS);
    const [key = ""] = facts.planned?.plan.sshKeys ?? [];
    const state = (keys?: string[]) => line(judgeStack("eos-aws", facts, keys), "SSH agent").state;
    expect([state([`${key} other comment`]), state([]), state()]).to.deep.equal(["ok", "note", "note"]);
  });
});

describe("npm run doctor", function () {
  this.timeout(600_000);

  it("sees a port that somebody listens on", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as { port: number };
    const { taken } = await machineFacts(PROJECT, [port]);
    server.close();
    expect(taken).to.deep.equal([port]);
  });

  it("looks at this machine, and ends with 1 exactly where it says that something must be fixed", () => {
    for (const stack of ["lab", "eos-aws"]) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["lab/start.mjs", "lab/doctor/main.ts", stack, "--json", "--offline"],
        { cwd: PROJECT, encoding: "utf8" },
      );
      const { ok, lines } = JSON.parse(stdout) as { ok: boolean; lines: Line[] };
      expect(status, stderr).to.equal(ok ? 0 : 1);
      expect(ok).to.equal(!mustFix(lines));
      expect(lines.map(({ what }) => what)).to.include.members(["Node.js", "engine", "stack file"]);
    }
  });

  it("prints each fix with its remedy", () => {
    const text = printLines(judgeMachine({ ...FINE, node: "18.0.0" }, LAB));
    expect(text).to.match(/✗ Node\.js +18\.0\.0.*\n +→ install a newer one/);
    expect(text).to.include("1 to fix before it can go on");
  });
});
