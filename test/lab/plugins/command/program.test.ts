import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { missingEngine, skipSuite, type TestStack, testStack } from "../engine";
import { startServer, type TestServer, userKey } from "./ssh-server";

const SECRET = "the-secret-that-goes-in-by-stdin";
const missing = missingEngine();
const variant = { trigger: "1", remove: "echo removed", show: "cat" };
let server: TestServer;
let test: TestStack;

/** One command on a host by SSH with a secret input, and one on this machine that uses what it said. */
async function program() {
  const remote = new command.remote.Command("remote", {
    connection: { host: "127.0.0.1", port: server.port, privateKey: userKey.private },
    create: variant.show,
    delete: variant.remove,
    stdin: pulumi.secret(SECRET),
    triggers: [variant.trigger],
    logging: "none",
  });
  const local = new command.local.Command("local", { create: "wc -c", stdin: remote.stdout });
  return { said: remote.stdout, length: local.stdout };
}

describe("an unmodified @pulumi/command program on the engine", function () {
  this.timeout(120_000);

  before(async function () {
    if (missing) return skipSuite(this, missing);
    server = await startServer();
    test = await testStack(program);
  });
  after(async () => {
    if (missing) return;
    test.remove();
    await server.stop();
  });

  it("previews without connecting, and runs at the update", async () => {
    expect((await test.stack.preview()).changeSummary).to.deep.equal({ create: 3 });
    expect(server.logins).to.deep.equal([]);
    const { outputs } = await test.stack.up();
    expect(outputs.said).to.deep.equal({ value: SECRET, secret: true });
    expect(outputs.length?.value.trim()).to.equal(String(SECRET.length));
  });

  it("keeps the secret out of the state, with the output that repeats it", () => {
    expect(test.state()).not.to.contain(SECRET);
  });

  it("finds nothing to do a second time, nor after a refresh", async () => {
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 3 });
    expect((await test.stack.refresh()).summary.resourceChanges).to.deep.equal({ same: 3 });
  });

  it("runs nothing for a change of the delete command, but a replacement for a trigger", async () => {
    const before = server.commands.length;
    variant.remove = "echo removed again";
    expect((await test.stack.up()).summary.resourceChanges).to.deep.equal({ same: 2, update: 1 });
    expect(server.commands.length).to.equal(before);
    variant.trigger = "2";
    const { summary } = await test.stack.up();
    expect(summary.resourceChanges).to.include({ replace: 1 });
    expect(server.commands.slice(before).join("\n")).to.contain("echo removed again");
  });

  it("runs the delete command at the end", async () => {
    await test.stack.destroy();
    expect(server.commands.at(-1)).to.contain("echo removed again");
  });
});
