import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "@pulumi/pulumi";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { documentFor } from "../../cloud-init/document-for";
import { parseOutcome } from "../../components/chain/outcome";
import { readState } from "../../components/chain/read-state";
import { stepsFor } from "../../components/core/chain/steps-for";
import type { ChainSection } from "../../components/core/config/chain";
import { machinesOf } from "../../components/core/plan/plan";
import { prepareSetup } from "../../lab/engine/setup";
import { bringUpChain } from "../../stacks/chain-resource";
import { planned } from "../../stacks/deploy";
import { PROJECT } from "../../stacks/stack-file";
import { SampleChain } from "../components/chain/sample-chain";
import { cloudRegistry, cloudStack } from "../support/fake-cloud";
import { PrivateChain } from "../support/private-chain";
import { Backend, failureOf } from "./backend";

const MINUTES = 60_000;

interface Process {
  pid: number;
  parent: number;
  name: string;
  words: string;
  folder: string;
}

/** Those of this machine that may be looked at. */
function processes(): Process[] {
  return readdirSync("/proc").flatMap((pid): Process[] => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
      const parent = Number(/^PPid:\s*(\d+)/m.exec(read("status"))?.[1]);
      const words = read("cmdline").replaceAll("\0", " ");
      const folder = readlinkSync(`/proc/${pid}/cwd`);
      return [{ pid: Number(pid), parent, name: read("comm").trim(), words, folder }];
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return [];
    }
  });
}

/** Some processes, and all that they have started. */
function belowThem(running: readonly Process[], roots: readonly Process[]): Process[] {
  const byPid = new Map(running.map((each) => [each.pid, each]));
  const isBelow = (each: Process | undefined): boolean =>
    each !== undefined && (roots.includes(each) || isBelow(byPid.get(each.parent)));
  return running.filter(isBelow);
}

/** All that lies in files of a folder. */
const textsBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");

/** A way to a node on which an answer can be kept back: whoever pushed then waits, with the push done. */
async function heldWay(endpoint: string) {
  const events = new EventEmitter();
  const state = { left: Number.POSITIVE_INFINITY };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = await fetch(`${endpoint}${request.url}`, { method: "POST", body });
    const said = await answer.text();
    if (/\/(push|send)_transaction/.test(request.url ?? "") && --state.left === 0) {
      const released = once(events, "released");
      events.emit("held");
      await released;
    }
    response.writeHead(answer.status).end(said);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves when the node has answered that many pushes from now on; the last answer is kept back. */
    after: (pushes: number): Promise<unknown> => {
      state.left = pushes;
      return once(events, "held");
    },
    release: () => void events.emit("released"),
    close: () => {
      events.emit("released");
      server.close();
      server.closeAllConnections();
    },
  };
}

