import { expect } from "chai";
import { nodeApi } from "../../../components/chain/node-api";
import { PrivateChain } from "../../support/private-chain";
import { SampleChain } from "./sample-chain";

const MINUTES = 60_000;

describe("what a chain is not touched for", function () {
  this.timeout(10 * MINUTES);
  let node: PrivateChain;
  let sample: SampleChain;

  before(async function () {
    const started = await PrivateChain.start("producera", "producerb");
    if (!started) return this.skip();
    node = started;
    sample = await SampleChain.on(node);
  });
  after(async () => {
    await node?.stop();
    sample?.remove();
  });

  const NO_HASH = "0".repeat(64);
  const REFUSED: [why: string, over: () => Record<string, unknown>, said: RegExp][] = [
    [
      "another chain",
      () => ({ chainId: NO_HASH }),
      /^chain at http\S+: 1 mistake, nothing was changed\n\n {2}chain\.endpoint +http\S+ is a node of the chain [0-9a-f]{64}, this stack is for 0{64}/,
    ],
    [
      "a permission that no key at hand has",
      () => ({ signers: [{ env: "OPERATOR_KEY" }] }),
      /chain\.signers +none signs for eosio@active, which asks for PUB_K1_\w+: give a signer with that key/,
    ],
    [
      "a feature that the node does not know",
      () => ({ features: ["ACTION_RETURN_VALUES"] }),
      /chain\.features +the node does not know ACTION_RETURN_VALUES\. Did you mean ACTION_RETURN_VALUE\?/,
    ],
    [
      "features without a node's producer API",
      () => ({ control: undefined }),
      /chain\.control +is missing: ACTION_RETURN_VALUE, .* is not active/,
    ],
    [
      "a contract that is not the one pinned",
      () => {
        const { accounts } = sample.section();
        return {
          accounts: {
            ...accounts,
            eosio: { ...accounts.eosio, contract: { ...sample.contract("system"), sha256: NO_HASH } },
          },
        };
      },
      /chain\.accounts\.eosio\.contract\.sha256 +system\.wasm has the sha256 [0-9a-f]{64}, pinned is 0{64}/,
    ],
    [
      "recipients who are no accounts",
      () => ({
        distribution: sample.distribution(["nobody,1.0000 EOS", "noone,1.0000 EOS"], "2.0000 EOS", 2),
      }),
      /chain\.distribution\.file +2 of its names are no accounts: nobody, noone\. Create them first/,
    ],
    [
      "a distribution that adds up to something else",
      () => ({ distribution: sample.distribution(["holder1,1.0000 EOS"], "2.0000 EOS", 2) }),
      /chain\.distribution\.total +is 2\.0000 EOS, the lines add up to 1\.0000 EOS/,
    ],
    [
      "a node that is not there",
      () => ({ endpoint: "http://127.0.0.1:1" }),
      /http:\/\/127\.0\.0\.1:1\/v1\/chain\/get_info does not answer: .* Is nodeos up/,
    ],
  ];
  for (const [why, over, said] of REFUSED)
    it(`is ${why}`, async () => {
      const found = await Promise.resolve()
        .then(() => sample.up(sample.section(over())))
        .then(
          () => "nothing was refused",
          (cause: Error) => cause.message,
        );
      expect(found).to.match(said);
    });

  it("is a last irreversible block that stands still", async () => {
    const api = nodeApi({ endpoint: node.endpoint, control: node.endpoint });
    await api.control("pause");
    const found = await sample.up(sample.section(), 3_000).then(
      () => "nothing was refused",
      (cause: Error) => cause.message,
    );
    await api.control("resume");
    expect(found).to.match(/the last irreversible block stands at \d+ .* too few producers are at work/);
  });

  it("and nothing was pushed for any of them", async () => {
    const api = nodeApi({ endpoint: node.endpoint });
    expect(await api.chain("get_activated_protocol_features", { limit: 5 })).to.deep.include({
      activated_protocol_features: [],
    });
    const account = (await api.chain("get_account", { account_name: "eosio" })) as {
      last_code_update: string;
    };
    expect(account.last_code_update).to.match(/^1970/);
  });
});
