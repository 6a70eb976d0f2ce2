import { expect } from "chai";
import ssh2 from "ssh2";
import { sshKeyPair } from "../../lab/ssh-key";

const { generateKeyPairSync, parseKey } = ssh2.utils;

describe("an SSH key that is made for a host", () => {
  it("is one that can be read, where ssh2 first makes one that cannot", () => {
    let tries = 0;
    const pair = sshKeyPair("seed-a", (type, options) => {
      const made = generateKeyPairSync(type, options);
      tries += 1;
      // As ssh2 makes them: the blob one byte short, and with it everything behind.
      return tries > 1 ? made : { ...made, private: made.private.replace(/\n(.{60})./, "\n$1") };
    });
    expect(tries).to.be.greaterThan(1);
    expect(parseKey(pair.private)).not.to.be.instanceOf(Error);
    expect(pair.public).to.match(/^ssh-ed25519 \S+ seed-a$/);
  });
});
