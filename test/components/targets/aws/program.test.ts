import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Plan } from "../../../../components/core/plan/plan";
import { aws } from "../../../../components/targets/aws";
import type { OpenWorld } from "../../../../lab/plugins/cloud/world";
import type { AwsStack } from "../../../lab/plugins/aws/aws-stack";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { planOf } from "../../../support/sample";
import { onEngine } from "./on-engine";
import { STACK } from "./stack";

const missing = missingEngine();
const INSTANCE = "aws:ec2/instance:Instance";

/** The plan with every release at another version. */
const bumped = (plan: Plan): Plan => {
  const text = JSON.stringify(plan, (key, value: unknown) =>
    key === "sha256" ? `${String(value).slice(0, -1)}0` : value,
  );
  return JSON.parse(text) as Plan;
};

describe("a stack on AWS", function () {
  this.timeout(300_000);
  let test: AwsStack;
  let world: OpenWorld;
  const machines = () => world.ids(INSTANCE).map((id) => world.get(INSTANCE, id)?.inputs ?? {});
  let plan = planOf(STACK());

  before(async function () {
    if (missing !== undefined) skipSuite(this, missing);
    test = await onEngine(() => plan);
    world = test.world;
  });
  after(() => test?.remove());

  it("comes up as previewed", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.have.keys("create");
    const { outputs, summary } = await test.stack.up();
    expect(summary.resourceChanges).to.deep.equal(changeSummary);
    const hosts = outputs.hosts?.value as Record<string, { addresses: { public?: string; cluster: string } }>;
    expect(Object.keys(hosts)).to.have.members(plan.hosts.map(({ name }) => name));
    expect(hosts.validator?.addresses.public).to.equal(undefined);
    expect(hosts["seed-1"]?.addresses.public).to.match(/^\d+\.\d+\.\d+\.\d+$/);
    expect(outputs.balancers?.value).to.have.keys("rpc");
    expect(outputs.nameServers?.value).to.have.length.greaterThan(1);
  });

  it("gives every machine what the plan says, and IMDSv2 alone", () => {
    expect(machines().map(({ instanceType }) => instanceType)).to.have.members(
      plan.hosts.map(({ machine }) => machine),
    );
    for (const inputs of machines()) {
      expect(inputs).to.deep.include({ disableApiTermination: true });
      expect(inputs.metadataOptions).to.deep.include({ httpTokens: "required", httpPutResponseHopLimit: 1 });
      expect(inputs.rootBlockDevice).to.deep.include({ encrypted: true });
    }
  });

  it("makes new machines of a pool as the plan says", () => {
    const [template] = world.ids("aws:ec2/launchTemplate:LaunchTemplate");
    const { inputs } = world.get("aws:ec2/launchTemplate:LaunchTemplate", template ?? "") ?? {};
    expect(inputs).to.deep.include({ instanceType: plan.pools[0]?.member.machine });
    expect(inputs?.metadataOptions).to.deep.include({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    expect(Buffer.from(String(inputs?.userData), "base64").toString()).to.match(/^#cloud-config/);
  });

  it("is as it shall be when nothing has changed", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).to.have.keys("same");
    const { summary } = await test.stack.refresh();
    expect(summary.resourceChanges).to.have.keys("same");
  });

  it("takes new versions as updates: no machine, disk or address is another", async () => {
    plan = bumped(plan);
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).not.to.include.keys("replace", "create-replacement", "delete-replaced");
    expect(changeSummary.update).to.be.greaterThan(plan.hosts.length);
    const ids = world.ids(INSTANCE);
    await test.stack.up();
    expect(world.ids(INSTANCE)).to.have.members(ids);
  });

  it("refuses to be destroyed while it is protected", async () => {
    // As the engine's own command does first. What it would delete without that look, the cloud itself keeps.
    const refusal = await test.stack.previewDestroy().catch((cause: Error) => cause.message);
    expect(refusal).to.include("protect");
    expect(world.ids(INSTANCE)).to.have.length(plan.hosts.length);
  });

  it("is destroyed once it is released", async () => {
    plan = { ...plan, protect: false };
    await test.stack.up();
    await test.stack.destroy();
    expect(world.ids(INSTANCE)).to.deep.equal([]);
    expect(world.ids("aws:ebs/volume:Volume")).to.deep.equal([]);
  });
});

describe("a stack on AWS without credentials", () => {
  it("is refused before anything is made, with the names of what is missing", () => {
    const kept = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, {
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
      AWS_CONFIG_FILE: "/nonexistent",
    });
    try {
      const provision = aws.load();
      expect(() =>
        provision(
          planOf(STACK()),
          () => pulumi.secret(""),
          () => "",
        ),
      ).to.throw(/no credentials.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
    } finally {
      process.env = kept;
    }
  });
});
