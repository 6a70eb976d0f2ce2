import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../../policies/resource";
import { takeStack } from "../../policies/sent-stack";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: JavaScriptValue) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const asset = (of: Record<string, string>) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", ...of });
/** Of a boolean, a number and a text. */
const UNKNOWNS = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
];

function resource(urn: string, props: Record<string, JavaScriptValue>): AnalyzerResource {
  const made = new AnalyzerResource().setUrn(urn).setName(urn).setType("acme:index:Thing");
  return made.setProperties(Struct.fromJavaScript(props)).setOptions(new AnalyzerResourceOptions());
}

/** As the engine sends them, over the SDK's own server. */
function send(resources: AnalyzerResource[]): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest().setResourcesList(resources);
  return AnalyzerService.analyzeStack.requestDeserialize(Buffer.from(request.serializeBinary()));
}

describe("a stack as the engine sends it to a pack", () => {
  const methods = [AnalyzerService.analyze, AnalyzerService.remediate, AnalyzerService.analyzeStack] as {
    requestDeserialize: unknown;
  }[];
  const before = methods.map(({ requestDeserialize }) => requestDeserialize);
  afterEach(() => {
    for (const [index, method] of methods.entries()) method.requestDeserialize = before[index];
  });

  it("has values without the engine's marks, and what nobody knows yet as that", () => {
    const sent = takeStack(() => {});
    send([
      resource("one", {
        unknown: UNKNOWNS,
        secret: secret({ key: [secret("value")] }),
        assets: { text: asset({ text: "content" }), path: asset({ path: "/a/file" }) },
        others: [true, 2, "three", null],
      }),
    ]);
    expect(sent()).to.have.length(1);
    expect(sent()[0]?.props).to.deep.equal({
      unknown: UNKNOWNS.map(() => UNKNOWN),
      secret: { key: ["value"] },
      assets: { text: "content", path: "/a/file" },
      others: [true, 2, "three", null],
    });
  });

  it("is joined by what lies in it alone", () => {
    const sent = takeStack(() => {});
    const child = resource("child", {}).setParent("one");
    child.setOptions(new AnalyzerResourceOptions().setProtect(true).setIgnorechangesList(["image"]));
    child.setProvider(
      new AnalyzerProviderResource().setProperties(Struct.fromJavaScript({ region: UNKNOWNS[2] ?? "" })),
    );
    const dependencies = new AnalyzerPropertyDependencies().setUrnsList(["one", "of another stack"]);
    child.getPropertydependenciesMap().set("network", dependencies);
    send([resource("one", {}).setParent("of another stack"), child]);
    const [one, other] = sent();
    expect(one).to.deep.equal({
      ...{ urn: "one", name: "one", type: "acme:index:Thing", props: {}, from: {} },
      ...{ protect: false, ignoreChanges: [] },
    });
    expect(other).to.deep.include({ parent: "one", protect: true, ignoreChanges: ["image"] });
    expect(other).to.deep.include({ from: { network: ["one"] }, provider: { region: UNKNOWN } });
  });

  it("is not read a second time by the SDK, for any policy", () => {
    takeStack(() => {});
    expect(send([resource("one", {})]).getResourcesList()).to.deep.equal([]);
  });

  it("is the last one that was sent, and none where the SDK took it past us", () => {
    const sent = takeStack(() => {});
    expect(sent).to.throw(/@pulumi\/policy/);
    send([resource("one", {})]);
    send([resource("two", {})]);
    expect(sent().map(({ urn }) => urn)).to.deep.equal(["two"]);
  });

  it("comes after its single resources, of which the first says that the program has begun", async () => {
    let begun = 0;
    takeStack(() => begun++);
    for (const urn of ["one", "two"])
      for (const { requestDeserialize } of [AnalyzerService.remediate, AnalyzerService.analyze]) {
        const made = new AnalyzeRequest().setUrn(urn).setOptions(new AnalyzerResourceOptions());
        expect(requestDeserialize(Buffer.from(made.serializeBinary())).getOptions()).to.not.equal(undefined);
      }
    await new Promise((done) => setImmediate(done));
    // Once for each of the two calls that the engine makes for it.
    expect(begun).to.equal(2);
  });
});
