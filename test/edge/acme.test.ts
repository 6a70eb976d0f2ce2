import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { expect } from "chai";
import { lookAfter } from "../../agent/edge-certificate/keep";
import { ensurePlaceholder } from "../../agent/edge-certificate/placeholder";
import type { CertificateSettings } from "../../agent/edge-certificate/settings";
import { machine, type System } from "../../agent/system";
import { runCommand } from "../../lab/docker/command";
import { type DebianTree, debianTree } from "../support/debian-tree";
import { freePort } from "../support/free-port";
import { goProgram } from "../support/go-program";
import { FakeNode } from "./fake-node";
import { LIFETIME, Pebble } from "./pebble";
import { WholeEdge } from "./whole-edge";

const NAME = "rpc.example.org";
const READ = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const STATE = "/var/lib/nodewright-certificate";

/** Debian's certbot, with what it imports. */
const certbot = (tree: DebianTree, trusted: string) => ({
  words: [tree.program("python3"), join(tree.root, "usr/bin/certbot")],
  env: {
    ...tree.env,
    PYTHONPATH: join(tree.root, "usr/lib/python3/dist-packages"),
    REQUESTS_CA_BUNDLE: trusted,
  },
});

describe("the edge's certificate, by a real authority", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "edge-tls-"));
  const said: string[] = [];
  let node: FakeNode;
  let edge: WholeEdge;
  let pebble: Pebble;
  let settings: CertificateSettings;
  let ahead = 0;
  let asked = 0;
  let system: System;

  before(async function () {
    const tree = await debianTree(["certbot"]);
    const program = await goProgram("github.com/letsencrypt/pebble/v2/cmd/pebble", "v2.10.1");
    if (!tree || !program) return this.skip();
    const [plainPort, challenge] = [await freePort(), await freePort()];
    const own = { certificate: join(folder, "edge.pem"), socket: join(folder, "admin.sock") };
    pebble = await new Pebble().start(program, plainPort);
    settings = { ...own, acme: { directory: pebble.directory, port: challenge, names: [NAME] } };
    system = {
      ...machine(),
      path: (path) => (path.startsWith(STATE) ? join(folder, path.slice(STATE.length)) : path),
      now: () => new Date(Date.now() + ahead),
      run: async ([name, ...words], input) => {
        if (name !== "certbot") return machine().run([name, ...words], input);
        asked += 1;
        const client = certbot(tree, pebble.trusted);
        const { status, stdout, stderr } = await runCommand(
          client.words[0] as string,
          [...client.words.slice(1), ...words],
          {
            env: client.env,
          },
        );
        return { code: status ?? 128, stdout: Buffer.from(stdout), stderr };
      },
    };
    expect(await ensurePlaceholder(system, own.certificate)).to.equal(true);
    node = await new FakeNode().start();
    edge = await new WholeEdge().start(
      [node],
      [],
      { limits: { unitsPerSecond: 1_000_000 } },
      {
        tls: { ...own, plainPort, acme: { port: challenge, members: [] } },
      },
    );
  });
  after(async () => {
    await edge?.stop();
    await node?.stop();
    await pebble?.stop();
    pebble?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const look = () => lookAfter(system, settings, (line) => void said.push(line));
  const served = () =>
    new Promise<PeerCertificate>((resolve, reject) => {
      const socket = connectTls(
        { host: "127.0.0.1", port: edge.plan.port, servername: NAME, rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate());
          socket.end();
        },
      );
      socket.on("error", reject);
    });
  /** Reads over new connections, one after the other, while something is done. */
  async function underLoad(work: () => Promise<void>): Promise<{ sent: number; failed: string[] }> {
    const outcome = { sent: 0, failed: [] as string[] };
    let isOn = true;
    const client = async () => {
      while (isOn) {
        outcome.sent++;
        const answer = await post(edge.plan.port).catch(String);
        if (!answer.includes('"result":"eth_chainId"')) outcome.failed.push(answer);
      }
    };
    const all = Promise.all([client(), client()]);
    try {
      await work();
    } finally {
      isOn = false;
      await all;
    }
    return outcome;
  }

  it("is one of its own making until there is a real one", async () => {
    expect((await served()).subject.CN).to.equal("nodewright placeholder");
    expect(await post(edge.plan.port)).to.include("eth_chainId");
  });

  it("is got and taken over under load, and no request fails", async () => {
    const { failed, sent } = await underLoad(look);
    expect(failed).to.deep.equal([]);
    expect(sent).to.be.above(0);
    const certificate = await served();
    expect(certificate.subjectaltname, said.join("\n")).to.equal(`DNS:${NAME}`);
    expect(certificate.issuer.CN).to.match(/^Pebble/);
  });

  it("is left alone while it is good", async () => {
    const [before, times] = [(await served()).serialNumber, asked];
    await look();
    expect((await served()).serialNumber).to.equal(before);
    expect(asked).to.equal(times);
  });

  it("is renewed in time, under load, and no request fails", async () => {
    const before = (await served()).serialNumber;
    ahead = LIFETIME * 750;
    const { failed } = await underLoad(look);
    expect(failed).to.deep.equal([]);
    expect((await served()).serialNumber, said.join("\n")).to.not.equal(before);
  });

  it("stays when the authority is gone, which is asked again after a pause alone", async () => {
    await pebble.stop();
    ahead += LIFETIME * 750;
    const [before, times] = [(await served()).serialNumber, asked];
    await look();
    await look();
    expect((await served()).serialNumber).to.equal(before);
    expect(asked).to.equal(times + 1);
    expect(said.join("\n")).to.include("no new certificate");
  });

  it("is spoken of over HTTP/2, too, and plain HTTP only shows the way", async () => {
    const session = connectHttp2(`https://127.0.0.1:${edge.plan.port}`, { rejectUnauthorized: false });
    const stream = session.request({ ":method": "POST", ":path": "/" });
    stream.end(READ);
    expect(await text(stream)).to.include("eth_chainId");
    session.close();
    const plain = await fetch(`http://localhost:${edge.plan.tls?.plainPort}/a?b=1`, {
      method: "POST",
      body: READ,
      redirect: "manual",
    });
    expect(plain.status).to.equal(308);
    expect(plain.headers.get("location")).to.equal(`https://localhost:${edge.plan.port}/a?b=1`);
  });
});

function post(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: "127.0.0.1", port, method: "POST", servername: NAME, rejectUnauthorized: false, agent: false },
      (response) => void text(response).then(resolve, reject),
    );
    asking.on("error", reject);
    asking.end(READ);
  });
}