describe("a stack with a chain", function () {
  this.timeout(15 * MINUTES);
  const backend = new Backend();
  const kept = { ...process.env };
  let node: PrivateChain;
  let sample: SampleChain;

  before(async function () {
    const started = await PrivateChain.start("producera", "producerb");
    if (!started) return this.skip();
    node = started;
    sample = await SampleChain.on(node);
    // The command runs where the section's files lie, and finds its loader from there.
    symlinkSync(join(PROJECT, "node_modules"), join(sample.folder, "node_modules"));
    const { env } = await prepareSetup(() => {});
    await backend.start(env);
    Object.assign(process.env, sample.keys);
  });
  after(async () => {
    for (const name of ["GENESIS_KEY", "OPERATOR_KEY"]) delete process.env[name];
    process.env.PATH = kept.PATH;
    await node?.stop();
    sample?.remove();
    backend.remove();
  });

  const missing = async (section = sample.section()): Promise<string[]> => {
    const { declared, node: api } = await sample.work(section);
    const state = await readState(declared, { node: api, found: new Set() });
    return stepsFor(declared, state).map(({ title }) => title);
  };

  /** What was pushed last has come into a block, and what it switched on is on. */
  const settled = async (): Promise<void> => {
    const { node: api } = await sample.work(sample.section());
    const head = async () => ((await api.chain("get_info")) as { head_block_num: number }).head_block_num;
    const until = (await head()) + 3;
    while ((await head()) < until) await pause(200);
  };

  /** Hosts of every role on the chain, whose EVM the stack itself begins. */
  async function sampleStack() {
    const { chainId } = await (await sample.work(sample.section())).node.info();
    const evm = { account: "evmevmevmevm", chainId: 15555 };
    const network = { name: "mine", native: { chainId }, evm, peers: ["far.example.org:9876"] };
    const more = { chain: sample.section(), acceptStandIns: "nothing is made of this plan" };
    return { ...cloudStack(more), network };
  }

  /** The stack's program, with no machines: what their EVM nodes are given is among its outputs. */
  async function serving() {
    const { plan, findings } = await planned("chained", await sampleStack(), cloudRegistry());
    for (const { path, message } of findings) await log.warn(`${path}: ${message}`);
    if (!plan?.chain) throw new Error("the sample has mistakes");
    const { outcome } = await bringUpChain(plan.chain, [], sample.folder);
    const genesis = machinesOf(plan).flatMap((host) =>
      documentFor(plan, host).files.flatMap(({ path, content }) =>
        path === "/etc/evm-node/genesis.json" ? [content] : [],
      ),
    );
    return { outcome, genesis };
  }

  it("goes on where the command behind it was killed, with the kill that no program can catch", async () => {
    const all = await missing();
    const program = join(PROJECT, "stacks/chain.ts");
    const child = spawn(process.execPath, ["--require", "tsx/cjs", program, "up"], {
      cwd: sample.folder,
      env: { ...process.env, ...sample.keys },
      stdio: ["pipe", "ignore", "pipe"],
    });
    const ended = once(child, "exit");
    child.stdin.end(JSON.stringify(sample.section()));
    let pushed = 0;
    for await (const line of createInterface({ input: child.stderr })) {
      if (all.some((title) => line.startsWith(title))) pushed += 1;
      if (pushed === 4) child.kill("SIGKILL");
    }
    const [, signal] = (await ended) as [number | null, string | null];
    expect(signal).to.equal("SIGKILL");
    await settled();
    const left = await missing();
    expect(left.length).to.be.within(1, all.length - 3);
  });

  it("shows in a preview what it would push, pushes it once, and then finds nothing to do", async () => {
    const stack = await backend.stack("chained", serving);
    const left = await missing();
    const preview = await stack.preview();
    for (const title of left) expect(preview.stdout).to.include(title);
    expect(await missing()).to.deep.equal(left);
    const { outputs } = await stack.up();
    const outcome = parseOutcome(JSON.stringify(outputs.outcome?.value));
    expect(outcome?.transactions.map(({ title }) => title)).to.deep.equal(left);
    for (const { title, id } of outcome?.transactions ?? []) expect(id, title).to.match(/^[0-9a-f]{64}$/);
    expect(outcome?.genesis?.mixHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(await missing()).to.deep.equal([]);
    const again = await stack.up();
    expect(again.summary.resourceChanges).to.deep.equal({ same: 3 });
    expect(again.outputs.outcome?.value).to.deep.equal(outputs.outcome?.value);
    // The hosts of the first run had nothing to start an EVM from; those of the second have what the first has made.
    expect(preview.stdout).to.include("network.evm.genesis: comes from the chain");
    expect(outputs.genesis?.value).to.deep.equal([]);
    const given = ((again.outputs.genesis?.value ?? []) as string[]).map((text) => JSON.parse(text));
    expect(given).to.have.lengthOf(3);
    for (const { mixHash, timestamp } of given) {
      expect(mixHash).to.equal(outcome?.genesis?.mixHash);
      expect(Number(timestamp) * 1000).to.equal(Date.parse(outcome?.genesis?.timestamp ?? ""));
    }
  });

  it("refuses hosts with another genesis than the chain's, and a node of another chain", async () => {
    const raw = await sampleStack();
    const { evm, ...network } = raw.network;
    const genesis = { timestamp: "2026-01-01T00:00:00", mixHash: `0x00000002${"ab".repeat(28)}` };
    const said = async (over: object) =>
      (await planned("chained", { ...raw, ...over }, cloudRegistry())).findings.flatMap(
        ({ severity, path, message }) => (severity === "error" ? [`${path} ${message}`] : []),
      );
    expect(await said({})).to.deep.equal([]);
    const [fault, ...more] = await said({ network: { ...network, evm: { ...evm, genesis } } });
    expect(fault).to.match(
      /^network\.evm\.genesis does not fit the chain: its EVM began at .*: write those two/,
    );
    expect(more).to.deep.equal([]);
    const elsewhere = said({ network: { ...network, evm, native: { chainId: "ab".repeat(32) } } });
    expect(await failureOf(elsewhere)).to.match(/is a node of the chain .*, this stack is for abab/);
  });

  /** The sample's, and eight accounts more to whom a transaction each pays. */
  function withHeirs(heirs: readonly string[]): ChainSection {
    const active = String(sample.operator.toPublic());
    const base = sample.section();
    const lines = heirs.map((name, index) => `${name},0.000${index + 1} EOS`);
    return sample.section({
      accounts: { ...base.accounts, ...Object.fromEntries(heirs.map((name) => [name, { active }])) },
      distribution: sample.distribution(lines, "0.0036 EOS", 1),
    });
  }

  it("goes on where the engine was killed in the middle of it, pays nothing twice, and shows no key anywhere", async () => {
    const heirs = Array.from({ length: 8 }, (_, index) => `heir${"12345abc"[index]}`);
    const way = await heldWay(node.endpoint);
    try {
      const section = { ...withHeirs(heirs), endpoint: way.endpoint };
      const stack = await backend.stack("chained", async () => {
        const { outcome } = await bringUpChain({ section, isBorn: false }, [], sample.folder);
        return { outcome };
      });
      const all = await missing(section);
      expect(all).to.have.lengthOf(16);
      // Eight accounts, and two of the transfers.
      const half = way.after(10);
      let logs = "";
      const run = stack.up({ onOutput: (said) => (logs += said) }).then(
        () => "it ended by itself",
        () => "killed",
      );
      expect(await Promise.race([half.then(() => "half of it is done"), run])).to.equal("half of it is done");
      const running = processes();
      const engines = running.filter(({ name, parent }) => name === "pulumi" && parent === process.pid);
      const words = belowThem(running, engines)
        .map((each) => each.words)
        .join("\n");
      expect(engines.length, "engines of this test").to.be.at.least(1);
      expect(words, "the command behind it").to.include("stacks/chain.ts up");
      for (const { pid } of engines) process.kill(pid, "SIGKILL");
      expect(await run).to.equal("killed");
      // The command behind it would outlive the engine, and a machine that loses its power leaves neither.
      const behind = () =>
        processes().filter((each) => each.folder === sample.folder && each.words.includes("stacks/chain.ts"));
      for (const { pid } of behind()) process.kill(pid, "SIGKILL");
      while (behind().length > 0) await pause(200);
      way.release();
      await settled();
      expect((await missing(section)).length, "actions that are left").to.be.within(1, all.length - 1);
      await stack.cancel();
      const next = await stack.up();
      expect(await missing(section)).to.deep.equal([]);
      expect((await stack.up()).summary.resourceChanges).to.deep.equal({ same: 3 });
      const { node: api } = await sample.work(section);
      for (const [index, account] of heirs.entries()) {
        const asked = { code: "eosio.token", account, symbol: "EOS" };
        expect(await api.chain("get_currency_balance", asked), account).to.deep.equal([
          `0.000${index + 1} EOS`,
        ]);
      }
      const state = textsBelow(backend.folder);
      expect(state).to.include("heir1");
      expect(logs).to.include("heir1");
      const told = { arguments: words, state, logs: logs + next.stdout + next.stderr };
      for (const [name, key] of Object.entries(sample.keys))
        for (const form of [key, String(PrivateKey.from(key))])
          for (const [where, content] of Object.entries(told))
            expect(content.includes(form), `${name} in ${where}`).to.equal(false);
    } finally {
      way.close();
    }
  });
});
