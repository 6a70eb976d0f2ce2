import { PrivateKey } from "@wharfkit/antelope";
import { expect } from "chai";
import { isPair } from "../../stacks/secrets";

describe("a signing key", () => {
  const key = PrivateKey.generate("K1");
  const other = PrivateKey.generate("K1");
  const [pub, legacy] = [key.toPublic().toString(), key.toPublic().toLegacyString()];

  const CASES: [name: string, privateKey: string, publicKey: string, pair: boolean][] = [
    ["its own public key", key.toString(), pub, true],
    ["its own in the legacy form", key.toString(), legacy, true],
    ["its own, itself in the legacy form", key.toWif(), pub, true],
    ["another's", key.toString(), other.toPublic().toString(), false],
    ["its own with a character lost", key.toString().slice(0, -1), pub, false],
    ["its own with a line end", `${key.toString()}\n`, pub, false],
    ["a public key in its place", pub, pub, false],
    ["nothing", "", pub, false],
  ];
  for (const [name, privateKey, publicKey, pair] of CASES) {
    it(`${pair ? "fits" : "does not fit"} ${name}`, () =>
      expect(isPair(privateKey, publicKey)).to.equal(pair));
  }
});
