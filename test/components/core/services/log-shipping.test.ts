import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import { runCommand } from "../../../../lab/docker/command";
import { until } from "../../../../lab/drills/until";
import { makeAuthority } from "../../../../tls/authority";
import { issueAll } from "../../../../tls/host-secrets";
import { type DebianTree, debianTree } from "../../../support/debian-tree";
import { cloudPlan } from "../../../support/fake-cloud";
import { freePort } from "../../../support/free-port";

const LINES = 200;

/** Two real rsyslogds on this machine with the configuration of two hosts of a plan, and a wire between them that is looked at. */
describe("logs on their way", function () {
  this.timeout(360_000);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-logs-"));
  const plan = cloudPlan();
  const { certificate, key } = makeAuthority("test", new Date());
  const { values } = issueAll(plan, { "tls/authority": certificate, "tls/authority-key": key }, new Date());
  const seen: Buffer[] = [];
  let tree: DebianTree;
  let wire: Server;
  let port: number;
  let running: ChildProcess[] = [];

  before(async function () {
    const found = await debianTree(["rsyslog", "rsyslog-relp"]);
    if (!found) return this.skip();
    tree = found;
    port = await freePort();
    wire = createServer((client) => {
      const server = connect({ host: "127.0.0.1", port });
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on("data", (bytes) => seen.push(bytes)).pipe(to);
        from.on("error", () => to.destroy()).on("close", () => to.destroy());
      }
    }).listen(0, "127.0.0.1");
    await once(wire, "listening");
    prepare("watch", "nodewright-log-store", (text) =>
      text.replace('type="imrelp" port="2514"', `type="imrelp" address="127.0.0.1" port="${port}"`),
    );
    prepare("seed-1", "nodewright-logs", (text) =>
      text.replace(
        'target="watch.test.internal" port="2514"',
        `target="127.0.0.1" port="${(wire.address() as AddressInfo).port}"`,
      ),
    );
  });
  after(async () => {
    for (const child of running) await stop(child);
    wire?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A host's own files, in a folder in place of its root; without its journal, which this machine may not have. */
  function prepare(name: string, unit: string, adjust: (text: string) => string): void {
    const host = plan.hosts.find((each) => each.name === name);
    if (!host) throw new Error(`no host ${name}`);
    const root = join(folder, name);
    for (const secret of ["tls-identity", "tls-authority"]) {
      mkdirSync(join(root, `run/credentials/${unit}.service`), { recursive: true });
      writeFileSync(join(root, `run/credentials/${unit}.service`, secret), values[`${name}/${secret}`] ?? "");
    }
    for (const path of [
      "data/logs",
      "data/logs-to-send",
      "var/lib/nodewright-log-store",
      "var/lib/nodewright",
    ])
      mkdirSync(join(root, path), { recursive: true });
    const text =
      documentFor(plan, host).files.find(({ path }) => path === `/etc/${unit}/rsyslog.conf`)?.content ?? "";
    const moved = text
      .split("\n")
      .filter((line) => !line.includes('load="imjournal"'))
      .join("\n")
      .replaceAll(/"\/(run|data|var)\//g, `"${root}/$1/`);
    writeFileSync(join(root, "rsyslog.conf"), adjust(moved));
  }
  const modules = () =>
    ["x86_64", "aarch64"]
      .map((arch) => join(tree.root, `usr/lib/${arch}-linux-gnu/rsyslog`))
      .find(existsSync) ?? "";
  const words = (name: string) => [
    "-M",
    modules(),
    "-f",
    join(folder, name, "rsyslog.conf"),
    "-i",
    join(folder, `${name}.pid`),
  ];
  function start(name: string): ChildProcess {
    const child = spawn(tree.program("rsyslogd"), ["-n", ...words(name)], {
      env: { ...process.env, ...tree.env },
      stdio: "ignore",
    });
    running.push(child);
    return child;
  }
  async function stop(child: ChildProcess): Promise<void> {
    running = running.filter((each) => each !== child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  }
  const trail = join(folder, "seed-1/var/lib/nodewright/audit.jsonl");
  const kept = join(folder, "watch/data/logs/seed-1/audit.jsonl");
  const record = (number: number) =>
    `${JSON.stringify({ what: `in plain sight "${number}" → ü`, action: "change" })}\n`;
  const write = (from: number) => {
    for (let number = from; number < from + LINES; number++) appendFileSync(trail, record(number));
  };
  const arrived = () => (existsSync(kept) ? readFileSync(kept, "utf8").split("\n").filter(Boolean) : []);

  for (const name of ["watch", "seed-1"])
    it(`are told of in a configuration of ${name} that rsyslog finds right`, async () => {
      const { status, stderr } = await runCommand(tree.program("rsyslogd"), ["-N1", ...words(name)], {
        env: tree.env,
      });
      expect(status, stderr).to.equal(0);
      expect(stderr).not.to.match(/error|warning/i);
    });

  it("arrive as they were written, and show nothing of themselves on the wire", async () => {
    start("watch");
    start("seed-1");
    write(0);
    const whole = () => readFileSync(trail, "utf8");
    await until(
      "the last line arrives to its end",
      () => existsSync(kept) && readFileSync(kept, "utf8").length >= whole().length,
    );
    expect(readFileSync(kept, "utf8")).to.equal(whole());
    const bytes = Buffer.concat(seen);
    expect(bytes.length).to.be.above(readFileSync(trail).length);
    for (const word of ["plain sight", "change", "seed-1", "syslog"])
      expect(bytes.includes(word), word).to.equal(false);
  });

  const complete = () => {
    const written = readFileSync(trail, "utf8").split("\n").filter(Boolean);
    const there = new Set(arrived());
    return written.every((line) => there.has(line));
  };

  it("arrive all the same where the monitor was away", async () => {
    const [store] = running;
    if (!store) throw new Error("it does not run");
    await stop(store);
    write(LINES);
    start("watch");
    write(2 * LINES);
    await until("what was written arrives", complete);
  });

  it("arrive all the same where the host's own rsyslog was", async () => {
    const [sender] = running;
    if (!sender) throw new Error("it does not run");
    await stop(sender);
    write(3 * LINES);
    start("seed-1");
    write(4 * LINES);
    await until("what was written arrives", complete);
  });
});
