import { expect } from "chai";
import { machinesOf } from "../../../../components/core/plan/plan";
import { gcp } from "../../../../components/targets/gcp";
import { gcpConfig } from "../../../../components/targets/gcp/config";
import { bucketName, mirrorUrl } from "../../../../components/targets/gcp/names";
import { hostAddress, isReserved, subnetsOf } from "../../../../components/targets/gcp/subnets";
import { hostOf, planOf } from "../../../support/sample";
import { memberOf, sample } from "./sample";

const plan = planOf(sample());

describe("places on Google Cloud", () => {
  it("spread a group over the zones in their order", () => {
    expect([hostOf(plan, "seed-1").zone, hostOf(plan, "seed-2").zone]).to.deep.equal([
      "europe-west4-b",
      "europe-west4-c",
    ]);
  });

  it("have a fixed address in the lower half of the network, and a public one where the world has a name for them", () => {
    const { public: outside, cluster } = hostOf(plan, "seed-1").addresses;
    expect(outside).to.equal("assigned");
    expect(cluster).to.deep.equal({ ipv4: hostAddress("10.81.0.0/16", "seed-1") });
    expect(hostOf(plan, "producer").addresses.public).to.equal("none");
    expect(hostOf(plan, "watch").addresses.public).to.equal("none");
    expect(hostOf(plan, "producer").reachedThrough).to.equal("seed-1");
    expect(memberOf(plan, "rpc").addresses).to.deep.equal({ public: "none", cluster: "assigned" });
  });

  it("have the data disk that the machine takes, by a name that stays", () => {
    expect(hostOf(plan, "producer").disk).to.deep.equal({
      type: "hyperdisk-balanced",
      size: 2048,
      iops: 3000,
      throughput: 140,
      device: "/dev/disk/by-id/google-data",
    });
    expect(hostOf(plan, "watch").disk).to.include({ type: "pd-ssd", size: 50 });
    expect(memberOf(plan, "rpc").disk).to.include({ size: 2078 }).and.not.have.property("device");
  });

  it("take their figures from the stack where the disk is sold with them", () => {
    const target = "admins: [203.0.113.0/24], disk: { iops: 9000, throughput: 500 }";
    const fast = planOf(sample({ target }));
    expect(hostOf(fast, "producer").disk).to.include({ iops: 9000, throughput: 500 });
    expect(hostOf(fast, "watch").disk).not.to.have.property("iops");
  });

  it("meet the floor, and are the cheapest of the region that do", () => {
    for (const { has } of machinesOf(plan).filter(({ role }) => role !== "monitor")) {
      expect(has?.ecc).to.equal(true);
      expect(Number.parseInt(has?.memory ?? "", 10)).to.be.at.least(64);
    }
  });

  it("cost what their parts do: machine, both disks, a public address", () => {
    const parts = (name: string) => hostOf(plan, name).cost.map(({ what }) => what);
    expect(parts("seed-1")).to.have.length(4).and.include("public IPv4 address");
    expect(parts("producer")).to.have.length(3);
    expect(memberOf(plan, "rpc").cost).to.have.length(2);
    expect(plan.cost?.shared.map(({ what }) => what)).to.deep.equal([
      "NAT gateway",
      "load balancer of rpc",
      "public IPv4 address of rpc",
      "DNS zone of the cluster",
      "DNS zone of nodes.example.org",
    ]);
  });

  it("need no way out where every machine has an address of its own", () => {
    const seeds = planOf(sample({ hosts: "{ seed: { role: seed, count: 2 } }", domain: null }));
    expect(seeds.cost?.shared.map(({ what }) => what)).to.deep.equal(["DNS zone of the cluster"]);
  });
});

describe("the network's halves", () => {
  const halves: [network: string, hosts: string, pools: string][] = [
    ["10.81.0.0/16", "10.81.0.0/17", "10.81.128.0/17"],
    ["10.0.0.0/9", "10.0.0.0/10", "10.64.0.0/10"],
    ["172.16.0.0/15", "172.16.0.0/16", "172.17.0.0/16"],
    ["192.168.4.0/22", "192.168.4.0/23", "192.168.6.0/23"],
  ];
  for (const [network, hosts, pools] of halves)
    it(`are ${hosts} and ${pools} of ${network}`, () => {
      expect(subnetsOf(network)).to.deep.equal({ hosts, pools });
    });

  it("have a last address but one that is Google's", () => {
    expect(isReserved("10.81.0.0/16", "10.81.127.254")).to.equal(true);
    expect(isReserved("10.81.0.0/16", "10.81.127.253")).to.equal(false);
  });
});

describe("the mirror on Google Cloud", () => {
  const config = gcpConfig.parse({ project: "my-project", region: "europe-west4" });

  it("is a bucket whose name the stack, the project and the region make", () => {
    const name = bucketName(config, "prod");
    expect(mirrorUrl(config, "prod")).to.equal(`https://storage.googleapis.com/${name}`);
    expect(name).to.match(/^nodewright-prod-[0-9a-f]{16}$/);
    expect(bucketName({ ...config, project: "other-project" }, "prod")).not.to.equal(name);
    expect(bucketName(config, "p".repeat(60))).to.have.length.at.most(63);
  });

  it("is the operator's own where they have one", () => {
    const own = gcpConfig.parse({ ...config, mirror: "https://mirror.example.org/artifacts/" });
    expect(gcp.mirror(own, "prod")).to.equal("https://mirror.example.org/artifacts");
  });
});
