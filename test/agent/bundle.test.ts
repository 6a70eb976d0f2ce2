import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { BundleError, decodeBundle } from "../../agent/bundle";
import { document, file, unit } from "./fake-host";

const valid = document({ files: [file("a", "1")], units: [unit("a")] });
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("decodeBundle", () => {
  for (const [form, encoded] of Object.entries({
    JSON: bytes(valid),
    gzip: gzipSync(bytes(valid)),
    "gzip in base64": Buffer.from(`${gzipSync(bytes(valid)).toString("base64")}\n`),
    "gzip in base64, in lines": Buffer.from(
      gzipSync(bytes(valid)).toString("base64").replace(/.{76}/g, "$&\n"),
    ),
  })) {
    it(`reads ${form}`, () => {
      const bundle = decodeBundle(encoded, "test");
      expect(bundle.document).to.deep.equal(valid);
      expect(bundle.text).to.equal(JSON.stringify(valid));
    });
  }

  const [first] = valid.units;
  const program = { path: "x", args: [], env: {} };
  const artifact = { name: "tool", version: "1", sha256: "0".repeat(64), format: "file", keep: [] };
  const refused: [title: string, value: unknown, message: RegExp][] = [
    ["another shape", { ...valid, schema: 2 }, /shape 2.*newer release/],
    ["no shape", { stack: "test" }, /shape unknown/],
    ["an unknown key", { ...valid, surprise: 1 }, /surprise/],
    [
      "a relative path",
      { ...valid, files: [{ path: "etc/x", content: "", mode: "0644" }] },
      /absolute path.*files\[0\]/s,
    ],
    [
      "a path that climbs",
      { ...valid, files: [{ path: "/etc/../x", content: "", mode: "0644" }] },
      /absolute path/,
    ],
    [
      "an artifact that climbs",
      { ...valid, artifacts: [{ ...artifact, programs: { "../sh": program } }] },
      /Invalid key in record/,
    ],
    [
      "an interpreter that is not there",
      { ...valid, artifacts: [{ ...artifact, programs: { t: { ...program, interpreter: "node" } } }] },
      /interpreter node/,
    ],
    [
      "an artifact in the programs' place",
      { ...valid, artifacts: [{ ...artifact, name: "bin", programs: {} }] },
      /programs lie/,
    ],
    ["a file that a unit reads and none writes", { ...valid, files: [] }, /a\.conf is not among the files/],
    ["a unit twice", { ...valid, units: [first, first] }, /a\.service comes twice/],
    ["a unit that is masked", { ...valid, masked: ["a.service"] }, /also masked/],
    ["a mirror of an unknown kind", { ...valid, mirror: "ftp://x/" }, /mirror/],
  ];
  for (const [title, value, message] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => decodeBundle(bytes(value), "test")).to.throw(BundleError, message);
    });
  }

  it("refuses what is no bundle at all, or only half of one", () => {
    expect(() => decodeBundle(Buffer.from("hello"), "test")).to.throw(BundleError, /neither JSON nor gzip/);
    expect(() => decodeBundle(bytes(valid).subarray(0, 40), "test")).to.throw(BundleError, /is no JSON/);
    expect(() => decodeBundle(gzipSync(bytes(valid)).subarray(0, 60), "test")).to.throw(
      BundleError,
      /cut short/,
    );
  });
});
