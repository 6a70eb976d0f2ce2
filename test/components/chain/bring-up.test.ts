import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { z } from "zod";
import { type BringUp, bringUp } from "../../../components/chain/bring-up";
import type { NodeApi } from "../../../components/chain/node-api";
import { readState } from "../../../components/chain/read-state";
import { openSigners } from "../../../components/chain/signer";
import { push } from "../../../components/chain/transaction";
import type { ChainState } from "../../../components/core/chain/chain-state";
import { stepsFor } from "../../../components/core/chain/steps-for";
import type { ChainSection } from "../../../components/core/config/chain";
import { PrivateChain } from "../../support/private-chain";
import { type Keosd, realKeosd } from "./real-keosd";
import { SampleChain } from "./sample-chain";

const MINUTES = 60_000;

/** A run that ends right after the node has taken a transaction, or has done what its own API was asked: as kill -9 does. */
class Killed extends Error {}

/** A node that counts what it takes; with `after` the run that asks it ends with the so many-eth. */
function counting(node: NodeApi, taken: string[], after: () => number): NodeApi {
  const counted = async (call: string, asked: Promise<unknown>): Promise<unknown> => {
    const answer = await asked;
    if (!/^(send_transaction|schedule_protocol_feature_activations)$/.test(call)) return answer;
    taken.push(call);
    if (taken.length >= after()) throw new Killed("killed");
    return answer;
  };
  return {
    ...node,
    chain: (call, body) => counted(call, node.chain(call, body)),
    control: (call, body) => counted(call, node.control(call, body)),
  };
}

const wasKilled = (run: Promise<unknown>): Promise<boolean> =>
  run.then(
    () => false,
    (cause: Error) => {
      if (!cause.message.includes("killed")) throw cause;
      return true;
    },
  );

