import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { type PluginWishes, preparePlugins } from "../../../lab/engine/plugins";
import type { Engine } from "../../../lab/engine/prepare";
import { EngineSetupError } from "../../../lab/engine/setup-error";
import { PrivatePath } from "./private-path";

const DOCKER = sdkVersion("docker");
const COMMAND = sdkVersion("command");
let machine: PrivatePath;

describe("a provider plugin", () => {
  onItsOwnMachine();

  it("is the installed one, in the SDK's version only", async () => {
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    const set = await choose([
      { name: "docker", kind: "resource", version: DOCKER },
      { name: "command", kind: "resource", version: "0.0.1" },
      { name: "command", kind: "language", version: COMMAND },
    ]);
    expect(set.plugins).to.deep.equal([
      { name: "docker", version: DOCKER, origin: "official" },
      { name: "command", version: COMMAND, origin: "offline" },
    ]);
    expect(offlineExecutables()).to.deep.equal(["pulumi-resource-command"]);
  });

  it("is the one on the user's PATH, but never one of ours", async () => {
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    const bin = join(machine.root, ".nodewright", "engine", "bin");
    machine.add("pulumi-resource-docker", "exit");
    machine.add("pulumi-resource-command", "exit", bin);
    machine.environment.PATH = [bin, machine.folder].join(delimiter);
    const set = await choose([]);
    expect(set.plugins.map((plugin) => plugin.origin)).to.deep.equal(["official", "offline"]);
  });

  it("is downloaded when it can be, and our executable goes away", async () => {
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    await choose([]);
    expect(offlineExecutables()).to.have.length(2);
    delete machine.environment.NODEWRIGHT_OFFLINE;
    const set = await choose([], 0);
    expect(set.plugins.map((plugin) => plugin.origin)).to.deep.equal(["official", "official"]);
    expect(set.env).to.deep.equal({});
    expect(offlineExecutables()).to.deep.equal([]);
    expect(attempts().sort()).to.deep.equal([`command ${COMMAND}`, `docker ${DOCKER}`]);
  });

  it("is ours after one failed download, which is not tried again", async () => {
    const first = await choose([], 1);
    const second = await choose([], 1);
    expect(first).to.deep.equal(second);
    expect(first.plugins.map((plugin) => plugin.origin)).to.deep.equal(["offline", "offline"]);
    expect(attempts()).to.have.length(2);
    expect(machine.said.join("\n")).to.contain("to try again");
    expect(first.env).to.deep.equal({
      PATH: [join(machine.root, ".nodewright", "engine", "bin"), machine.folder].join(delimiter),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  });
});

describe("a cloud's plugin", () => {
  onItsOwnMachine();
  const AWS = sdkVersion("aws");

  it("is not prepared unless asked for", async () => {
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    const { plugins } = await choose([]);
    expect(plugins.map((plugin) => plugin.name)).to.deep.equal(["docker", "command"]);
  });

  const installed = [{ name: "aws", kind: "resource", version: AWS }];
  const table = [
    { name: "the official one where it is installed", installed, simulated: false, origin: "official" },
    { name: "ours where it is asked for", installed, simulated: true, origin: "simulated" },
    {
      name: "ours where the official one is missing",
      installed: [],
      simulated: "where missing",
      origin: "simulated",
    },
    {
      name: "never ours where the official one is there",
      installed,
      simulated: "where missing",
      origin: "official",
    },
  ] as const;
  for (const row of table) {
    it(`is ${row.name}`, async () => {
      machine.environment.NODEWRIGHT_OFFLINE = "1";
      const set = await choose(row.installed, 1, { names: ["aws"], simulated: row.simulated });
      expect(set.plugins).to.deep.equal([{ name: "aws", version: AWS, origin: row.origin }]);
      const simulated = join(machine.root, ".nodewright", "engine", "simulated");
      expect(set.env.PATH?.startsWith(simulated) ?? false).to.equal(row.origin === "simulated");
      expect(existsSync(join(simulated, "pulumi-resource-aws"))).to.equal(row.origin === "simulated");
    });
  }

  it("that cannot be had is an error with a remedy, not a simulation", async () => {
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    const failure = await choose([], 1, { names: ["aws"] }).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(EngineSetupError);
    expect(failure).to.have.property("message").that.contains("pulumi plugin install resource aws");
  });
});

/** Chooses with an engine that lists `installed` and whose downloads end with `installStatus`. */
function choose(installed: readonly unknown[], installStatus = 1, wishes?: PluginWishes) {
  const pulumi = machine.add(
    "pulumi",
    `if [ "$2" = ls ]; then echo '${JSON.stringify(installed)}'; exit; fi
     echo "$4 $5" >> ${join(machine.root, "attempts")}
     exit ${installStatus}`,
  );
  const engine: Engine = { pulumi, version: "3.200.0", origin: "path", env: { PATH: machine.folder } };
  return preparePlugins(engine, machine.options, wishes);
}

function attempts(): string[] {
  return readFileSync(join(machine.root, "attempts"), "utf8").trim().split("\n");
}

function offlineExecutables(): string[] {
  const bin = join(machine.root, ".nodewright", "engine", "bin");
  return existsSync(bin) ? readdirSync(bin) : [];
}

function sdkVersion(name: string): string {
  const manifest = require.resolve(`@pulumi/${name}/package.json`);
  return execFileSync(process.execPath, ["-p", "require(process.argv[1]).version", manifest], {
    encoding: "utf8",
  }).trim();
}

function onItsOwnMachine(): void {
  beforeEach(() => {
    machine = new PrivatePath();
  });
  afterEach(() => machine.dispose());
}
