import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { WebSocket } from "ws";
import type { EdgeSettings } from "../../edge/settings";
import { PROJECT } from "../../stacks/stack-file";
import { FakeNode } from "./fake-node";
import { loopbackPlan } from "./loopback-plan";
import { until } from "./until";

const call = (method: string, id = 1) => JSON.stringify({ jsonrpc: "2.0", id, method, params: [] });

describe("the gateway as a process, told by SIGHUP", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-sighup-"));
  const file = join(folder, "edge.json");
  /** One connection for all: it is older than every change. */
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  let node: FakeNode;
  let settings: EdgeSettings;
  let child: ChildProcess;
  let said = "";

  before(async () => {
    node = await new FakeNode().start();
    settings = (await loopbackPlan([node.port], [], {})).gateway;
    // As if a node of this stack had them; HAProxy, which would ask for it, is not here.
    settings = { ...settings, inside: node.url };
    writeFileSync(file, JSON.stringify(settings));
    child = spawn(process.execPath, ["--require", "tsx/cjs", join(PROJECT, "edge/main.ts"), file]);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (more: string) => {
        said += more;
      });
    await until("the gateway listens", () => said.includes("listening on"));
    await until("a read is answered", async () => (await ask(call("eth_chainId"))).includes('"result"'));
  });
  after(async () => {
    agent.destroy();
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ port: settings.port, agent, method: "POST", headers }, (response) => {
        ports.add(sent.socket?.localPort);
        text(response).then(resolve, reject);
      });
      sent.on("error", reject).end(body);
    });

  const tell = async (next: string, answer: string) => {
    const before = said.length;
    writeFileSync(file, next);
    child.kill("SIGHUP");
    await until(`it says: ${answer}`, () => said.slice(before).includes(answer));
  };
  const change = (over: Partial<EdgeSettings>) =>
    tell(JSON.stringify({ ...settings, ...over }), "new settings hold");

  it("does as the new file says on connections that were there before, and ends what is under way", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${settings.port}`);
    await once(socket, "open");
    const answers: string[] = [];
    socket.on("message", (data: Buffer) => answers.push(data.toString()));
    expect(await ask(call("eth_getLogs"))).to.include('"result":"eth_getLogs"');

    node.delay = 2_000;
    const length = `${Buffer.byteLength(call("eth_getLogs"))}`;
    const asked = () => node.headers.filter((each) => each["content-length"] === length).length;
    const before = asked();
    expect(before, "calls so far that are as long").to.be.above(0);
    const underWay = ask(call("eth_getLogs", 2));
    await until("the node is asked", () => asked() > before);
    await change({ methods: { eth_getLogs: "denied" } });
    node.delay = 0;
    expect(await underWay).to.include('"id":2,"result":"eth_getLogs"');

    expect(await ask(call("eth_getLogs", 3))).to.include("-32601");
    expect(await ask(call("eth_chainId", 4))).to.include('"result"');
    socket.send(call("eth_chainId", 5));
    socket.send(call("eth_getLogs", 6));
    await until("the old WebSocket has both answers", () => answers.length === 2);
    expect(answers.find((each) => each.includes('"id":5'))).to.include('"result"');
    expect(answers.find((each) => each.includes('"id":6'))).to.include("-32601");
    socket.terminate();
    expect(ports.size, "connections that the calls took").to.equal(1);
  });

  it("stays as it was where the file says nothing that it can be", async () => {
    await change({ methods: { eth_getLogs: "denied" } });
    for (const wrong of ['{"port":', JSON.stringify({ ...settings, limits: { batch: -1 } })]) {
      await tell(wrong, "the settings stay as they were");
      expect(await ask(call("eth_getLogs"))).to.include("-32601");
      expect(await ask(call("eth_chainId"))).to.include('"result"');
    }
    await change({});
    expect(await ask(call("eth_getLogs"))).to.include('"result"');
    expect(ports.size, "connections that the calls took").to.equal(1);
  });

  it("ends in order where it would have to listen elsewhere, so that systemd starts it anew", async () => {
    writeFileSync(file, JSON.stringify({ ...settings, port: settings.port + 1 }));
    const ended = once(child, "exit");
    child.kill("SIGHUP");
    expect(await ended).to.deep.equal([0, null]);
  });
});
