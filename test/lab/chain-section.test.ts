import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { loadDeclared } from "../../components/chain/load-declared";
import { chainSchema } from "../../components/core/config/chain";
import { labContracts } from "../../lab/chain/contracts";
import { chainKeys, labChain } from "../../lab/chain/section";
import { keysFor } from "../../lab/keys";
import { PROJECT } from "../../stacks/stack-file";
import { planOf, SAMPLE } from "../support/sample";

const WRITTEN = {
  endpoint: "http://127.0.0.1:18889",
  features: ["GET_BLOCK_NUM"],
  evm: { account: "evmevmevmevm", chainId: 15555, ingressFee: "0.0100 EOS", opens: ["evmminer1111"] },
};

describe("the chain section of a lab", () => {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-lab-chain-"));
  after(() => rmSync(folder, { recursive: true }));
  const hosts = SAMPLE.replace(/, signingKey: \S+/, "").replace(
    "rpc-a: { role: rpc }",
    "rpc-a: { role: rpc }\n  rpc-b: { role: rpc }\n  second: { role: validator, producer: second }",
  );
  const plan = planOf(hosts);
  const keys = keysFor(join(folder, "keys.json"), plan);
  const made = async (written: Record<string, unknown> = WRITTEN) =>
    chainSchema.parse(labChain(written, plan, { keys, contracts: await labContracts() }));

  it("is a whole one, whose contracts are the files that it names", async () => {
    const { findings } = loadDeclared(await made(), PROJECT);
    expect(findings).to.deep.equal([]);
  });

  it("signs with the key that the genesis names, and a key of the wrappers that share their account", async () => {
    const { signers, accounts } = await made();
    const held = Object.entries(chainKeys(plan, keys));
    expect(signers).to.deep.equal(held.map(([env]) => ({ env })));
    const [system, wrapper] = held.map(([, key]) => String(PrivateKey.from(key).toPublic()));
    expect(accounts.eosio?.active).to.equal(system).and.to.equal(keys.signing["validator-a"]?.public);
    const shared = accounts.evmminer1111?.active;
    expect(shared).to.have.property("threshold", 1);
    expect(JSON.stringify(shared)).to.include(wrapper);
    expect(shared).to.have.property("keys").that.has.lengthOf(2);
  });

  it("schedules all producers where there are several, each with the key of its host", async () => {
    const { schedule, accounts } = await made();
    const key = (host: string) => keys.signing[host]?.public;
    expect(schedule).to.have.deep.members([
      { producer: "eosio", key: key("validator-a") },
      { producer: "second", key: key("second") },
    ]);
    expect(accounts).to.include.keys("second");
  });

  it("keeps what the user wrote, and holds no private key", async () => {
    const active = keys.signing.second?.public;
    const given = await made({ ...WRITTEN, accounts: { eosio: { active } }, schedule: [] });
    expect(given.accounts.eosio).to.deep.include({ active });
    expect(given.accounts.eosio?.contract).to.equal(undefined);
    expect(given.schedule).to.deep.equal([]);
    for (const key of Object.values(chainKeys(plan, keys))) expect(JSON.stringify(given)).not.to.include(key);
  });
});
