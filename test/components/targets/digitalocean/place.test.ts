import { expect } from "chai";
import { hostOf, judge, planOf } from "../../../support/sample";
import { memberOf, sample } from "./sample";

const errorsOf = (yaml: string) =>
  judge(yaml)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ path, message }) => `${path}: ${message}`);

const hosts = (yaml: string) => sample({ hosts: yaml });

describe("places on DigitalOcean", () => {
  const plan = planOf(sample());

  it("takes the cheapest droplet that meets the floor, and a volume for the data", () => {
    const { machine, has, disk } = hostOf(plan, "seed-1");
    expect(machine).to.equal("m-8vcpu-64gb");
    expect(has).to.deep.equal({ cores: 8, memory: "64 GB", ecc: true });
    expect(disk).to.deep.equal({
      type: "volume",
      size: 2048,
      device: "/dev/disk/by-id/scsi-0DO_Volume_sample-seed-1-data",
    });
  });

  it("takes a droplet with enough of its own disk for a pool, whose members have no volumes", () => {
    const { machine, disk } = memberOf(plan, "rpc");
    expect(machine).to.equal("m6-16vcpu-128gb");
    expect(disk).to.deep.equal({ type: "local", size: 2048 });
  });

  it("leaves every address to the cloud, and names hosts below the stack's domain", () => {
    const { addresses, clusterName, zone } = hostOf(plan, "producer");
    expect(addresses).to.deep.equal({ public: "assigned", cluster: "assigned" });
    expect(clusterName).to.equal("producer.cluster.nodes.example.org");
    expect(zone).to.equal(undefined);
    expect(hostOf(plan, "producer").peers).to.deep.equal([
      "seed-1.cluster.nodes.example.org:9876",
      "seed-2.cluster.nodes.example.org:9876",
    ]);
  });

  it("tells what each host costs, and what they share", () => {
    expect(hostOf(plan, "history").cost).to.deep.equal([
      { what: "m-8vcpu-64gb", monthly: 336 },
      { what: "volume 4096 GB", monthly: 409.6 },
    ]);
    expect(memberOf(plan, "rpc").cost).to.deep.equal([{ what: "m6-16vcpu-128gb", monthly: 1048 }]);
    expect(plan.cost?.shared).to.deep.equal([
      { what: "load balancer of rpc", monthly: 12 },
      { what: "Spaces, 250 GB", monthly: 5 },
    ]);
    const own = planOf(
      sample({ target: "region: fra1, admins: [203.0.113.7/32], mirror: 'https://m.example.org'" }),
    );
    expect(own.cost?.shared).to.deep.equal([{ what: "load balancer of rpc", monthly: 12 }]);
  });

  const refused: Record<string, [yaml: string, message: string]> = {
    "an unknown machine": [
      "{ seed: { role: seed, machine: m-8vcpu-32gb } }",
      'hosts.seed.machine: DigitalOcean has no droplet "m-8vcpu-32gb" in the price list. Nearest: g-8vcpu-32gb, m-4vcpu-32gb, m-8vcpu-64gb',
    ],
    "a machine below the floor": [
      "{ seed: { role: seed, machine: m-4vcpu-32gb } }",
      "hosts.seed.machine: m-4vcpu-32gb has 32 GB where 64 GB memory is the floor (TrustEVM deployment plan, hardware requirements): the cheapest that meets it is m-8vcpu-64gb",
    ],
    "bare metal": [
      "{ seed: { role: seed, bareMetal: true } }",
      "hosts.seed: no DigitalOcean droplet is bare metal: leave bareMetal out, or use another target",
    ],
    "more data than a volume holds": [
      "{ seed: { role: seed, disk: 17 TB } }",
      "hosts.seed.disk: volume has from 1 GB to 16 TB, not 17408 GB",
    ],
    "a pool whose data no droplet holds": [
      "{ seed: { role: seed }, rpc: { role: rpc, count: 2, disk: 8 TB } }",
      "hosts.rpc: no DigitalOcean droplet in fra1 has 8202 GB local disk: the nearest, so1_5-32vcpu-256gb-intel, has 7200 GB. Members of a pool have no volumes",
    ],
  };
  for (const [what, [yaml, message]] of Object.entries(refused))
    it(`refuses ${what}, with the way out`, () => {
      expect(errorsOf(hosts(yaml))).to.deep.equal([message]);
    });
});
