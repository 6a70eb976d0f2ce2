import { expect } from "chai";
import { type AwsStack, awsStack, CREDENTIALS } from "../lab/plugins/aws/aws-stack";
import { missingEngine, skipSuite } from "../lab/plugins/engine";
import { relay } from "./aws-relay";

const missing = missingEngine();

describe("components as a library of another program", function () {
  this.timeout(240_000);
  let test: AwsStack;
  let userData = "first";

  before(async function () {
    if (missing) skipSuite(this, missing);
    test = await awsStack(() => relay(userData), CREDENTIALS);
  });
  after(() => test?.remove());

  it("makes a host with a disk of its own and an address that stays", async () => {
    const { outputs } = await test.stack.up();
    expect(outputs.address?.value).to.match(/^\d+\.\d+\.\d+\.\d+$/);
    expect(outputs.machine?.value).to.match(/^i-/);
  });

  it("keeps the machine when its user data changes", async () => {
    userData = "second";
    const { changeSummary } = await test.stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["same"]);
  });

  it("goes when it is told to", async () => {
    const { summary } = await test.stack.destroy();
    expect(summary.result).to.equal("succeeded");
  });
});
