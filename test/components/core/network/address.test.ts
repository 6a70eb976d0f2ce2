import { expect } from "chai";
import fc from "fast-check";
import {
  addressOf,
  distinct,
  gatewayOf,
  overlaps,
  parseCidr,
} from "../../../../components/core/network/address";

const subnet = { ipv4: "10.77.0.0/16", ipv6: "fd00:77::/64" };

describe("addresses", () => {
  it("come from the name alone, inside the network, clear of its ends and the first ten", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 16, max: 26 }), (name, bits) => {
        const range = { ipv4: `10.77.0.0/${bits}`, ipv6: subnet.ipv6 };
        const { ipv4, ipv6 } = addressOf(range, name);
        expect(overlaps(`${ipv4}/32`, range.ipv4)).to.equal(true);
        expect(overlaps(`${ipv6}/128`, range.ipv6)).to.equal(true);
        const offset = Number((parseCidr(`${ipv4}/32`)?.base ?? 0n) - (parseCidr(range.ipv4)?.base ?? 0n));
        expect(offset).to.be.within(10, 2 ** (32 - bits) - 2);
        expect(addressOf(range, name)).to.deep.equal({ ipv4, ipv6 });
      }),
    );
  });

  it("of the machine's own end is the first", () =>
    expect(gatewayOf(subnet)).to.deep.equal({ ipv4: "10.77.0.1", ipv6: "fd00:77::1" }));

  it("of networks that lie in one another are said once", () => {
    const given = ["10.0.0.0/8", "10.80.0.0/16", "fd00::/8", "10.0.0.0/8", "203.0.113.0/24", "fd00:1::/64"];
    expect(distinct(given)).to.deep.equal(["10.0.0.0/8", "fd00::/8", "203.0.113.0/24"]);
  });

  const CIDRS: [string, boolean][] = [
    ["10.77.0.0/16", true],
    ["0.0.0.0/0", true],
    ["fd00:77::/64", true],
    ["::/0", true],
    ["fe80::1/128", true],
    ["10.77.0.1/16", false],
    ["10.77.0.0/33", false],
    ["10.77.0.0", false],
    ["10.77.0/16", false],
    ["fd00::1/64", false],
    ["10.0.0.0/8/8", false],
    ["10.0.0.0/-1", false],
    ["", false],
  ];
  for (const [text, valid] of CIDRS)
    it(`${valid ? "takes" : "refuses"} "${text}"`, () =>
      expect(parseCidr(text) !== undefined).to.equal(valid));

  const PAIRS: [string, string, boolean][] = [
    ["10.0.0.0/8", "10.77.0.0/16", true],
    ["10.77.0.0/16", "10.78.0.0/16", false],
    ["10.0.0.0/8", "fd00::/8", false],
    ["fd00::/8", "fd00:77::/64", true],
    ["fd00:77::/64", "fd00:78::/64", false],
  ];
  for (const [left, right, shared] of PAIRS) {
    it(`${left} ${shared ? "overlaps" : "is apart from"} ${right}`, () => {
      expect(overlaps(left, right)).to.equal(shared);
      expect(overlaps(right, left)).to.equal(shared);
    });
  }
});