describe("bringing a chain up, on a real nodeos", function () {
  this.timeout(15 * MINUTES);
  let node: PrivateChain;
  let sample: SampleChain;
  let section: ChainSection;
  let work: BringUp & { lines: string[] };

  before(async function () {
    const started = await PrivateChain.start("producera", "producerb");
    if (!started) return this.skip();
    node = started;
    sample = await SampleChain.on(node);
    section = sample.section();
    work = await sample.work(section);
  });
  after(async () => {
    await node?.stop();
    sample?.remove();
  });

  const look = (): Promise<ChainState> =>
    readState(work.declared, {
      node: work.node,
      found: new Set(),
      keys: work.signers.flatMap(({ keys }) => keys),
    });

  const balanceOf = async (account: string): Promise<string> => {
    const asked = { code: "eosio.token", account, symbol: "EOS" };
    return z.array(z.string()).parse(await work.node.chain("get_currency_balance", asked))[0] ?? "none";
  };

  it("killed after each action in turn it ends in the declared state, and no action is done twice", async () => {
    const planned = stepsFor(work.declared, await look()).map(({ title }) => title);
    const taken: string[] = [];
    let kills = 0;
    const killed = counting(work.node, taken, () => kills + 1);
    while (await wasKilled(bringUp({ ...work, node: killed }))) kills += 1;
    expect(planned).to.have.length.above(25);
    expect(kills).to.equal(planned.length);
    expect(taken).to.have.lengthOf(planned.length);
  });

  it("has all features, accounts, contracts by their hash, the EVM and the schedule", async () => {
    const state = await look();
    expect(state.active).to.include.members(["PREACTIVATE_FEATURE", ...section.features]);
    for (const [name, { contract, code }] of Object.entries(section.accounts)) {
      const found = state.accounts[name];
      expect(found?.code, name).to.equal(contract?.sha256);
      const acts = found?.permissions.active?.accounts.map(({ of }) => of);
      expect(acts, name).to.deep.equal(code ? [`${name}@eosio.code`] : []);
    }
    expect(state.evm).to.include({ chainId: 15555, gasPrice: 150_000_000_000, minerCut: 10_000 });
    expect(state.evm?.open).to.deep.equal(["wrapper"]);
    expect(state.tokens["eosio.token/EOS"]).to.deep.equal({
      supply: "1000.0000 EOS",
      maximum: "1000000.0000 EOS",
      issuer: "treasury",
    });
  });

  it("distributed to the last unit, and nothing twice", async () => {
    for (const [index, holder] of ["holder1", "holder2", "holder3", "holder4", "holder5"].entries())
      expect(await balanceOf(holder), holder).to.equal(`${index + 1}.000${index + 1} EOS`);
    expect(await balanceOf("evmevmevmevm")).to.equal("1.0000 EOS");
    expect(await balanceOf("treasury")).to.equal("983.9985 EOS");
  });

  it("derives the genesis of the EVM from the native block at its time", async () => {
    const { genesis } = await sample.up(section);
    const num = Number.parseInt(genesis?.mixHash.slice(2, 10) ?? "", 16);
    const block = z
      .object({ id: z.string(), timestamp: z.string() })
      .parse(await work.node.chain("get_block_info", { block_num: num }));
    expect(genesis?.mixHash).to.equal(`0x${block.id}`);
    expect(Date.parse(`${block.timestamp}Z`)).to.be.at.most(Date.parse(genesis?.timestamp ?? ""));
    const declared = { ...section, evm: section.evm && { ...section.evm, genesis } } as ChainSection;
    expect((await sample.up(declared)).transactions).to.deep.equal([]);
  });

  it("finds nothing to do a second time, and pushes nothing", async () => {
    const taken: string[] = [];
    const again = await bringUp({
      ...work,
      node: counting(work.node, taken, () => Number.POSITIVE_INFINITY),
    });
    expect(again.transactions).to.deep.equal([]);
    expect(taken).to.deep.equal([]);
  });

  it("has two producers in the schedule, each with its own key", async () => {
    const wanted = Object.entries(node.producers).map(([producer, key]) => ({
      producer,
      key: String(key.toPublic()),
    }));
    expect(new Set(wanted.map(({ key }) => key)).size).to.equal(2);
    expect((await look()).schedule).to.deep.equal(wanted);
  });

  it("has both producers of the schedule make blocks, each with its own key", async () => {
    const head = z.object({ head_block_producer: z.string() });
    const seen = new Set<string>();
    // The last blocks of the one before may still be the newest; twelve each in turn follow, and the test's own limit ends it.
    while (!seen.has("producera") || !seen.has("producerb")) {
      const { head_block_producer } = head.parse(await work.node.chain("get_info"));
      if (seen.size > 0 || head_block_producer !== "eosio") seen.add(head_block_producer);
      await pause(200);
    }
    expect([...seen].toSorted()).to.deep.equal(["producera", "producerb"]);
  });

  it("changes the fees of an EVM that has begun, those alone that are declared, and once", async () => {
    const evm = {
      account: "evmevmevmevm",
      chainId: 15555,
      opens: ["wrapper"],
      deposit: section.evm?.deposit,
    };
    const fees = (over: object) =>
      sample.up(sample.section({ evm: { ...evm, ingressFee: "0.0100 EOS", ...over } }));
    const changed = await fees({ minerCut: 25_000, ingressFee: "0.0300 EOS" });
    expect(changed.transactions.map(({ title }) => title)).to.deep.equal([
      "change the fees of the EVM on evmevmevmevm: miner's cut 10 → 25 %, ingress 0.0100 EOS → 0.0300 EOS",
    ]);
    const { evm: found } = await look();
    expect(found).to.include({ gasPrice: 150_000_000_000, minerCut: 25_000, ingressFee: "0.0300 EOS" });
    expect((await fees({ minerCut: 25_000, ingressFee: "0.0300 EOS" })).transactions).to.deep.equal([]);
    const back = await fees({ gasPrice: 1_000 });
    expect(back.transactions.map(({ title }) => title)).to.deep.equal([
      "change the fees of the EVM on evmevmevmevm: gas 150000000000 → 1000 wei, ingress 0.0300 EOS → 0.0100 EOS",
    ]);
    expect((await look()).evm).to.include({ gasPrice: 1_000, minerCut: 25_000, ingressFee: "0.0100 EOS" });
  });

  describe("signed by others", () => {
    const keys = { keosd: PrivateKey.generate("K1"), program: PrivateKey.generate("K1") };
    const publicOf = (key: PrivateKey) => String(key.toPublic());
    let keosd: Keosd | undefined;

    before(async () => {
      keosd = await realKeosd(join(sample.folder, "wallet"), [keys.keosd.toWif()]);
      sample.write("device.key", keys.program.toWif());
    });
    after(() => keosd?.stop());

    /** As a way to a device: the key never comes out of it. */
    const device = (key: PrivateKey) => ({
      program: [
        ...[process.execPath, "--require", "tsx/cjs", join(__dirname, "signing-device.ts")],
        join(sample.folder, "device.key"),
      ],
      keys: [publicOf(key)],
    });

    it("takes the signatures of a real keosd, of a program that has its key for itself, and of the environment", async () => {
      const owners = { bykeosd: keys.keosd, byprogram: keys.program, byenv: sample.operator };
      const accounts = Object.entries(owners).map(([name, key]) => [name, { active: publicOf(key) }]);
      const evm = { account: "evmevmevmevm", chainId: 15555, ingressFee: "0.0100 EOS" };
      const { transactions } = await sample.up(
        sample.section({
          signers: [
            ...[{ env: "GENESIS_KEY" }, { env: "OPERATOR_KEY" }],
            ...[{ keosd: keosd?.url }, device(keys.program)],
          ],
          accounts: Object.fromEntries(accounts),
          evm: { ...evm, opens: Object.keys(owners) },
          ...{ tokens: [], distribution: undefined },
        }),
      );
      expect(transactions.slice(-3).map(({ title }) => title)).to.deep.equal(
        Object.keys(owners).map((name) => `open a balance for ${name} on evmevmevmevm`),
      );
    });

    it("takes none that is by another key than it says", async () => {
      const signers = await openSigners([device(keys.keosd)]);
      const open = { account: "evmevmevmevm", name: "open", actor: "bykeosd", data: { owner: "bykeosd" } };
      const refused = await push({ ...work, signers }, [open]).catch((cause: Error) => cause.message);
      expect(refused).to.match(/the signer of PUB_K1_\w+ gave a signature that is not by that key/);
    });
  });

  it("sells nothing twice: a transfer that was made is not made again where its line is signed anew", async () => {
    const before = await balanceOf("holder1");
    const [step] = stepsFor(work.declared, { ...(await look()), accounts: {} }).filter(
      ({ stage, actions }) => stage === "distribution" && actions.length > 0,
    );
    const refused = await push(work, step?.actions ?? []).catch((cause: Error) => cause.message);
    expect(refused).to.match(/new requirement is same as old/);
    expect(await balanceOf("holder1")).to.equal(before);
  });
});
