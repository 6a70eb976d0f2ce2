import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { parseOutcome } from "../../components/chain/outcome";
import { readState } from "../../components/chain/read-state";
import { stepsFor } from "../../components/core/chain/steps-for";
import { prepareSetup } from "../../lab/engine/setup";
import { bringUpChain } from "../../stacks/chain-resource";
import { PROJECT } from "../../stacks/stack-file";
import { SampleChain } from "../components/chain/sample-chain";
import { PrivateChain } from "../support/private-chain";
import { Backend } from "./backend";

const MINUTES = 60_000;

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

  const missing = async (): Promise<string[]> => {
    const { declared, node: api } = await sample.work(sample.section());
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
    const section = sample.section();
    const stack = await backend.stack("chained", async () => {
      const { outcome } = await bringUpChain({ section, isBorn: false }, [], sample.folder);
      return { outcome };
    });
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
    expect((await stack.up()).summary.resourceChanges).to.deep.equal({ same: 3 });
    expect((await stack.up()).outputs.outcome?.value).to.deep.equal(outputs.outcome?.value);
  });
});
