import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { prepareEngine } from "../../../lab/engine/prepare";
import { EngineSetupError } from "../../../lab/engine/setup-error";
import { PrivatePath } from "./private-path";

const STAND_INS = ["pulumi-analyzer-policy", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

let machine: PrivatePath;

describe("an engine on PATH", () => {
  onItsOwnMachine();

  for (const version of ["v3.200.0", "3.204.1", "v3.1000.0-dev.0", "v4.0.0"]) {
    it(`is taken when it is ${version}`, async () => {
      const pulumi = machine.addPulumi(version);
      machine.addGo("1.26.0");
      const engine = await prepareEngine(machine.options);
      expect(engine).to.include({ pulumi, origin: "path", version: version.replace(/^v|-.*$/g, "") });
      expect(engine.env).not.to.have.property("PULUMI_HOME");
    });
  }

  for (const version of ["v3.199.9", "v2.300.0", "nonsense"]) {
    it(`is passed over, and named, when it is ${version}`, async () => {
      const pulumi = machine.addPulumi(version);
      machine.addGo("1.26.0");
      const engine = await prepareEngine(machine.options);
      expect(engine.origin).to.equal("built");
      expect(machine.said[0]).to.contain(pulumi).and.to.contain(version).and.to.contain("3.200.0 or newer");
    });
  }

  it("is passed over when it does not run", async () => {
    machine.add("pulumi", "exit 7");
    machine.addGo("1.26.0");
    expect((await prepareEngine(machine.options)).origin).to.equal("built");
    expect(machine.said[0]).to.contain("does not answer");
  });

  it("gets a stand-in for exactly what its installation lacks", async () => {
    machine.addPulumi("v3.200.0");
    const bin = join(machine.root, ".nodewright", "engine", "bin");
    const bare = await prepareEngine(machine.options);
    expect(readdirSync(bin)).to.have.members(STAND_INS);
    expect(bare.env.PATH).to.equal([bin, machine.folder].join(delimiter));

    machine.add("pulumi-language-nodejs", "exit");
    await prepareEngine(machine.options);
    expect(readdirSync(bin)).to.have.members(STAND_INS.filter((name) => !name.includes("language")));

    for (const name of STAND_INS) machine.add(name, "exit");
    const complete = await prepareEngine(machine.options);
    expect(readdirSync(bin)).to.deep.equal([]);
    expect(complete.env.PATH).to.equal(machine.folder);
  });
});

describe("an own build", () => {
  onItsOwnMachine();

  const builds = () => readFileSync(join(machine.root, "builds"), "utf8").match(/build/g)?.length;

  it("is made once, with its stand-ins beside it and a private home", async () => {
    machine.addGo("1.26.0");
    const first = await prepareEngine(machine.options);
    const second = await prepareEngine(machine.options);
    expect([first.origin, second.origin, builds()]).to.deep.equal(["built", "cache", 1]);
    expect(second.pulumi).to.equal(first.pulumi);
    expect(readFileSync(first.pulumi, "utf8")).to.equal("built\n");
    expect(readdirSync(dirname(first.pulumi))).to.have.members(["pulumi", ...STAND_INS]);
    expect(first.env.PATH).to.equal([dirname(first.pulumi), machine.folder].join(delimiter));
    expect(first.env.PULUMI_HOME).to.equal(join(machine.root, ".nodewright", "engine", "home"));
    expect(machine.said.join("\n")).to.contain("1 packages compiled");
  });

  it("is made again for another compiler, and serves a machine that has lost its compiler", async () => {
    machine.addGo("1.26.0");
    const first = await prepareEngine(machine.options);
    machine.addGo("1.27.1");
    expect((await prepareEngine(machine.options)).origin).to.equal("built");
    machine.addGo("1.20.0");
    expect((await prepareEngine(machine.options)).origin).to.equal("cache");
    expect(first.origin).to.equal("built");
  });

  it("never takes its own executable for the user's", async () => {
    machine.addGo("1.26.0");
    const first = await prepareEngine(machine.options);
    const nested = { ...machine.options, environment: { ...machine.environment, ...first.env } };
    const second = await prepareEngine(nested);
    expect(second).to.deep.equal({ ...first, origin: "cache" });
  });

  it("is told when there is no network to be used", async () => {
    machine.addGo("1.26.0");
    machine.environment.NODEWRIGHT_OFFLINE = "1";
    const { env } = await prepareEngine(machine.options);
    expect(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).to.equal("true");
  });
});

describe("a build that does not end well", () => {
  onItsOwnMachine();

  it("clears away what a killed build left, and leaves a running one alone", async () => {
    machine.addGo("1.26.0");
    const folder = join(machine.root, ".nodewright", "engine", "build");
    const gone = join(folder, "partial-99999999");
    const alive = join(folder, `partial-${process.ppid}`);
    for (const partial of [gone, alive]) {
      mkdirSync(partial, { recursive: true });
      writeFileSync(join(partial, "pulumi"), "half");
    }
    const engine = await prepareEngine(machine.options);
    expect(readFileSync(engine.pulumi, "utf8")).to.equal("built\n");
    expect([existsSync(gone), existsSync(alive)]).to.deep.equal([false, true]);
  });

  it("shows what the compiler said when it fails, and leaves nothing behind", async () => {
    machine.addGo("1.26.0", "disk is full");
    const error = await failure(prepareEngine(machine.options));
    expect(error).to.be.instanceOf(EngineSetupError);
    expect(error.message).to.contain("disk is full");
    expect(readdirSync(join(machine.root, ".nodewright", "engine", "build"))).to.deep.equal([]);
  });
});

describe("a machine with neither", () => {
  onItsOwnMachine();

  for (const [go, hint] of [
    [undefined, "install pulumi 3.200.0 or newer"],
    ["1.19.3", "go is 1.19.3"],
  ] as const) {
    it(`is told what to install (Go: ${go ?? "none"})`, async () => {
      if (go) machine.addGo(go);
      const error = await failure(prepareEngine(machine.options));
      expect(error).to.be.instanceOf(EngineSetupError);
      expect(error.message).to.contain(hint).and.to.contain("Go 1.24 or newer");
    });
  }
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => new Error("did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("rejected with something that is no error");
  return error;
}

function onItsOwnMachine(): void {
  beforeEach(() => {
    machine = new PrivatePath();
  });
  afterEach(() => machine.dispose());
}
