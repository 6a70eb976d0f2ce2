import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect } from "chai";
import { remoteCommand } from "../../../../lab/plugins/command/remote";
import type { Connection } from "../../../../lab/plugins/command/schema";
import type { Properties } from "../../../../lab/plugins/value";
import { failureOf, firstLine, testCall } from "../call";
import { connectionTo, hostKey, keyPair, startServer, type TestServer } from "./ssh-server";

let server: TestServer;

describe("command:remote:Command against a real SSH server", () => {
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.stop());

  runs();
  reaches();
  passes();
  waits();
  ends();
});

function run(
  create: string,
  inputs: Properties = {},
  connection: Partial<Connection> = {},
  call = testCall(),
) {
  return remoteCommand.create(call, { create, connection: connectionTo(server.port, connection), ...inputs });
}

function passes() {
  let relay: TestServer;
  beforeEach(async () => {
    relay = await startServer();
  });
  afterEach(() => relay.stop());

  it("goes through another host, which sees none of it", async () => {
    const { outputs } = await run("echo hidden", {}, { proxy: connectionTo(relay.port) });
    expect(outputs.stdout).to.equal("hidden");
    expect(relay.forwarded).to.deep.equal([server.port]);
    expect(relay.commands).to.deep.equal([]);
    expect(server.commands).to.deep.equal(["echo hidden"]);
  });

  it("pins the key of the host in between, too", async () => {
    const proxy = connectionTo(relay.port, { hostKey: keyPair().public });
    expect(await failureOf(run("true", {}, { proxy }))).to.contain("another machine answers");
    expect(relay.forwarded).to.deep.equal([]);
  });

  it("says when the host in between cannot reach the other one", async () => {
    const { port } = server;
    await server.stop();
    const proxy = connectionTo(relay.port);
    const message = await failureOf(
      remoteCommand.create(testCall(), {
        create: "true",
        connection: connectionTo(port, { proxy, dialErrorLimit: 0 }),
      }),
    );
    expect(message).to.contain("the proxy cannot reach it");
    server = await startServer();
  });
}

function runs() {
  it("gives back both outputs without their last newline", async () => {
    const { outputs, id } = await run("echo out; echo err >&2");
    expect(outputs).to.deep.equal({ stdout: "out", stderr: "err" });
    expect(id).to.have.length.greaterThan(10);
  });

  it("passes the input to the command byte by byte", async () => {
    const stdin = `${"line of input\n".repeat(20_000)}end`;
    expect((await run("wc -c", { stdin })).outputs.stdout).to.equal(String(stdin.length));
  });

  it("brings the environment without showing it in the argument list, and leaves the input alone", async () => {
    const environment = { TOKEN: "it's a\nsecret", EMPTY: "" };
    const { outputs } = await run('printf "%s|%s|" "$TOKEN" "$EMPTY"; cat', {
      environment,
      stdin: "rest\n",
    });
    expect(outputs.stdout).to.equal("it's a\nsecret||rest");
    expect(server.commands.join()).not.to.contain("secret");
  });

  it("fails with the exit status and what the command said", async () => {
    const message = await failureOf(run("echo broken >&2; exit 3"));
    expect(message).to.match(/^exit status 3: running "echo broken.*:\nbroken$/s);
  });

  it("says by which signal a command ended", async () => {
    expect(await failureOf(run("kill -TERM $$"))).to.match(/^ended by signal (SIG)?TERM/);
  });

  const logging = [
    { mode: undefined, lines: ["out", "err"] },
    { mode: "stdout", lines: ["out"] },
    { mode: "stderr", lines: ["err"] },
    { mode: "none", lines: [] },
  ];
  for (const { mode, lines } of logging) {
    it(`shows ${lines.join(" and ") || "nothing"} with logging ${mode ?? "left out"}`, async () => {
      const call = testCall();
      await run("echo out; echo err >&2", mode ? { logging: mode } : {}, {}, call);
      expect(call.lines).to.have.members(lines);
    });
  }
}

function reaches() {
  it("accepts the pinned host key and refuses another with both fingerprints", async () => {
    expect((await run("echo ok", {}, { hostKey: hostKey.public })).outputs.stdout).to.equal("ok");
    const message = await failureOf(run("echo no", {}, { hostKey: keyPair().public }));
    expect(message).to.match(/shows the key SHA256:\S+, but connection.hostKey pins SHA256:\S+/);
    expect(server.commands).to.deep.equal(["echo ok"]);
  });

  it("refuses a host without a key of the pinned kind, at once", async () => {
    const hostKeyOfOtherKind =
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";
    const message = await failureOf(run("echo no", {}, { hostKey: hostKeyOfOtherKind }));
    expect(message).to.contain("no key of the kind");
  });

  it("gives up on a refused login before a host would ban it", async () => {
    const message = await failureOf(run("echo no", {}, { privateKey: keyPair().private }));
    expect(message).to.contain("refuses the login");
    expect(server.logins).to.have.length(3);
  });

  it("says what is wrong with a key or a pin that cannot be read", async () => {
    expect(await failureOf(run("true", {}, { privateKey: "no key" }))).to.contain(
      "connection.privateKey cannot be read",
    );
    expect(await failureOf(run("true", {}, { hostKey: "no key" }))).to.contain(
      "connection.hostKey is not a public key",
    );
  });
}

function waits() {
  it("waits for a host whose sshd is not up yet", async () => {
    const { port } = server;
    await server.stop();
    const call = testCall();
    const running = run("echo late", {}, {}, call);
    await firstLine(call);
    server = await startServer(port);
    expect((await running).outputs.stdout).to.equal("late");
    expect(call.lines[0]).to.match(/^waiting for SSH on root@127.0.0.1:\d+: /);
  });

  it("fails after the allowed number of dials", async () => {
    await server.stop();
    const message = await failureOf(run("true", {}, { dialErrorLimit: 1 }));
    expect(message).to.match(/cannot reach root@127.0.0.1:\d+ by SSH after 2 dials: .*ECONNREFUSED/);
    server = await startServer();
  });

  it("ends a dial to something that accepts and then says nothing", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const message = await failureOf(run("true", {}, { port, dialErrorLimit: 0, perDialTimeout: 0.2 }));
    silent.close();
    expect(message).to.contain("no answer within 0.2 s");
  });
}

function ends() {
  it("ends when it is cancelled during a command", async () => {
    const call = testCall();
    const running = run("echo started; sleep 60", {}, {}, call);
    await firstLine(call);
    call.abort();
    expect(await failureOf(running)).to.contain("cancelled while running");
  });

  it("ends when it is cancelled while it waits for the host", async () => {
    await server.stop();
    const call = testCall();
    const running = run("true", {}, { dialErrorLimit: -1 }, call);
    await firstLine(call);
    call.abort();
    expect(await failureOf(running)).to.contain("cancelled while connecting");
    server = await startServer();
  });

  it("says that the connection was lost when the host goes away", async () => {
    const call = testCall();
    const running = run("echo started; sleep 60", {}, {}, call);
    await firstLine(call);
    server.drop();
    expect(await failureOf(running)).to.match(/lost|SIGKILL|KILL/);
  });

  it("runs nothing to delete what has no delete command, even without a host", async () => {
    await server.stop();
    await remoteCommand.delete(testCall(), "id", { create: "true", connection: connectionTo(server.port) });
    server = await startServer();
  });
}
