import { join } from "node:path";
import { expect } from "chai";
import { ENGINE_TIME_LIMIT_MS, Sandbox } from "./sandbox";

const PROJECT = "name: sandbox\nruntime: nodejs\nmain: stacks/index.ts\n";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
const area: string = config.require("area");
new pulumi.ComponentResource("nodewright:test:Thing", "thing");
export const greeting = "hello " + area;
export const token = config.requireSecret("token").apply((value) => value.length);
export const place = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
export const folder = process.cwd();
export const root = pulumi.runtime.getRootDirectory?.() ?? process.env.PULUMI_NODEJS_ROOT_DIRECTORY;
export const settings = {
  dryRun: pulumi.runtime.isDryRun(),
  parallel: process.env.PULUMI_NODEJS_PARALLEL,
  transpileOnly: process.env.PULUMI_NODEJS_TRANSPILE_ONLY,
  nodeArguments: process.execArgv,
};
`;

describe("the language host", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await Sandbox.create({ "Pulumi.yaml": PROJECT, "stacks/index.ts": PROGRAM });
  });
  after(() => sandbox.dispose());

  it("runs a TypeScript program with its configuration and secrets", async () => {
    await sandbox.pulumi("config", "set", "area", "north");
    await sandbox.pulumi("config", "set", "--secret", "token", "s3cret-token");
    const up = await sandbox.pulumi("up", "--yes", "--skip-preview", "--parallel", "7");
    expect(up.status, up.stdout + up.stderr).to.equal(0);
    const shown = await sandbox.pulumi("stack", "output", "--json", "--show-secrets");
    const outputs = JSON.parse(shown.stdout);
    expect(outputs).to.deep.include({
      greeting: "hello north",
      token: "s3cret-token".length,
      place: "organization/sandbox/test",
      folder: join(sandbox.folder, "stacks"),
      root: sandbox.folder,
    });
    expect(outputs.settings).to.deep.equal({
      dryRun: false,
      parallel: "7",
      transpileOnly: "true",
      nodeArguments: [],
    });
  });

  it("keeps secrets out of the state, the output and the second run's changes", async () => {
    const hidden = JSON.parse((await sandbox.pulumi("stack", "output", "--json")).stdout);
    expect(hidden.token).to.equal("[secret]");
    expect(sandbox.read("state/.pulumi/stacks/sandbox/test.json")).not.to.contain("s3cret-token");
    const again = await sandbox.pulumi("preview", "--expect-no-changes", "--parallel", "7");
    expect(again.stdout).to.contain("2 unchanged");
  });

  it("destroys what it made", async () => {
    const destroy = await sandbox.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.status, destroy.stdout + destroy.stderr).to.equal(0);
    const state = JSON.parse(sandbox.read("state/.pulumi/stacks/sandbox/test.json"));
    expect(state.checkpoint.latest.resources ?? []).to.have.length(0);
  });
});

describe("the language host's runtime options", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  let sandbox: Sandbox | undefined;

  after(() => sandbox?.dispose());

  it("passes Node arguments and a JavaScript entry on", async () => {
    sandbox = await Sandbox.create({
      "Pulumi.yaml":
        "name: sandbox\nruntime:\n  name: nodejs\n  options: { typescript: false, nodeargs: --no-warnings --trace-exit }\nmain: plain/\n",
      "plain/index.js":
        "exports.nodeArguments = process.execArgv; exports.typescript = process.env.PULUMI_NODEJS_TYPESCRIPT;",
    });
    const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(up.status, up.stdout + up.stderr).to.equal(0);
    const outputs = JSON.parse((await sandbox.pulumi("stack", "output", "--json")).stdout);
    expect(outputs).to.deep.equal({ nodeArguments: ["--no-warnings", "--trace-exit"], typescript: "false" });
  });
});
