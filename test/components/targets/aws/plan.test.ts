import { expect } from "chai";
import { aws } from "../../../../components/targets/aws";
import { hostOf, judge, planOf } from "../../../support/sample";
import { CERTIFICATE, HTTPS_STACK, STACK } from "./stack";

const HOSTS = "hosts: { seed: { role: seed, count: 2 } }";
const KEYS = "sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]";
const TARGET = "region: eu-central-1, admins: [203.0.113.7/32]";
const stackOf = (target = TARGET, hosts = HOSTS, rest = KEYS) =>
  `network: eos\ntarget: { aws: { ${target} } }\n${hosts}\n${rest}\n`;

describe("a plan for AWS", () => {
  const plan = planOf(STACK());

  it("gives each role a machine that meets its floor, a disk and a zone", () => {
    const rows = plan.hosts.map(({ name, machine, zone, disk }) => [
      name,
      machine,
      zone,
      disk?.size,
      disk?.iops,
    ]);
    expect(rows).to.deep.equal([
      ["seed-1", "r6i.2xlarge", "eu-central-1a", 2048, 6000],
      ["seed-2", "r6i.2xlarge", "eu-central-1b", 2048, 6000],
      ["validator", "r6i.2xlarge", "eu-central-1a", 2048, 6000],
      ["archive", "r6i.2xlarge", "eu-central-1a", 4096, 6000],
      ["monitor", "m7i.large", "eu-central-1a", 50, undefined],
      ["rpc-writes", "r6i.2xlarge", "eu-central-1a", 2048, 6000],
    ]);
    expect(plan.pools.map(({ name, min, max, member }) => [name, min, max, member.zone])).to.deep.equal([
      ["rpc", 2, 4, undefined],
    ]);
  });

  it("shows validators and monitors to nobody: SSH to them goes through a relay", () => {
    for (const name of ["validator", "monitor"]) {
      const { addresses, reachedThrough, firewall } = hostOf(plan, name);
      expect(addresses.public).to.equal("none");
      expect(reachedThrough).to.equal("seed-1");
      expect(firewall.find((rule) => rule.name === "ssh")?.from).to.deep.equal(["10.80.0.0/16"]);
    }
  });

  it("says what each host costs a month, and what all share", () => {
    const costOf = (name: string) => hostOf(plan, name).cost.map(({ what }) => what);
    expect(costOf("seed-1")).to.deep.equal([
      "r6i.2xlarge",
      "gp3 2048 GB, 6000 IOPS, 250 MB/s",
      "gp3 30 GB",
      "public IPv4 address",
    ]);
    expect(costOf("validator")).not.to.include("public IPv4 address");
    expect(plan.cost?.shared.map(({ what }) => what)).to.deep.equal([
      ...["a", "b"].flatMap((zone) => [
        `NAT gateway, eu-central-1${zone}`,
        `public IPv4 address, NAT gateway, eu-central-1${zone}`,
      ]),
      "load balancer, rpc",
      "public IPv4 address, rpc, eu-central-1a",
      "public IPv4 address, rpc, eu-central-1b",
      "DNS zone, cluster names",
      "DNS zone, nodes.example.org",
    ]);
  });

  it("gives a disk what the stack asks for", () => {
    const { hosts } = planOf(stackOf(`${TARGET}, disk: { type: io2, iops: 20000 }`));
    expect(hosts[0]?.disk).to.deep.include({ size: 2048, type: "io2", iops: 20_000 });
    expect(hosts[0]?.disk).not.to.have.property("throughput");
  });

  it("asks a small disk for no more than it can give", () => {
    const small = "hosts: { seed: { role: seed, disk: 4 GB, belowFloor: only a rehearsal } }";
    expect(planOf(stackOf(TARGET, small)).hosts[0]?.disk).to.deep.include({ iops: 3000, throughput: 250 });
  });

  it("is the same for a zone by its letter and by its name", () => {
    const [letters, names] = ["[a, b]", "[eu-central-1a, eu-central-1b]"].map((zones) =>
      planOf(stackOf(`${TARGET}, zones: ${zones}`)),
    );
    expect(letters?.hosts).to.deep.equal(names?.hosts);
    expect(letters?.target.where).to.equal("eu-central-1 (a, b)");
  });

  it("names a bucket for the mirror within the limit, and another for every stack", () => {
    const config = aws.config.parse({ region: "ap-southeast-1" });
    const [one, two] = ["a".repeat(90), "a".repeat(91)].map((stack) => aws.mirror(config, stack));
    expect(one).not.to.equal(two);
    expect(new URL(one ?? "").hostname.split(".")[0]).to.match(/^[a-z0-9-]{3,63}$/);
    const own = aws.config.parse({ region: "eu-west-1", mirror: "https://mirror.example.org/x/" });
    expect(aws.mirror(own, "s")).to.equal("https://mirror.example.org/x");
  });
});

