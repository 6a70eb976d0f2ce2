import { expect } from "chai";
import { isAtLeast, parseVersion } from "../../../lab/engine/version";

describe("a version", () => {
  for (const [text, minimum, expected] of [
    ["v3.200.0", "3.200.0", true],
    ["3.200", "3.200.0", true],
    ["v3.199.99", "3.200.0", false],
    ["v3.1000.0", "3.200.0", true],
    ["v4.0.0-alpha.1", "3.200.0", true],
    ["go1.26.8", "1.24", true],
    ["go1.9", "1.24", false],
    ["", "1.24", false],
  ] as const) {
    it(`"${text}" is ${expected ? "" : "not "}at least ${minimum}`, () => {
      expect(isAtLeast(text, minimum)).to.equal(expected);
    });
  }

  it("is found inside a line", () => {
    expect(parseVersion("pulumi v3.204.1-dev")).to.deep.equal([3, 204, 1]);
    expect(parseVersion("no version")).to.equal(undefined);
  });
});
