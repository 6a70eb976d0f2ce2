import { version } from "@pulumi/aws/package.json";
import { expect } from "chai";
import { problemsOf } from "../../../../lab/plugins/check";
import { sdkTypes } from "../../../../lab/plugins/cloud/sdk-types";
import { type Properties, UNKNOWN } from "../../../../lab/plugins/value";

const INSTANCE = "aws:ec2/instance:Instance";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const PROVIDER = "pulumi:providers:aws";
const ROLE = "aws:iam/role:Role";
const GET_AMI = "aws:ec2/getAmi:getAmi";

describe("the types of an SDK", function () {
  this.timeout(20_000);
  const types = sdkTypes("aws", version, [INSTANCE, OBJECT, PROVIDER, ROLE, GET_AMI]);
  const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
  const table: [what: string, token: string, inputs: Properties, places: string[]][] = [
    ["what it names", INSTANCE, { ami: "a", instanceType: "m7i.large", tags: { a: "b" } }, []],
    ["what it does not name", INSTANCE, { colour: "red" }, ["colour"]],
    ["nested names", INSTANCE, { rootBlockDevice: { size: 1 } }, ["rootBlockDevice.size"]],
    [
      "lists of objects",
      INSTANCE,
      { ebsBlockDevices: [{ volumeSize: 1 }] },
      ["ebsBlockDevices[0].deviceName"],
    ],
    ["a wrong kind", INSTANCE, { rootBlockDevice: { volumeSize: "1" } }, ["rootBlockDevice.volumeSize"]],
    ["a wrong tag", INSTANCE, { tags: { a: 1 } }, ["tags.a"]],
    ["unknown values", INSTANCE, { ami: UNKNOWN, rootBlockDevice: UNKNOWN, ebsOptimized: UNKNOWN }, []],
    ["a resource, which travels as its id", OBJECT, { bucket: "b", key: "k" }, []],
    ["something else in its place", OBJECT, { bucket: 1, key: "k" }, ["bucket"]],
    ["an asset", OBJECT, { bucket: "b", source: asset }, []],
    ["a text for an asset", OBJECT, { bucket: "b", source: "x" }, ["source"]],
    ["a required member", ROLE, {}, ["assumeRolePolicy"]],
    [
      "a function's arguments",
      GET_AMI,
      { owners: ["amazon"], filters: [{ name: "n" }] },
      ["filters[0].values"],
    ],
    ["a provider's texts that are JSON", PROVIDER, { region: "r", defaultTags: '{"tags":{"a":"b"}}' }, []],
    ["a provider's wrong JSON", PROVIDER, { maxRetries: '"many"', insecure: "true" }, ["maxRetries"]],
  ];
  for (const [what, token, inputs, places] of table) {
    it(`judge ${what}`, () => {
      const problems = problemsOf(types.schema(token), inputs);
      expect(problems.map((problem) => problem.property)).to.deep.equal(places);
    });
  }

  it("do not include what the SDK lacks", () => {
    expect(() => sdkTypes("aws", version, ["aws:ec2/nothing:Nothing"])).to.throw("no NothingArgs");
  });
});
