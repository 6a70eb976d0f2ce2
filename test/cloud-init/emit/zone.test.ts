import { expect } from "chai";
import { printZone } from "../../../cloud-init/emit/zone";
import type { NameRecord, ZonePlan } from "../../../components/core/plan/dns";

const record = (name: string, ...addresses: NameRecord["addresses"]): NameRecord => ({
  name: `${name}.n.example.org`,
  hosts: [],
  addresses,
});
const A = { ipv4: "192.0.2.1", ipv6: "2001:db8::1" };
const B = { ipv4: "192.0.2.2" };
const zone = (over: Partial<ZonePlan> = {}): ZonePlan => ({
  domain: "n.example.org",
  ttl: 60,
  records: [],
  servers: [],
  ...over,
});
const rest = (text: string) => text.split("\n").slice(1).join("\n");
const serialOf = (text: string) => Number(text.split("\n")[0]?.split(" ")[6]);

describe("a zone file", () => {
  const FILES: [name: string, zone: ZonePlan, text: string][] = [
    ["of no names has its start alone", zone(), ""],
    [
      "names its servers, and where they are",
      zone({ servers: [record("ns1", A), record("ns2", B)] }),
      `n.example.org. 60 IN NS ns1.n.example.org.
n.example.org. 60 IN NS ns2.n.example.org.
ns1.n.example.org. 60 IN A 192.0.2.1
ns1.n.example.org. 60 IN AAAA 2001:db8::1
ns2.n.example.org. 60 IN A 192.0.2.2
`,
    ],
    [
      "gives a name all its addresses, for so long as the stack says",
      zone({ ttl: 300, records: [record("rpc", A, B)] }),
      `rpc.n.example.org. 300 IN A 192.0.2.1
rpc.n.example.org. 300 IN AAAA 2001:db8::1
rpc.n.example.org. 300 IN A 192.0.2.2
`,
    ],
    ["leaves out a name that nobody answers to", zone({ records: [record("seed1")] }), ""],
  ];
  for (const [name, given, text] of FILES) it(name, () => expect(rest(printZone(given))).to.equal(text));

  const STARTS: [name: string, zone: ZonePlan, start: RegExp][] = [
    [
      "with its first server",
      zone({ servers: [record("ns1", A), record("ns2", B)] }),
      /^n\.example\.org\. 60 IN SOA ns1\.n\.example\.org\. hostmaster\.n\.example\.org\. \d+ 3600 600 604800 60$/,
    ],
    [
      "with itself where it names none",
      zone({ ttl: 30 }),
      /^n\.example\.org\. 30 IN SOA n\.example\.org\. .* 30$/,
    ],
  ];
  for (const [name, given, start] of STARTS)
    it(`starts ${name}`, () => expect(printZone(given).split("\n")[0]).to.match(start));

  it("has another serial when anything in it differs, and the same one when nothing does", () => {
    const serials = [
      zone(),
      zone({ records: [record("rpc", A)] }),
      zone({ records: [record("rpc", B)] }),
      zone({ records: [record("rpc", B)], ttl: 61 }),
      zone({ records: [record("rpc", B)], servers: [record("ns1", A)] }),
    ].map((each) => serialOf(printZone(each)));
    expect(new Set(serials).size).to.equal(serials.length);
    for (const serial of serials) expect(serial).to.be.within(1, 2 ** 32 - 1);
    expect(serialOf(printZone(zone()))).to.equal(serials[0]);
  });

  it("has whole names alone, so that none is read as below the domain twice", () => {
    const text = printZone(zone({ servers: [record("ns1", A)], records: [record("seed1", A)] }));
    for (const line of text.trim().split("\n")) expect(line.split(" ")[0]).to.match(/\.$/);
  });
});
