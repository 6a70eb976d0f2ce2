import { expect } from "chai";
import { checkGcp } from "../../../../components/targets/gcp/check";
import { gcpConfig } from "../../../../components/targets/gcp/config";
import { judge, planOf } from "../../../support/sample";
import { HOSTS, sample } from "./sample";

type Case = [mistake: string, yaml: string, path: string, message: RegExp];

const SEEDS = "{ seed: { role: seed, count: 2 } }";

const ADMINS = "admins: [203.0.113.0/24]";
const balanced = (
  balancer: string,
  settings = "tls: balancer",
  domain: string | null = "nodes.example.org",
) =>
  sample({
    target: `${ADMINS}${balancer === "" ? "" : `, balancer: ${balancer}`}`,
    hosts: `{ seed: { role: seed }, writes: { role: rpc }, rpc: { role: rpc, count: 2, services: { proxy: { ${settings} } } } }`,
    domain,
  });

const mistakes: Case[] = [
  [
    "a balancer and no pool",
    sample({ target: `${ADMINS}, balancer: {}`, hosts: SEEDS }),
    "target.gcp.balancer",
    /has no pool to stand before/,
  ],
  [
    "a balancer that nobody can give a certificate",
    balanced("{}", "tls: balancer", null),
    "target.gcp.balancer",
    /no name leads to rpc.*set domain, or certificate/,
  ],
  [
    "a certificate of a region",
    balanced("{ certificate: projects/my-project/regions/europe-west4/sslCertificates/mine }"),
    "target.gcp.balancer.certificate",
    /global\/sslCertificates\/NAME, or /,
  ],
  [
    "a limit that Cloud Armor cannot count to",
    balanced("{ firewall: { requestsIn5Minutes: 1000001 } }"),
    "target.gcp.balancer.firewall.requestsIn5Minutes",
    /1000000/,
  ],
  [
    "a web firewall's key that is none",
    balanced("{ firewall: { requestsIn5Minutes: 100, body: 1 } }"),
    "target.gcp.balancer.firewall.body",
    /is no known key/,
  ],
  [
    "a pool's TLS at a balancer that passes TCP on",
    balanced(""),
    "hosts.rpc.services.proxy.tls",
    /balancers of gcp pass TCP on as it is: target\.gcp\.balancer, which ends it, off, or /,
  ],
  [
    "a pool's TLS on its hosts",
    balanced("{}", "tls: acme"),
    "hosts.rpc.services.proxy.tls",
    /needs a key on each host.*: balancer, or off/,
  ],
  [
    "TLS off behind a balancer that ends it",
    balanced("{}", "tls: off"),
    "hosts.rpc.services.proxy.tls",
    /the pool's balancer ends TLS: balancer/,
  ],
  [
    "another balancer before a pool",
    balanced("{}", "tls: balancer, behind: { addresses: [10.0.0.0/16], by: x-forwarded-for }"),
    "hosts.rpc.services.proxy.behind",
    /which is known/,
  ],
  [
    "a region that is none",
    sample({ region: "europe-wst4", hosts: SEEDS }),
    "target.gcp.region",
    /europe-west4/,
  ],
  [
    "a project's number",
    sample({ hosts: SEEDS }).replace("my-project", "My_Project"),
    "target.gcp.project",
    /no project id/,
  ],
  [
    "a zone that the region lacks",
    sample({ region: "us-east1", target: "admins: [203.0.113.0/24], zones: [a, b]" }),
    "target.gcp.zones[0]",
    /us-east1 has no zone a: it has b, c, d/,
  ],
  [
    "a zone twice",
    sample({ target: "admins: [203.0.113.0/24], zones: [b, b]" }),
    "target.gcp.zones",
    /twice/,
  ],
  [
    "the world as admins",
    sample({ target: "admins: [0.0.0.0/0]", hosts: SEEDS }),
    "target.gcp.admins[0]",
    /wider than \/8/,
  ],
  [
    "admins that are no network",
    sample({ target: "admins: [203.0.113.7]", hosts: SEEDS }),
    "target.gcp.admins[0]",
    /203\.0\.113\.7\/32/,
  ],
  ["no admins", sample({ target: "zones: [b]" }), "target.gcp.admins", /no change would ever reach a host/],
  [
    "admins inside the network",
    sample({ target: "admins: [10.81.3.0/24]" }),
    "target.gcp.admins[0]",
    /overlaps the hosts' own network, 10\.81\.0\.0\/16/,
  ],
  [
    "admins inside each other",
    sample({ target: "admins: [198.51.100.0/24, 198.51.100.7/32]" }),
    "target.gcp.admins[1]",
    /overlaps 198\.51\.100\.0\/24/,
  ],
  [
    "a public range",
    sample({ target: "admins: [203.0.113.0/24], network: 8.8.0.0/16" }),
    "target.gcp.network",
    /not private/,
  ],
  [
    "a range too small",
    sample({ target: "admins: [203.0.113.0/24], network: 10.81.0.0/24" }),
    "target.gcp.network",
    /from \/22 to \/9/,
  ],
  [
    "an image by its short name",
    sample({ target: "admins: [203.0.113.0/24], image: debian-12" }),
    "target.gcp.image",
    /projects\/PROJECT\/global\/images/,
  ],
  [
    "too many operations",
    sample({ target: "admins: [203.0.113.0/24], disk: { iops: 500000 }" }),
    "target.gcp.disk.iops",
    /160000/,
  ],
  [
    "figures for a disk that has none",
    sample({ target: "admins: [203.0.113.0/24], disk: { type: pd-ssd, iops: 9000 }" }),
    "target.gcp.disk.iops",
    /hyperdisk-balanced alone/,
  ],
  [
    "a disk that is larger than any",
    sample({ hosts: HOSTS.replace("seed, count: 2", "seed, count: 2, disk: 65 TB") }),
    "hosts.seed",
    /from 4 GB to 64 TB, not 66560 GB/,
  ],
  [
    "a machine type that is none",
    sample({ hosts: HOSTS.replace("seed, count: 2", "seed, count: 2, machine: c3-highmem-9") }),
    "hosts.seed.machine",
    /Nearest: c3-highmem/,
  ],
  [
    "a machine below the floor",
    sample({ hosts: HOSTS.replace("seed, count: 2", "seed, count: 2, machine: n2-standard-2") }),
    "hosts.seed.machine",
    /8 GB where 64 GB memory is the floor/,
  ],
  [
    "Debian 12 on bare metal",
    sample({ hosts: HOSTS.replace("seed, count: 2", "seed, count: 2, bareMetal: true") }),
    "target.gcp.image",
    /Linux 6\.7/,
  ],
  [
    "a zone of names without a domain",
    sample({ domain: null, target: "admins: [203.0.113.0/24], dnsZone: nodes" }),
    "target.gcp.dnsZone",
    /set domain too/,
  ],
  ["no keys", sample({ sshKeys: "[]" }), "target.gcp", /needs sshKeys/],
  [
    "nobody to go through",
    sample({ hosts: "{ watch: { role: monitor } }" }),
    "target.gcp",
    /"watch" has no public address, nor has any other host/,
  ],
  [
    "a label in capitals",
    sample({ target: "admins: [203.0.113.0/24], labels: { owner: Us }" }),
    "target.gcp.labels.owner",
    /no value of a label/,
  ],
];

