import { expect } from "chai";
import { z } from "zod";
import { push } from "../../../components/chain/transaction";
import type { ChainAction } from "../../../components/core/chain/step";
import { type ChainSection, chainSchema } from "../../../components/core/config/chain";
import { PrivateChain } from "../../support/private-chain";
import { SampleChain } from "./sample-chain";

const MINUTES = 60_000;

/** The system contract of public chains, as nodeos' package brings it: RAM is bought there, CPU and NET are staked for. */
describe("a chain that sells its resources", function () {
  this.timeout(15 * MINUTES);
  let node: PrivateChain;
  let sample: SampleChain;
  let section: Record<string, unknown>;

  const SYSTEM = ["ram", "ramfee", "stake", "names", "saving", "bpay", "vpay", "rex"];
  const action = (
    actor: string,
    name: string,
    data: Record<string, unknown>,
    account = actor,
  ): ChainAction => ({
    account,
    name,
    actor,
    data,
  });
  const act = async (...actions: ChainAction[]): Promise<void> => {
    await push(await sample.work(parsed({})), actions);
  };
  const parsed = (over: Record<string, unknown>): ChainSection => chainSchema.parse({ ...section, ...over });
  const withAccount = (name: string, account: Record<string, unknown>) =>
    parsed({ accounts: { ...(section.accounts as object), [name]: { creator: "treasury", ...account } } });
  const failure = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => "nothing was refused",
      (cause: Error) => cause.message,
    );

  before(async function () {
    const started = await PrivateChain.start();
    if (!started) return this.skip();
    node = started;
    sample = await SampleChain.on(node);
    const active = String(sample.operator.toPublic());
    const accounts = ["treasury", "alice", "bob", "carol", ...SYSTEM.map((name) => `eosio.${name}`)];
    const eosio = String(node.key.toPublic());
    section = {
      ...sample.section(),
      accounts: {
        eosio: { active: eosio, contract: sample.contract("system") },
        "eosio.token": { active, contract: sample.contract("eosio.token") },
        "eosio.msig": { active, contract: sample.contract("eosio.msig") },
        ...Object.fromEntries(accounts.map((name) => [name, { active }])),
        council: {
          active: {
            threshold: 2,
            accounts: ["alice", "bob", "carol"].map((name) => ({ permission: `${name}@active` })),
          },
        },
      },
      // The system contract prices RAM by the supply.
      tokens: [{ issuer: "treasury", maximum: "10000000000.0000 EOS", issued: "1000000000.0000 EOS" }],
      ...{ evm: undefined, distribution: undefined, schedule: [] },
    };
    await sample.up(parsed({}));
    // It takes no account any more before it was told of the token, so the token comes first.
    const contract = sample.contract("eosio.system");
    section.accounts = { ...(section.accounts as object), eosio: { active: eosio, contract } };
    await sample.up(parsed({}));
    await act(
      action("eosio", "init", { version: 0, core: "4,EOS" }),
      action("eosio", "setpriv", { account: "eosio.msig", is_priv: 1 }),
    );
  });
  after(async () => {
    await node?.stop();
    sample?.remove();
  });

  const NEW = { ram: "0.25 MB", cpu: "2.0000 EOS", net: "1.0000 EOS" };

  it("refuses an account without RAM, with the amount that is missing", async () => {
    const active = String(sample.operator.toPublic());
    expect(await failure(sample.up(withAccount("newcomer1111", { active })))).to.match(
      /chain\.accounts\.newcomer1111\.ram +is 3000 bytes too little for what is deployed: write chain\.accounts\.newcomer1111\.ram: 0\.01 MB or more/,
    );
  });

  it("refuses what goes beyond the budget, and what the payer does not have", async () => {
    const account = { active: String(sample.operator.toPublic()), ...NEW };
    const over = { ...withAccount("newcomer1111", account), budget: "3.0000 EOS" };
    expect(await failure(sample.up(over))).to.match(
      /chain\.budget +RAM, CPU and NET come to [67]\.\d{4} EOS/,
    );
    const poor = withAccount("newcomer1111", { ...account, creator: "alice" });
    expect(await failure(sample.up(poor))).to.match(/alice lacks [67]\.\d{4} EOS on eosio\.token/);
  });

  it("refuses a name that is sold by bids", async () => {
    const active = String(sample.operator.toPublic());
    expect(await failure(sample.up(withAccount("short", { active, ...NEW })))).to.match(
      /chain\.accounts\.short +is shorter than 12 letters: such names are bid for/,
    );
  });

  it("buys what an account lacks, once, and more where more is declared", async () => {
    const active = String(sample.operator.toPublic());
    const titles = async (account: Record<string, unknown>) =>
      (await sample.up(withAccount("newcomer1111", { active, ...account }))).transactions.map(
        ({ title }) => title,
      );
    expect(await titles(NEW)).to.have.lengthOf(1);
    expect(await titles(NEW)).to.deep.equal([]);
    const more = await titles({ ...NEW, ram: "0.5 MB", cpu: "3.0000 EOS" });
    expect(more).to.have.lengthOf(1);
    expect(more[0]).to.match(
      /^buy for newcomer1111, by treasury: \d+ bytes of RAM, 1\.0000 EOS staked for CPU$/,
    );
    expect(await titles({ ...NEW, ram: "0.5 MB", cpu: "3.0000 EOS" })).to.deep.equal([]);
  });

  it("refuses a contract that an account has no RAM for, and CPU that is missing, with the amounts", async () => {
    const active = String(sample.operator.toPublic());
    const small = withAccount("newcomer1111", { active, ...NEW, contract: sample.contract("eosio.system") });
    expect(await failure(sample.up(small))).to.match(
      /chain\.accounts\.newcomer1111\.ram +is 3\d{6} bytes too little/,
    );
    await act(action("eosio", "setalimits", { account: "bob", ram_bytes: -1, net_weight: 0, cpu_weight: 0 }));
    const weak = withAccount("another11111", { active, ...NEW, creator: "bob" });
    expect(await failure(sample.up(weak))).to.match(/bob lacks \d+ µs of CPU .* \(0 left\): stake more/);
  });

  it("proposes what a group of accounts must approve, and goes on when the threshold is reached", async () => {
    await act(
      action(
        "treasury",
        "transfer",
        { from: "treasury", to: "council", quantity: "50.0000 EOS", memo: "" },
        "eosio.token",
      ),
    );
    const shared = parsed({
      accounts: {
        ...(section.accounts as object),
        newcomer1111: { creator: "council", active: String(sample.operator.toPublic()), ram: "1 MB" },
      },
      proposals: {
        council: {
          proposer: "alice@active",
          approvals: ["alice@active", "carol@active"],
          review: "https://review.example.org/proposal",
        },
      },
    });
    const waiting = await failure(sample.up(shared));
    expect(waiting).to.match(/approvals of the weight 2 from alice@active, bob@active, carol@active/);
    const [, proposal_name = ""] =
      /https:\/\/review\.example\.org\/proposal\/alice\/(\w+)/.exec(waiting) ?? [];
    const approve = (actor: string) =>
      act(
        action(
          actor,
          "approve",
          { proposer: "alice", proposal_name, level: { actor, permission: "active" } },
          "eosio.msig",
        ),
      );
    await approve("alice");
    expect(await failure(sample.up(shared))).to.match(
      /approvals of the weight 1 from bob@active, carol@active/,
    );
    await approve("carol");
    expect((await sample.up(shared)).transactions).to.have.lengthOf(1);
    expect((await sample.up(shared)).transactions).to.deep.equal([]);
    const { ram_quota } = z
      .object({ ram_quota: z.number() })
      .parse(await (await sample.work(shared)).node.chain("get_account", { account_name: "newcomer1111" }));
    expect(ram_quota).to.be.within(2 ** 20 - 2 ** 10, 2 ** 20 + 2 ** 11);
  });
});
