import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Plan } from "../../../../components/core/plan/plan";
import { digitalOcean } from "../../../../components/targets/digitalocean";
import { TOKENS } from "../../../../lab/plugins/digitalocean/tokens";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { planOf } from "../../../support/sample";
import { type DigitalOceanStack, digitalOceanStack, giveCredentials } from "./digitalocean-stack";
import { KEY, PRODUCER, sample } from "./sample";

const missing = missingEngine();
const secrets = (name: string) => pulumi.secret(`the value of ${name}`);
const provision = digitalOcean.load();

/** What the operator's stack file says now. */
let plan: Plan;
const program = async () => {
  const { hosts, balancers, nameServers } = provision(plan, secrets, (sha256) => `/nowhere/${sha256}`);
  return { hosts, balancers, nameServers };
};

/** The same stack, with every release in another version: what a version bump is. */
const bumped = (from: Plan): Plan => {
  const bump = <Host extends Plan["hosts"][number]>(host: Host): Host => ({
    ...host,
    releases: host.releases.map((release) => ({
      ...release,
      version: "2.0.0",
      sha256: release.sha256.replace(/^./, "9"),
    })),
  });
  return {
    ...from,
    hosts: from.hosts.map(bump),
    pools: from.pools.map((pool) => ({ ...pool, member: bump(pool.member) })),
  };
};

/** Everything changed that an operator may change in a stack that is up. */
const CHANGED = sample({
  target: "region: fra1, admins: [198.51.100.0/24], image: ubuntu-24-04-x64, tags: [owner:us]",
  sshKeys: `[${KEY}, ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk1]`,
  hosts: `
  seed: { role: seed, count: 2, disk: 3 TB, machine: m-16vcpu-128gb }
  producer: { role: validator, ${PRODUCER} }
  rpc: { role: rpc, count: 3 }
  writes: { role: rpc }
  history: { role: archive }
  watch: { role: monitor }`,
});

const nameOf = ({ world }: DigitalOceanStack, id: string) => world.get(TOKENS.droplet, id)?.inputs.name;