describe("a plan for AWS whose balancer ends TLS", () => {
  const plan = planOf(HTTPS_STACK());
  const member = plan.pools[0]?.member;
  const balancers = ["10.80.0.0/21", "10.80.32.0/21"];
  const edge = (each: typeof member) =>
    JSON.stringify(each?.services.flatMap(({ files }) => files).filter(({ path }) => /haproxy/.test(path)));

  it("lets its addresses alone to what the pool serves, and to no more", () => {
    const rule = member?.firewall.find(({ name }) => name === "rpc");
    expect(rule).to.deep.equal({ name: "rpc", protocol: "tcp", port: 80, from: balancers });
    expect(member?.firewall.filter(({ from }) => from === "anyone")).to.deep.equal([]);
  });

  it("takes its word on who a client is, and nobody else's", () => {
    expect(edge(member)).to.include('"set-src","req.hdr_ip(x-forwarded-for,-1)"');
    for (const network of balancers) expect(edge(member)).to.include(network);
    expect(edge(hostOf(plan, "rpc-writes"))).not.to.include("x-forwarded-for,-1");
  });

  it("keeps its connections for longer than it uses them", () => {
    const { idleSeconds } = plan.target.balancer ?? {};
    expect(edge(member)).to.include(`"http-keep-alive","${Number(idleSeconds) + 30}s"`);
    expect(edge(hostOf(plan, "rpc-writes"))).to.include('"http-keep-alive","60s"');
  });

  it("says what its web firewall costs", () => {
    const costs = (yaml: string) => planOf(yaml).cost?.shared.map(({ what }) => what) ?? [];
    expect(costs(HTTPS_STACK())).to.include("web firewall, rpc");
    expect(costs(HTTPS_STACK(""))).not.to.include("web firewall, rpc");
  });
});

