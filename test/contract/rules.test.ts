import { expect } from "chai";
import fc from "fast-check";
import { firewallRuleset } from "../../cloud-init/emit/nftables";
import type { FirewallRule } from "../../components/core/network/firewall";
import { CLOUDS } from "./cloud-verdict";
import { nftablesAdmits } from "./nftables-verdict";
import { cidrsOf, probesFor, probeText } from "./probes";

/** A network of either family, no bit set behind its length; few first octets, so that networks meet. */
const ipv4 = fc.tuple(fc.nat({ max: 0xffffffff }), fc.integer({ min: 0, max: 32 })).map(([value, bits]) => {
  const base = bits === 0 ? 0 : (value >>> (32 - bits)) * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${bits}`;
});
const ipv6 = fc
  .tuple(fc.array(fc.nat({ max: 0xffff }), { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 4 }))
  .map(([groups, kept]) =>
    kept === 4
      ? `2001:${groups
          .slice(1)
          .map((group) => group.toString(16))
          .join(":")}::/64`
      : `2001:${groups
          .slice(0, kept)
          .map((group) => group.toString(16))
          .join(":")}::/${16 * (kept + 1)}`,
  );
const from = fc.oneof(
  fc.constant("anyone" as const),
  fc.uniqueArray(fc.oneof(ipv4, ipv6), { minLength: 1, maxLength: 4 }),
);
/** Listeners of one host have names of their own; ports are few, so that rules meet on one. */
const firewall: fc.Arbitrary<FirewallRule[]> = fc
  .array(
    fc.record({
      protocol: fc.constantFrom("tcp" as const, "udp" as const),
      port: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(22, 9876, 65_534, 65_535)),
      from,
    }),
    { maxLength: 6 },
  )
  .map((rules) => rules.map((rule, index) => ({ name: `listener-${index}`, ...rule })));

describe("any allow list", () => {
  for (const [name, cloud] of Object.entries(CLOUDS))
    it(`lets in on ${name} what it lets in to the host, there and back`, () => {
      fc.assert(
        fc.property(firewall, (rules) => {
          const verdict = cloud.ofRules(rules);
          const [host, back] = [firewallRuleset(rules), firewallRuleset(cloud.back(rules))];
          const ports = rules.map(({ port }) => port);
          const different = probesFor(ports, cidrsOf(rules)).filter((probe) => {
            const expected = nftablesAdmits(host, probe);
            return verdict.admits(probe) !== expected || nftablesAdmits(back, probe) !== expected;
          });
          expect(different.map(probeText)).to.deep.equal([]);
        }),
        { numRuns: 60 },
      );
    });
});