describe("a stack on the simulated DigitalOcean", function () {
  this.timeout(180_000);
  let test: DigitalOceanStack;
  let takeBack: () => void;

  before(async function () {
    if (missing) return skipSuite(this, missing);
    takeBack = giveCredentials();
    plan = planOf(sample());
    test = await digitalOceanStack(program);
  });
  after(() => {
    if (missing) return;
    takeBack();
    test.remove();
  });

  it("previews without making anything", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
    expect(test.world.ids(TOKENS.droplet)).to.deep.equal([]);
  });

  it("makes every role and a pool, and tells where they are", async () => {
    const { outputs } = await test.stack.up();
    expect(test.world.ids(TOKENS.droplet)).to.have.length(6);
    expect(test.world.ids(TOKENS.volumeAttachment)).to.have.length(6);
    expect(test.world.ids(TOKENS.reservedIp)).to.have.length(5);
    expect(test.world.ids(TOKENS.dropletAutoscale)).to.have.length(1);
    expect(test.world.ids(TOKENS.loadBalancer)).to.have.length(1);
    const hosts = outputs.hosts?.value as Record<
      string,
      { role: string; addresses: { public: string; cluster: string } }
    >;
    expect(Object.keys(hosts)).to.have.members(plan.hosts.map(({ name }) => name));
    const seed = hosts["seed-1"]?.addresses;
    expect(test.world.ids(TOKENS.reservedIp)).to.include(seed?.public);
    expect(seed?.cluster).to.match(/^10\.82\./);
    expect(outputs.nameServers?.value).to.include("ns1.digitalocean.com");
  });

  it("answers for names with reserved addresses, and in the cluster with private ones", async () => {
    const records = test.world
      .ids(TOKENS.dnsRecord)
      .map((id) => test.world.get(TOKENS.dnsRecord, id)?.inputs);
    const { hosts, balancers } = await test.stack.outputs();
    const answer = (name: string, type: string) =>
      records
        .filter((record) => record?.name === name && record.type === type)
        .map((record) => record?.value);
    expect(answer("seed1", "A")).to.deep.equal([hosts?.value["seed-1"].addresses.public]);
    expect(answer("seed1", "AAAA")[0]).to.contain(":");
    expect(answer("producer.cluster", "A")).to.deep.equal([hosts?.value.producer.addresses.cluster]);
    expect(answer("producer", "A")).to.deep.equal([]);
    expect(answer("rpc", "A")).to.deep.equal([balancers?.value.rpc]);
  });

  it("keeps secrets out of the state and out of the cloud", () => {
    expect(test.state()).not.to.contain("the value of ");
    const machines = test.world.ids(TOKENS.droplet).map((id) => test.world.get(TOKENS.droplet, id)?.inputs);
    expect(JSON.stringify(machines)).not.to.contain("the value of ");
  });

  it("finds nothing to do a second time, nor after a refresh", async () => {
    expect(Object.keys((await test.stack.up()).summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    expect(Object.keys((await test.stack.refresh()).summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("takes a version bump as updates in place, with no replacement", async () => {
    plan = bumped(plan);
    const before = test.world.ids(TOKENS.droplet);
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).not.to.have.property("replace");
    // A document for each host, the command that put each secret there, and the pool's template. Beside them only
    // objects of the mirror come and go.
    const delivered = plan.hosts.flatMap(({ secrets: names }) => names).length;
    expect(changeSummary.update).to.equal(plan.hosts.length + delivered + plan.pools.length);
    expect(changeSummary.create).to.equal(changeSummary.delete);
    const objects = test.world.ids(TOKENS.spacesBucketObject);
    await test.stack.up();
    expect(test.world.ids(TOKENS.droplet)).to.deep.equal(before);
    // A droplet that is replaced later is born from what its first user data names.
    expect(test.world.ids(TOKENS.spacesBucketObject)).to.include.members(objects);
  });

  it("replaces no machine for another image, keys, tags, machine type or size of disk", async () => {
    const before = [TOKENS.droplet, TOKENS.volume].map((token) => test.world.ids(token));
    plan = bumped(planOf(CHANGED));
    expect((await test.stack.preview()).changeSummary).not.to.have.property("replace");
    await test.stack.up();
    expect([TOKENS.droplet, TOKENS.volume].map((token) => test.world.ids(token))).to.deep.equal(before);
    const [seed = ""] = test.world.ids(TOKENS.droplet).filter((id) => nameOf(test, id) === "sample-seed-1");
    expect(test.world.get(TOKENS.droplet, seed)?.inputs).to.include({
      size: "m-16vcpu-128gb",
      image: "debian-12-x64",
    });
    const [pool = ""] = test.world.ids(TOKENS.dropletAutoscale);
    const { config } = test.world.get(TOKENS.dropletAutoscale, pool)?.inputs ?? {};
    expect(config).to.deep.equal({ targetNumberInstances: 3 });
  });

  it("replaces one machine when asked to, and its data and its address stay", async () => {
    const urns = (await test.stack.exportStack()).deployment.resources as { urn: string; id: string }[];
    const seed = urns.find(({ urn }) => urn.endsWith("::seed-1-machine"));
    const [volumes, addresses] = [test.world.ids(TOKENS.volume), test.world.ids(TOKENS.reservedIp)];
    await test.stack.up({ replace: [seed?.urn ?? ""] });
    expect(test.world.ids(TOKENS.droplet)).to.have.length(6).and.not.include(seed?.id);
    expect(test.world.ids(TOKENS.volume)).to.deep.equal(volumes);
    expect(test.world.ids(TOKENS.reservedIp)).to.deep.equal(addresses);
    expect(test.world.ids(TOKENS.volumeAttachment)).to.have.length(6);
  });

  it("does not delete data disks until they are released, and then everything", async () => {
    // As `pulumi destroy` asks first. Told to skip that, the engine takes down all but the volumes.
    const refusal = await test.stack.previewDestroy().then(
      () => "would destroy",
      (cause: Error) => cause.message,
    );
    expect(refusal).to.contain("protect");
    plan = { ...plan, protect: false };
    await test.stack.up();
    await test.stack.destroy();
    for (const token of Object.values(TOKENS)) expect(test.world.ids(token), token).to.deep.equal([]);
  });
});

describe("a DigitalOcean account that says no", function () {
  this.timeout(120_000);
  let test: DigitalOceanStack;
  let takeBack: () => void;

  before(async function () {
    if (missing) return skipSuite(this, missing);
    takeBack = giveCredentials();
    plan = planOf(sample({ hosts: "{ seed: { role: seed, count: 2 } }" }));
    test = await digitalOceanStack(program);
  });
  after(() => {
    if (missing) return;
    takeBack();
    test.remove();
  });

  it("is told apart from a mistake: the quota's own words, and the next up goes on", async () => {
    test.world.limit(TOKENS.droplet, 1);
    const refusal = await test.stack.up().then(
      () => "up",
      (cause: Error) => cause.message,
    );
    expect(refusal).to.contain("will exceed your droplet limit");
    test.world.limit(TOKENS.droplet, 2);
    await test.stack.up();
    expect(test.world.ids(TOKENS.droplet)).to.have.length(2);
  });

  it("makes nothing without credentials, and names what to set", async () => {
    const again = giveCredentials({ DIGITALOCEAN_TOKEN: "" });
    const refusal = await test.stack.preview().then(
      () => "previewed",
      (cause: Error) => cause.message,
    );
    again();
    expect(refusal).to.contain("DIGITALOCEAN_TOKEN");
  });
});
