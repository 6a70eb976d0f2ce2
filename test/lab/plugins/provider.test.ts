import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { z } from "zod";
import { type ProviderSpec, serveProvider } from "../../../lab/plugins/provider";
import { resource } from "../../../lab/plugins/resource";
import { fromStruct, toStruct } from "../../../lab/plugins/struct";
import { type Properties, secret, UNKNOWN } from "../../../lab/plugins/value";

const URN = "urn:pulumi:test::p::sim:index:Thing::thing";
const created: unknown[] = [];

const thing = resource({
  schema: z.strictObject({
    name: z.string().min(3),
    size: z.int(),
    parts: z.array(z.strictObject({ text: z.string() })).optional(),
  }),
  computed: { address: [], echo: ["parts"] },
  autoname: true,
  inPlace: (change) => change.path[0] === "size",
  create: async (call, inputs) => {
    if (inputs.size === 13) throw new Error(`no ${inputs.parts?.[0]?.text}`);
    if (inputs.size === 14) {
      await new Promise((_resolve, reject) =>
        call.signal.addEventListener("abort", () => reject(new Error("aborted"))),
      );
    }
    created.push(inputs);
    return { id: "id-1", outputs: { address: "10.0.0.1", echo: inputs.parts?.[0]?.text ?? "" } };
  },
  read: async (_call, id, inputs) =>
    id === "gone"
      ? undefined
      : { inputs: inputs ? { size: 2 } : { name: "found", size: 1 }, outputs: { address: "10.0.0.2" } },
  update: async () => ({ address: "10.0.0.3" }),
  delete: async () => {},
});

const spec: ProviderSpec<{ host?: string | undefined }> = {
  name: "sim",
  version: "1.2.3",
  config: z.strictObject({ host: z.string().optional() }),
  resources: () => ({ "sim:index:Thing": thing }),
};

let client: ResourceProviderClient;
let stop: () => void;