describe("mistakes on Google Cloud", () => {
  for (const [mistake, yaml, path, message] of mistakes)
    it(`says one thing of ${mistake}`, () => {
      const errors = judge(yaml).findings.filter(({ severity }) => severity === "error");
      expect(errors.map((finding) => finding.path)).to.deep.equal([path]);
      expect(errors[0]?.message).to.match(message);
    });

  it("finds nothing wrong with the sample", () => {
    expect(judge(sample()).findings.filter(({ severity }) => severity === "error")).to.deep.equal([]);
  });

  it("takes names as long as the cloud does, and says which limit a longer one meets", () => {
    const config = gcpConfig.parse({
      project: "my-project",
      region: "europe-west4",
      admins: ["203.0.113.0/24"],
    });
    const { hosts, pools } = planOf(sample());
    const said = (stack: string) =>
      checkGcp(config, { stack, hosts, pools, sshKeys: ["key"] }, true).map(({ message }) => message);
    // The longest name of the sample is that of the producer's disk.
    expect(said("s".repeat(63 - "-producer-data".length))).to.deep.equal([]);
    expect(said("s".repeat(64 - "-producer-data".length))[0]).to.match(
      /64 characters, and Google Cloud takes 63 for the name of a disk/,
    );
    expect(said("Prod")[0]).to.match(/rename the stack/);
    expect(said("google-prod")[0]).to.match(/rename the stack/);
  });
});
