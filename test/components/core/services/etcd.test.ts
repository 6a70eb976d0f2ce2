import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { printContent } from "../../../../cloud-init/emit/file-content";
import { STACK_AUTHORITY } from "../../../../components/core/tls/certificate";
import { makeAuthority, readAuthority } from "../../../../tls/authority";
import { issue } from "../../../../tls/issue";
import { debianTree } from "../../../support/debian-tree";
import { hostOf, planOf } from "../../../support/sample";

const STACK = `
network: lab
target: { docker: {} }
hosts:
  relay: { role: seed }
  producers: { role: validator, producer: eosio, count: 2 }
`;
const MEMBERS = ["producers-1", "producers-2", "relay"];
const CREDENTIALS = "/run/credentials/nodewright-etcd.service";
const PATIENCE_MS = 180_000;

/** Loopback has 16 million addresses: members keep the plan's ports, and no two runs meet. */
const net = `127.${1 + Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`;
const addressOf = (member: string): string => `${net}.${10 + MEMBERS.indexOf(member)}`;

interface Identity {
  key?: string;
  ca: string;
}

/** Asks a member over its JSON interface. Rejects where it refuses, or does not answer in time. */
const ask = (member: string, call: string, body: object, { key, ca }: Identity) =>
  new Promise<Record<string, unknown>>((done, fail) => {
    const asked = request(
      {
        host: addressOf(member),
        port: 2379,
        path: `/v3/${call}`,
        method: "POST",
        ca,
        ...(key === undefined ? {} : { key, cert: key }),
        timeout: 10_000,
        agent: false,
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => {
          if (answer.statusCode === 200) done(JSON.parse(text) as Record<string, unknown>);
          else fail(new Error(`${call}: ${answer.statusCode} ${text}`));
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`${call}: no answer`)));
    asked.on("error", fail);
    asked.end(JSON.stringify(body));
  });

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("etcd, as the plan configures it", function () {
  this.timeout(PATIENCE_MS * 3);
  const folder = mkdtempSync(join(tmpdir(), "nodewright-etcd-"));
  const running = new Map<string, ChildProcess>();
  const plan = planOf(STACK);
  let own: Identity & { key: string };
  let stranger: Identity & { key: string };

  /** A certificate for every address here, as the stack's authority would give it. */
  function identity(): Identity & { key: string } {
    const pems = makeAuthority("sample", new Date());
    const { authority } = readAuthority(pems, new Date());
    if (!authority) throw new Error("no authority");
    const addresses = ["127.0.0.1", ...MEMBERS.map(addressOf)];
    const secrets = { identity: "tls-identity", authority: "tls-authority" };
    const wanted = { host: "any", authority: STACK_AUTHORITY, names: ["any"], addresses, secrets };
    return { key: issue(authority, "sample", wanted, new Date()).pem, ca: pems.certificate };
  }

  /** The file of the plan, with addresses of this machine in place of the stack's names. */
  function configOf(member: string): string {
    const service = hostOf(plan, member).services.find((each) => each.service === "etcd");
    const file = service?.files[0];
    if (!file) throw new Error(`${member} has no etcd`);
    return MEMBERS.reduce(
      (text, each) => text.replaceAll(`${each}.sample.internal`, addressOf(each)),
      printContent(file.content),
    )
      .replaceAll("[::]", addressOf(member))
      .replaceAll(CREDENTIALS, folder)
      .replaceAll("/data/etcd", join(folder, member));
  }

  const log = (member: string): string => join(folder, `${member}.log`);

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const begun = performance.now();
    let last: unknown;
    for (;;) {
      try {
        if (await holds()) return;
      } catch (cause) {
        last = cause;
      }
      if (performance.now() - begun > PATIENCE_MS) {
        const logs = MEMBERS.map((each) => readFileSync(log(each), "utf8").slice(-1500)).join("\n");
        throw new Error(`waited in vain: ${what}; ${String(last)}\n${logs}`);
      }
      await pause(250);
    }
  }

  async function end(member: string): Promise<void> {
    const child = running.get(member);
    running.delete(member);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  before(async function () {
    const tree = await debianTree(["etcd-server"]);
    if (!tree) {
      console.log("      skipped: no etcd can be had here");
      return this.skip();
    }
    own = identity();
    stranger = identity();
    writeFileSync(join(folder, "tls-identity"), own.key, { mode: 0o600 });
    writeFileSync(join(folder, "tls-authority"), own.ca);
    for (const member of MEMBERS) {
      mkdirSync(join(folder, member), { mode: 0o700 });
      const config = join(folder, `${member}.yml`);
      writeFileSync(config, configOf(member));
      const child = spawn(tree.program("etcd"), ["--config-file", config], {
        env: { ...process.env, ...tree.env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (part: Buffer) => writeFileSync(log(member), part, { flag: "a" }));
      writeFileSync(log(member), "", { flag: "a" });
      running.set(member, child);
    }
    await until("the members choose a leader", async () => {
      await ask("relay", "kv/put", { key: base64("first"), value: base64("1") }, own);
      return true;
    });
  });

  after(async () => {
    await Promise.all([...running.keys()].map(end));
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives a lease and keeps it, over JSON, to who shows a certificate of the stack", async () => {
    const lease = await ask("producers-1", "lease/grant", { TTL: 10 }, own);
    expect(lease.TTL).to.equal("10");
    const kept = await ask("producers-2", "lease/keepalive", { ID: lease.ID }, own);
    expect(kept.result).to.include({ ID: lease.ID, TTL: "10" });
  });

  it("tells on one member what was written to another", async () => {
    await ask("producers-1", "kv/put", { key: base64("holder"), value: base64("producers-1") }, own);
    const { kvs } = await ask("relay", "kv/range", { key: base64("holder") }, own);
    expect(kvs).to.have.length(1);
    expect((kvs as { value: string }[])[0]?.value).to.equal(base64("producers-1"));
  });

  const refused = async (who: Identity): Promise<string> =>
    ask("producers-1", "kv/range", { key: base64("holder") }, { ...who, ca: own.ca }).then(
      () => "answered",
      () => "refused",
    );

  it("answers nobody without a certificate, or with one of another authority", async () => {
    expect(await refused({ ca: own.ca })).to.equal("refused");
    expect(await refused(stranger)).to.equal("refused");
    expect(await refused(own)).to.equal("answered");
  });

  it("decides without one of its members, and decides nothing without two", async () => {
    await end("relay");
    await until("two members go on", async () => {
      await ask("producers-1", "kv/put", { key: base64("later"), value: base64("2") }, own);
      return true;
    });
    await end("producers-2");
    // The one that is left may think for a moment that the other is only slow.
    await until("nothing is decided", () =>
      ask("producers-1", "kv/put", { key: base64("alone"), value: base64("3") }, own).then(
        () => false,
        () => true,
      ),
    );
  });
});