/** One request and its answer. */
function ask<Q, R>(
  method: (request: Q, done: (error: ServiceError | null, answer: R) => void) => unknown,
  request: Q,
): Promise<R> {
  return new Promise((resolve, reject) =>
    method.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
}

describe("the provider protocol over gRPC", () => {
  beforeEach(async () => {
    const served = await serveProvider(spec, undefined);
    stop = served.stop;
    client = new ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
    const configure = new messages.ConfigureRequest();
    configure.setArgs(toStruct({ host: "h", version: "1.2.3" }));
    const answer = await ask<messages.ConfigureRequest, messages.ConfigureResponse>(
      client.configure,
      configure,
    );
    expect([answer.getAcceptsecrets(), answer.getSupportspreview()]).to.deep.equal([true, true]);
    created.length = 0;
  });
  afterEach(() => {
    client.close();
    stop();
  });

  checks();
  diffs();
  creates();
  reads();
  refuses();
});

async function check(news: Properties, olds: Properties = {}) {
  const request = new messages.CheckRequest();
  request.setUrn(URN);
  request.setNews(toStruct(news));
  request.setOlds(toStruct(olds));
  request.setRandomseed(Buffer.from("0123456789", "hex"));
  const answer = await ask<messages.CheckRequest, messages.CheckResponse>(client.check, request);
  const failures = answer.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
  return { inputs: fromStruct(answer.getInputs()), failures };
}

function checks() {
  it("names every mistake by its path", async () => {
    const { failures } = await check({ name: "ab", parts: [{ text: 1, more: true }], colour: "red" });
    expect(failures.map((failure) => failure.split(":")[0])).to.have.members([
      "name",
      "size",
      "parts[0].text",
      "parts[0].more",
      "colour",
    ]);
    expect(failures.find((failure) => failure.startsWith("size"))).to.contain("missing required property");
    expect(failures.find((failure) => failure.startsWith("colour"))).to.contain(
      "not a property that this project's own plugin supports",
    );
  });

  it("takes what is unknown or secret for right, and echoes it as it came", async () => {
    const inputs = { name: UNKNOWN, size: UNKNOWN, parts: secret([{ text: UNKNOWN }]) };
    expect(await check(inputs)).to.deep.equal({ inputs, failures: [] });
  });

  it("makes a name that was left out", async () => {
    expect((await check({ size: 1 })).inputs.name).to.equal("thing-0123456");
  });
}

async function diff(olds: Properties, news: Properties) {
  const request = new messages.DiffRequest();
  request.setUrn(URN);
  request.setOldInputs(toStruct(olds));
  request.setNews(toStruct(news));
  const answer = await ask<messages.DiffRequest, messages.DiffResponse>(client.diff, request);
  return {
    some: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
    diffs: answer.getDiffsList(),
    replaces: answer.getReplacesList(),
    deleteFirst: answer.getDeletebeforereplace(),
    detail: [...answer.getDetaileddiffMap().entries()].map(([path, detail]) => [path, detail.getKind()]),
  };
}

function diffs() {
  const { Kind } = messages.PropertyDiff;
  const part = (text: string) => ({ name: "abc", size: 1, parts: [{ text }] });

  it("finds nothing in what is the same", async () => {
    expect(await diff(part("a"), part("a"))).to.deep.equal({
      some: false,
      diffs: [],
      replaces: [],
      deleteFirst: false,
      detail: [],
    });
  });

  it("changes in place what can be", async () => {
    const found = await diff({ name: "abc", size: 1 }, { name: "abc", size: 2 });
    expect(found).to.deep.equal({
      some: true,
      diffs: ["size"],
      replaces: [],
      deleteFirst: false,
      detail: [["size", Kind.UPDATE]],
    });
  });

  it("replaces for the rest, deleting first where the author fixed the name", async () => {
    const fixed = await diff(part("a"), part("b"));
    expect(fixed).to.deep.include({
      replaces: ["parts"],
      deleteFirst: true,
      detail: [["parts[0].text", Kind.UPDATE_REPLACE]],
    });
    const made = await diff(part("a"), { ...part("b"), __defaults: ["name"] });
    expect(made).to.deep.include({ replaces: ["parts"], deleteFirst: false });
  });
}

async function create(inputs: Properties, preview = false) {
  const request = new messages.CreateRequest();
  request.setUrn(URN);
  request.setProperties(toStruct(inputs));
  request.setPreview(preview);
  const answer = await ask<messages.CreateRequest, messages.CreateResponse>(client.create, request);
  return { id: answer.getId(), properties: fromStruct(answer.getProperties()) };
}

function creates() {
  const inputs = { name: "abc", size: 1, parts: [{ text: secret("hidden text") }] };

  it("does nothing in a preview and leaves the outputs unknown", async () => {
    const { id, properties } = await create({ ...inputs, size: UNKNOWN }, true);
    expect([id, created]).to.deep.equal(["", []]);
    expect(properties).to.deep.equal({ ...inputs, size: UNKNOWN, address: UNKNOWN, echo: UNKNOWN });
  });

  it("uses secrets bare, and keeps them marked, with the outputs that repeat them", async () => {
    const { properties } = await create(inputs);
    expect(created).to.deep.equal([{ name: "abc", size: 1, parts: [{ text: "hidden text" }] }]);
    expect(properties).to.deep.equal({ ...inputs, address: "10.0.0.1", echo: secret("hidden text") });
  });

  it("hides secrets in an error", async () => {
    const error = await create({ ...inputs, size: 13 }).catch((caught: ServiceError) => caught);
    expect(error).to.deep.include({ details: "no [secret]", code: status.UNKNOWN });
  });

  it("ends work in progress on Cancel", async () => {
    const waiting = create({ ...inputs, size: 14 }).catch((caught: ServiceError) => caught);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await ask<Empty, Empty>(client.cancel, new Empty());
    expect(await waiting).to.include({ details: "aborted" });
  });

  it("gives the old outputs where an update does not change them", async () => {
    const request = new messages.UpdateRequest();
    request.setUrn(URN);
    request.setOldInputs(toStruct(inputs));
    request.setNews(toStruct({ ...inputs, size: 2 }));
    request.setOlds(toStruct({ ...inputs, address: "10.0.0.1", echo: secret("hidden text") }));
    const update = async () => {
      const answer = await ask<messages.UpdateRequest, messages.UpdateResponse>(client.update, request);
      return fromStruct(answer.getProperties());
    };
    expect(await update()).to.deep.equal({
      ...inputs,
      size: 2,
      address: "10.0.0.3",
      echo: secret("hidden text"),
    });
    request.setPreview(true);
    expect(await update()).to.deep.include({ address: "10.0.0.1" });
  });
}

async function read(id: string, inputs: Properties, state: Properties) {
  const request = new messages.ReadRequest();
  request.setUrn(URN);
  request.setId(id);
  request.setInputs(toStruct(inputs));
  request.setProperties(toStruct(state));
  const answer = await ask<messages.ReadRequest, messages.ReadResponse>(client.read, request);
  return {
    id: answer.getId(),
    inputs: fromStruct(answer.getInputs()),
    properties: fromStruct(answer.getProperties()),
  };
}

function reads() {
  it("lays what it saw over inputs and state, secrets still marked", async () => {
    const inputs = { name: "abc", size: 1, parts: secret([]) };
    const seen = await read("id-1", inputs, { ...inputs, address: "10.0.0.1", kept: true });
    expect(seen.inputs).to.deep.equal({ ...inputs, size: 2 });
    expect(seen.properties).to.deep.equal({ ...inputs, size: 2, address: "10.0.0.2", kept: true });
  });

  it("answers an empty id for what is gone, and whole inputs for an import", async () => {
    expect((await read("gone", { name: "abc", size: 1 }, {})).id).to.equal("");
    expect((await read("id-1", {}, {})).inputs).to.deep.equal({ name: "found", size: 1 });
  });
}

function refuses() {
  it("says which types it serves", async () => {
    const request = new messages.CreateRequest();
    request.setUrn("urn:pulumi:test::p::sim:index:Other::x");
    const error = await ask(client.create, request).catch((caught: ServiceError) => caught);
    expect(error)
      .to.have.property("details")
      .that.matches(/sim:index:Other is not served .* \(it serves sim:index:Thing\)/);
  });

  it("refuses functions, and unknown configuration", async () => {
    const invoke = new messages.InvokeRequest();
    invoke.setTok("sim:index:getThing");
    const error = await ask(client.invoke, invoke).catch((caught: ServiceError) => caught);
    expect(error).to.deep.include({ code: status.UNIMPLEMENTED });
    const config = new messages.CheckRequest();
    config.setNews(toStruct({ host: "h", colour: "red", version: "1.2.3" }));
    const answer = await ask<messages.CheckRequest, messages.CheckResponse>(client.checkConfig, config);
    expect(answer.getFailuresList().map((failure) => failure.getProperty())).to.deep.equal(["colour"]);
  });

  it("tells the version of the SDK it stands in for", async () => {
    const info = await ask<Empty, { getVersion: () => string }>(client.getPluginInfo, new Empty());
    expect(info.getVersion()).to.equal("1.2.3");
  });
}