describe("a stack file for AWS", () => {
  const balancer = `${TARGET}, balancer: { certificate: "${CERTIFICATE}" }`;
  const pool = (proxy: string) =>
    `hosts: { seed: { role: seed }, writes: { role: rpc, services: { proxy: { tls: off } } }, rpc: { role: rpc, count: 2, services: { proxy: { ${proxy} } } } }`;
  const many = Array.from({ length: 61 }, (_, index) => `203.0.113.${index}/32`).join(", ");
  const validator = "hosts: { validator: { role: validator, producer: alice } }";
  const mistakes: [what: string, yaml: string, path: string, message: string][] = [
    ["no region", stackOf("admins: [203.0.113.7/32]"), "target.aws.region", "is missing"],
    ["an unknown region", stackOf("region: eu-centrl-1"), "target.aws.region", "Did you mean eu-central-1?"],
    [
      "an unknown zone",
      stackOf(`${TARGET}, zones: [x]`),
      "target.aws.zones[0]",
      "is no zone: write its letter",
    ],
    [
      "a zone of elsewhere",
      stackOf(`${TARGET}, zones: [us-east-1a]`),
      "target.aws.zones[0]",
      "is not in eu-central-1",
    ],
    ["a zone twice", stackOf(`${TARGET}, zones: [a, eu-central-1a]`), "target.aws.zones[1]", "stands twice"],
    [
      "an open door",
      stackOf("region: eu-west-1, admins: [0.0.0.0/0]"),
      "target.aws.admins[0]",
      "is wider than /8",
    ],
    [
      "an open IPv6 door",
      stackOf('region: eu-west-1, admins: ["::/0"]'),
      "target.aws.admins[0]",
      "is wider than /19",
    ],
    [
      "a malformed network",
      stackOf("region: eu-west-1, admins: [10.0.0.1/8]"),
      "target.aws.admins[0]",
      "is no network",
    ],
    [
      "admins in the stack",
      stackOf("region: eu-west-1, admins: [10.80.1.0/24]"),
      "target.aws.admins[0]",
      "overlaps",
    ],
    ["nobody let in", stackOf("region: eu-west-1"), "target.aws.admins", "no change would ever reach"],
    [
      "too many admins",
      stackOf(`region: eu-west-1, admins: [${many}]`),
      "target.aws.admins",
      "a security group takes 60",
    ],
    ["a small network", stackOf(`${TARGET}, network: 10.0.0.0/24`), "target.aws.network", "from /16 to /19"],
    [
      "no room for zones",
      stackOf(`${TARGET}, network: 10.0.0.0/19`),
      "target.aws.network",
      "has room for 1 of 2 zones",
    ],
    ["an unknown image", stackOf(`${TARGET}, image: debian-12`), "target.aws.image", "is no image: ami-"],
    ["a credential", stackOf(`${TARGET}, accessKey: AKIA`), "target.aws.accessKey", ""],
    ["a strange bucket", stackOf(`${TARGET}, bucket: My_Bucket`), "target.aws.bucket", "is no bucket name"],
    ["a reserved tag", stackOf(`${TARGET}, tags: { "aws:x": y }`), "target.aws.tags", "aws:x"],
    ["a slow gp3", stackOf(`${TARGET}, disk: { iops: 2000 }`), "hosts.seed.disk", "at least 3000 operations"],
    ["a fast gp3", stackOf(`${TARGET}, disk: { iops: 20000 }`), "hosts.seed.disk", "gp3 has at most 16000"],
    [
      "a wide gp3",
      stackOf(`${TARGET}, disk: { iops: 3000, throughput: 900 }`),
      "hosts.seed.disk",
      "900 MiB need 3600",
    ],
    [
      "io2 with throughput",
      stackOf(`${TARGET}, disk: { type: io2, throughput: 500 }`),
      "hosts.seed.disk",
      "no throughput apart",
    ],
    [
      "too many operations for the size",
      stackOf(
        `${TARGET}, disk: { iops: 9000 }`,
        "hosts: { seed: { role: seed, disk: 10 GB, belowFloor: only a rehearsal } }",
      ),
      "hosts.seed.disk",
      "9000 need 18 GiB, and the disk has 10",
    ],
    [
      "a disk larger than its type",
      stackOf(TARGET, "hosts: { seed: { role: seed, disk: 20 TB } }"),
      "hosts.seed.disk",
      "gp3 has from 1 GB to 16 TB",
    ],
    [
      "an unknown machine",
      stackOf(TARGET, "hosts: { seed: { role: seed, machine: r6i.huge } }"),
      "hosts.seed.machine",
      "AWS has no instance type",
    ],
    [
      "a machine below the floor",
      stackOf(TARGET, "hosts: { seed: { role: seed, machine: r6i.xlarge } }"),
      "hosts.seed.machine",
      "32 GB where 64 GB memory is the floor",
    ],
    [
      "a certificate that is none",
      stackOf(`${TARGET}, balancer: { certificate: mine }`),
      "target.aws.balancer.certificate",
      "is no certificate of ACM",
    ],
    [
      "a certificate of elsewhere",
      stackOf(balancer.replace("acm:eu-central-1", "acm:us-east-1"), pool("tls: balancer")),
      "target.aws.balancer.certificate",
      "ask ACM in eu-central-1",
    ],
    [
      "a web firewall without a certificate",
      stackOf(`${TARGET}, balancer: { firewall: { requestsIn5Minutes: 100 } }`, pool("tls: balancer")),
      "target.aws.balancer",
      "certificate is missing",
    ],
    [
      "a web firewall that lets next to nothing through",
      stackOf(balancer.replace('" }', '", firewall: { requestsIn5Minutes: 9 } }'), pool("tls: balancer")),
      "target.aws.balancer.firewall.requestsIn5Minutes",
      "10",
    ],
    ["a balancer and no pool", stackOf(balancer), "target.aws.balancer", "has no pool to stand before"],
    [
      "a balancer in one zone",
      stackOf(`${balancer}, zones: [a]`, pool("tls: balancer")),
      "target.aws.zones",
      "name a second",
    ],
    [
      "TLS off behind a balancer that ends it",
      stackOf(balancer, pool("tls: off")),
      "hosts.rpc.services.proxy.tls",
      "the pool's balancer ends TLS: balancer",
    ],
    [
      "a balancer without a certificate",
      stackOf(TARGET, pool("tls: balancer")),
      "hosts.rpc.services.proxy.tls",
      "pass TCP on as it is",
    ],
    [
      "another balancer before a pool",
      stackOf(balancer, pool("tls: balancer, behind: { addresses: [10.0.0.0/16], by: proxy-protocol }")),
      "hosts.rpc.services.proxy.behind",
      "which is known",
    ],
    [
      "calls that outlast the balancer",
      stackOf(balancer, pool("tls: balancer, timeouts: { heavy: 111 }")),
      "hosts.rpc.services.proxy.timeouts",
      "at most 110",
    ],
    ["no key", stackOf(TARGET, HOSTS, ""), "target.aws", "Add your public key"],
    ["no host to go through", stackOf(TARGET, validator), "target.aws", "validator cannot be reached"],
    [
      "a zone without a domain",
      stackOf(`${TARGET}, zone: Z0123456789ABCDEF`),
      "target.aws.zone",
      "has no names to hold",
    ],
  ];
  for (const [what, yaml, path, message] of mistakes)
    it(`with ${what} is refused once, with a remedy`, () => {
      const { findings } = judge(yaml);
      const found = findings.filter(
        (finding) => finding.severity === "error" && finding.path.startsWith(path),
      );
      expect(
        found.map((finding) => finding.message),
        JSON.stringify(findings),
      ).to.have.length(1);
      expect(`${found[0]?.path} ${found[0]?.message}`).to.include(message);
    });

  it("with more public hosts than an account has addresses is warned", () => {
    const { findings } = judge(stackOf(TARGET, "hosts: { seed: { role: seed, count: 6 } }"));
    expect(findings.find(({ path }) => path === "target.aws.region")?.message).to.include(
      "6 Elastic IPs are needed",
    );
  });

  it("whose stack has a name that is no label is refused", () => {
    const plan = planOf(stackOf());
    const config = aws.config.parse({ region: "eu-central-1", admins: ["203.0.113.7/32"] });
    const findings = aws.check(config, { ...plan, stack: "my_stack" }, true);
    expect(findings.map(({ message }) => message).join()).to.include("Route 53 takes up to 63");
  });
});
