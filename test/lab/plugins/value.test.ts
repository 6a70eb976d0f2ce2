import { expect } from "chai";
import { withName } from "../../../lab/plugins/autoname";
import { changesBetween } from "../../../lab/plugins/diff";
import { pathText } from "../../../lab/plugins/path";
import { redactor } from "../../../lab/plugins/redact";
import { hasSecret, type Properties, plain, secret, UNKNOWN } from "../../../lab/plugins/value";

describe("wire values", () => {
  it("unwraps secrets at any depth, and drops null members and the bridge's notes", () => {
    const value = { a: secret({ b: secret("x"), c: [secret(1), null] }), d: null, __defaults: ["a"] };
    expect(plain(value)).to.deep.equal({ a: { b: "x", c: [1, null] } });
  });

  it("sees marks at any depth", () => {
    expect([hasSecret({ a: [{ b: secret(1) }] }), hasSecret({ a: 1 })]).to.deep.equal([true, false]);
  });

  it("hides secrets and their lines in a text, but not words too short to be one", () => {
    const hide = redactor({ key: secret("line-one\nline-two"), short: secret("yes"), open: "visible" });
    expect(hide("yes: visible line-two failed")).to.equal("yes: visible [secret] failed");
    const command = 'echo "quoted"\nand more';
    expect(redactor({ create: secret(command) })(`running ${JSON.stringify(command)}`)).to.equal(
      'running "[secret]"',
    );
  });
});

describe("what the SDK marks secret as a whole", () => {
  it("still lets an error say which host it is about", () => {
    const hide = redactor({
      connection: secret({ host: "10.20.30.40", user: "operator", password: "hush-hush" }),
    });
    expect(hide("operator@10.20.30.40 hush-hush")).to.equal("operator@10.20.30.40 [secret]");
  });
});

describe("the diff of inputs", () => {
  const unordered = new Set(["labels", "capabilities.adds"]);
  const table: { name: string; olds: Properties; news: Properties; changes: string[] }[] = [
    { name: "nothing", olds: { a: [1, { b: 2 }] }, news: { a: [1, { b: 2 }] }, changes: [] },
    { name: "a secret mark", olds: { a: "x" }, news: { a: secret("x") }, changes: [] },
    { name: "null and absent", olds: { a: null }, news: {}, changes: [] },
    {
      name: "the bridge's notes",
      olds: { __defaults: [], l: [{ a: 1, __defaults: [] }] },
      news: { l: [{ a: 1 }] },
      changes: [],
    },
    {
      name: "a place deep inside",
      olds: { a: [{ b: 1 }] },
      news: { a: [{ b: 2 }] },
      changes: ["update a[0].b"],
    },
    {
      name: "more and fewer",
      olds: { a: 1, l: [1] },
      news: { b: 1, l: [1, 2] },
      changes: ["delete a", "add b", "add l[1]"],
    },
    { name: "an unknown value", olds: { a: "x" }, news: { a: UNKNOWN }, changes: ["update a"] },
    {
      name: "the order of a set",
      olds: { labels: [{ a: 1, b: 2 }, { a: 3 }] },
      news: { labels: [{ a: 3 }, { b: 2, a: 1 }] },
      changes: [],
    },
    {
      name: "the order of a set inside",
      olds: { capabilities: { adds: ["A", "B"] } },
      news: { capabilities: { adds: ["B", "A"] } },
      changes: [],
    },
    {
      name: "the order of a list",
      olds: { command: ["a", "b"] },
      news: { command: ["b", "a"] },
      changes: ["update command[0]", "update command[1]"],
    },
  ];
  for (const { name, olds, news, changes } of table) {
    it(`of ${name}`, () => {
      const found = changesBetween(olds, news, unordered);
      expect(found.map(({ kind, path }) => `${kind} ${pathText(path)}`)).to.deep.equal(changes);
    });
  }

  it("writes paths as Pulumi does", () => {
    expect(pathText(["sysctls", "net.ipv4.ip_forward", 0, "x"])).to.equal(
      'sysctls["net.ipv4.ip_forward"][0].x',
    );
  });
});

describe("made names", () => {
  const urn = "urn:pulumi:test::p::docker:index/network:Network::inside";
  const seed = Buffer.from("0123456789abcdef", "hex");

  it("are made once, noted, and kept", () => {
    const first = withName({}, {}, urn, seed);
    expect(first).to.deep.equal({ name: "inside-0123456", __defaults: ["name"] });
    expect(withName({}, first, urn, Buffer.from("ff", "hex"))).to.deep.equal(first);
  });

  it("yield to the author's, and do not keep the author's old one", () => {
    expect(withName({ name: "mine" }, {}, urn, seed)).to.deep.equal({ name: "mine" });
    expect(withName({}, { name: "mine" }, urn, seed).name).to.equal("inside-0123456");
  });
});
