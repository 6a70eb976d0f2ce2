import { readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import { aws } from "../../../../lab/plugins/aws/aws-cloud";
import { INSTANCE, SECURITY_GROUP, VOLUME, VPC } from "../../../../lab/plugins/aws/tokens";
import { worldFile } from "../../../../lab/plugins/cloud/world";
import { changesBetween } from "../../../../lab/plugins/diff";
import { isSecret, type Properties } from "../../../../lab/plugins/value";
import { CREDENTIALS } from "../aws/aws-stack";
import { failureOf, testCall } from "../call";
import { PluginUnderTest } from "./plugin-under-test";

const DISK = { availabilityZone: "eu-central-1a", size: 10, type: "gp3" };
let plugin: PluginUnderTest;

describe("a resource of a simulated cloud", () => {
  beforeEach(() => {
    plugin = new PluginUnderTest(aws, CREDENTIALS, { defaultTags: { tags: { stack: "test" } } });
  });
  afterEach(() => plugin.dispose());

  it("is replaced for a change at or below a forced path, or of a block that states one", () => {
    const table: [olds: Properties, news: Properties, replaces: boolean][] = [
      [{ ami: "a" }, { ami: "b" }, true],
      [{ instanceType: "a" }, { instanceType: "b" }, false],
      [{ cpuOptions: { coreCount: 1 } }, { cpuOptions: { coreCount: 2 } }, true],
      [{ rootBlockDevice: { encrypted: true } }, { rootBlockDevice: { encrypted: false } }, true],
      [{ rootBlockDevice: { volumeSize: 1 } }, { rootBlockDevice: { volumeSize: 2 } }, false],
      [{}, { rootBlockDevice: { encrypted: true } }, true],
      [{}, { rootBlockDevice: { volumeSize: 1 } }, false],
      [{ ebsBlockDevices: [{ volumeSize: 1 }] }, { ebsBlockDevices: [{ volumeSize: 2 }] }, true],
      [{ userData: "a" }, { userData: "b" }, false],
      [{ userData: "a" }, { userData: "b", userDataReplaceOnChange: true }, true],
      [{ tags: { a: "1" } }, { tags: { a: "2" } }, false],
    ];
    const found = table.map(([olds, news]) =>
      changesBetween(olds, news).some((change) => !plugin.resource(INSTANCE).inPlace(change, { olds, news })),
    );
    expect(found).to.deep.equal(table.map(([, , replaces]) => replaces));
  });

  it("is deleted first when the new one wants the name that the author chose", () => {
    const exclusive = (olds: Properties, news: Properties) =>
      plugin.resource(SECURITY_GROUP).exclusive(news, { olds, news });
    expect(exclusive({ name: "a" }, { name: "a" })).to.equal(true);
    expect(exclusive({ name: "a" }, { name: "b" })).to.equal(false);
    const made = { name: "a", __defaults: ["name"] };
    expect(exclusive(made, made)).to.equal(false);
  });

  it("is on the disk, for its owner alone, when the call is answered; many at once", async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => plugin.create(VOLUME, DISK)));
    expect(new Set(ids).size).to.equal(50);
    expect(plugin.world.ids(VOLUME)).to.deep.equal(ids);
    const file = worldFile(plugin.folder, "aws");
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")))).to.deep.equal([
      "limits",
      "drawn",
      "resources",
    ]);
  });

  it("carries the provider's default tags below its own", async () => {
    const { outputs } = await plugin.created(VOLUME, { ...DISK, tags: { name: "x" } });
    expect(outputs.tagsAll).to.deep.equal({ stack: "test", name: "x" });
    expect(outputs.arn).to.match(/^arn:aws:ec2:eu-central-1:\d{12}:volume\/vol-[0-9a-f]{17}$/);
  });

  it("is read as the world holds it: drift, and what is gone", async () => {
    const id = await plugin.create(VOLUME, DISK);
    const read = (inputs: Properties) => plugin.resource(VOLUME).read(testCall(), id, inputs);
    expect((await read(DISK))?.inputs).to.deep.equal({});
    expect((await read({ ...DISK, size: 5, iops: 3000 }))?.inputs).to.deep.equal({
      size: 10,
      iops: undefined,
    });
    await plugin.delete(VOLUME, id);
    expect(await read(DISK)).to.equal(undefined);
    await plugin.delete(VOLUME, id);
    expect(await failureOf(plugin.update(VOLUME, id, DISK))).to.contain("does not exist any more");
  });

  it("is refused beyond the quota that the world states, in the cloud's words", async () => {
    const limited = new PluginUnderTest(aws, CREDENTIALS, {}, { [VPC]: 1 });
    await limited.create(VPC, { cidrBlock: "10.0.0.0/16" });
    const failure = await failureOf(limited.create(VPC, { cidrBlock: "10.1.0.0/16" }));
    limited.dispose();
    expect(failure).to.contain("VpcLimitExceeded");
  });
});

describe("a function of a simulated cloud", () => {
  beforeEach(() => {
    plugin = new PluginUnderTest(aws, CREDENTIALS);
  });
  afterEach(() => plugin.dispose());
  const call = (token: string, args: Properties) => {
    const answer = plugin.functions[token]?.(args);
    return answer && "result" in answer ? answer.result : { problems: answer?.problems };
  };

  it("answers the same question the same, and another otherwise", () => {
    const question = { owners: ["amazon"], filters: [{ name: "name", values: ["debian-12-*"] }] };
    const ask = (more: Properties) => call("aws:ec2/getAmi:getAmi", { ...question, ...more }).id;
    expect(ask({})).to.match(/^ami-[0-9a-f]{17}$/);
    expect(ask({})).to.equal(ask({}));
    expect(ask({})).not.to.equal(ask({ owners: ["self"] }));
  });

  it("names arguments that the SDK does not know", () => {
    expect(call("aws:ec2/getAmi:getAmi", { colour: "red" }).problems).to.have.length(1);
  });

  it("marks a parameter's value secret, and knows those of the world only", () => {
    const parameter = call("aws:ssm/getParameter:getParameter", { name: "/aws/service/debian/release/12" });
    expect(isSecret(parameter.value)).to.equal(true);
    expect(() => call("aws:ssm/getParameter:getParameter", { name: "mine" })).to.throw("ParameterNotFound");
  });
});
