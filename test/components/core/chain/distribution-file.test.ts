import { expect } from "chai";
import fc from "fast-check";
import { assetText, missingOf, parseAsset } from "../../../../components/core/chain/asset";
import { readDistribution } from "../../../../components/core/chain/distribution-file";

const read = (text: string, total = "3.0000 EOS") => readDistribution(text, { from: "treasury", total });
const said = (text: string, total?: string) =>
  read(text, total).findings.map(({ path, message }) => `${path} ${message}`);

describe("a distribution file", () => {
  it("is lines of an account and an amount; comments and empty lines are passed over", () => {
    expect(read("# genesis\n\nalice,1.0000 EOS\r\nbob, 2.0000 EOS\n")).to.deep.equal({
      findings: [],
      transfers: [
        { to: "alice", amount: "1.0000 EOS" },
        { to: "bob", amount: "2.0000 EOS" },
      ],
    });
  });

  it("is refused with everything that is wrong with it, at once", () => {
    const lines = [
      "Alice,1.0000 EOS",
      "bob,1.0000 EOS",
      "bob,1.0000 EOS",
      "carol,1.00 EOS",
      "dan,-1.0000 EOS",
    ];
    const more = ["eve,0.0000 EOS", "treasury,1.0000 EOS", "frank,1.0000 EOS,x", "grace,1.0000 WAX"];
    const found = said([...lines, ...more].join("\n"));
    const expected = [
      /line 1 "Alice" is no account name/,
      /line 3 bob stands in line 2 already/,
      /line 4 1\.00 EOS is not in 4,EOS/,
      /line 5 "-1\.0000 EOS" is no amount/,
      /line 6 0\.0000 EOS is nothing/,
      /line 7 treasury is the sender itself/,
      /line 8 has 3 fields/,
      /line 9 1\.0000 WAX is not in 4,EOS/,
    ];
    expect(found).to.have.lengthOf(expected.length);
    for (const [index, each] of expected.entries()) expect(found[index]).to.match(each);
  });

  it("adds up to the total, to the last unit", () => {
    expect(said("alice,1.0000 EOS\nbob,2.0001 EOS")).to.deep.equal([
      "chain.distribution.total is 3.0000 EOS, the lines add up to 3.0001 EOS: correct one of them",
    ]);
  });
});

describe("an amount", () => {
  it("is the same after it was read and written", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        fc.integer({ min: 0, max: 18 }),
        (units, precision) => {
          const asset = { units, precision, code: "EOS" };
          expect(parseAsset(assetText(asset))).to.deep.equal(asset);
        },
      ),
    );
  });

  it("tells what is missing of another", () => {
    expect(missingOf("2.0000 EOS", "0.0001 EOS")).to.equal("1.9999 EOS");
    expect(missingOf("2.0000 EOS", "2.0000 EOS")).to.equal(undefined);
  });
});
