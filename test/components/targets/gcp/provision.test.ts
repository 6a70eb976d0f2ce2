import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Plan } from "../../../../components/core/plan/plan";
import { gcp } from "../../../../components/targets/gcp";
import { requireCredentials } from "../../../../components/targets/gcp/credentials";
import { TOKENS } from "../../../../lab/plugins/gcp/tokens";
import { missingEngine, skipSuite } from "../../../lab/plugins/engine";
import { planOf } from "../../../support/sample";
import { type GcpStack, gcpStack } from "./gcp-stack";
import { HOSTS, sample } from "./sample";

const missing = missingEngine();
const secrets = (name: string) => pulumi.secret(`the value of ${name}`);
const provision = gcp.load();

/** What the operator's stack file says now. */
let plan: Plan;

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

const refusal = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => "done",
    (cause: Error) => cause.message,
  );

describe("a stack on the simulated Google Cloud", function () {
  this.timeout(240_000);
  let test: GcpStack;

  const inputsOf = (token: string) =>
    test.world.ids(token).map((id) => test.world.get(token, id)?.inputs ?? {});
  const machines = () =>
    Object.fromEntries(inputsOf(TOKENS.instance).map((inputs) => [String(inputs.name), inputs]));

  before(async function () {
    if (missing) return skipSuite(this, missing);
    plan = planOf(sample());
    test = await gcpStack(async (files) => {
      const { hosts, balancers, nameServers } = provision(plan, secrets, files);
      return { hosts, balancers, nameServers };
    });
  });
  after(() => {
    if (!missing) test.remove();
  });

  it("previews without making anything", async () => {
    const { changeSummary } = await test.stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
    expect(test.world.ids(TOKENS.instance)).to.deep.equal([]);
  });

  it("makes every role and a pool, and tells where they are", async () => {
    const { outputs } = await test.stack.up();
    expect(Object.keys(machines())).to.have.members(
      [
        ...[
          "sample-seed-1",
          "sample-seed-2",
          "sample-producer",
          "sample-writes",
          "sample-history",
          "sample-watch",
        ],
      ].map((name) => name.replace("sample", plan.stack)),
    );
    expect(inputsOf(TOKENS.disk)).to.have.length(6);
    expect(inputsOf(TOKENS.regionInstanceGroupManager)).to.have.length(1);
    const hosts = outputs.hosts?.value as Record<string, { addresses: { public?: string; cluster: string } }>;
    expect(hosts["seed-1"]?.addresses.public).to.match(/^\d+\.\d+\.\d+\.\d+$/);
    expect(hosts.producer?.addresses).to.have.keys(["cluster"]);
    expect(hosts.producer?.addresses.cluster).to.match(/^10\.81\./);
    expect(outputs.nameServers?.value).to.have.length.above(0);
  });

  it("gives machines their disk before the first boot, a shield, OS Login, and no address that nobody needs", () => {
    const { [`${plan.stack}-producer`]: producer, [`${plan.stack}-seed-1`]: seed } = machines();
    expect(producer?.attachedDisks).to.have.nested.property("[0].deviceName", "data");
    expect(producer).to.deep.include({
      deletionProtection: true,
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    });
    expect(producer).to.have.nested.property("metadata.enable-oslogin", "TRUE");
    expect(producer).not.to.have.nested.property("networkInterfaces[0].accessConfigs");
    expect(seed).to.have.nested.property("networkInterfaces[0].accessConfigs[0].natIp");
  });

  it("answers for names with static addresses, and in the cluster with private ones", async () => {
    const { hosts, balancers } = await test.stack.outputs();
    const answer = (name: string) =>
      inputsOf(TOKENS.recordSet).find((record) => record.name === `${name}.`)?.rrdatas;
    expect(answer("seed1.nodes.example.org")).to.deep.equal([hosts?.value["seed-1"].addresses.public]);
    expect(answer("rpc.nodes.example.org")).to.deep.equal([balancers?.value.rpc]);
    expect(answer("status.nodes.example.org")).to.equal(undefined);
    expect(answer(`producer.${plan.stack}.internal`)).to.deep.equal([
      hosts?.value.producer.addresses.cluster,
    ]);
  });

  it("keeps secrets out of the state and out of the cloud", () => {
    expect(test.state()).not.to.contain("the value of ");
    expect(JSON.stringify(Object.values(TOKENS).map(inputsOf))).not.to.contain("the value of ");
  });

  it("finds nothing to do a second time, nor after a refresh", async () => {
    expect(Object.keys((await test.stack.up()).summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    expect(Object.keys((await test.stack.refresh()).summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("takes a version bump as updates in place, with no replacement", async () => {
    plan = bumped(plan);
    const before = machines();
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary).not.to.have.property("replace");
    // A document and its secrets for each host, and the pool's group; beside them only objects of the mirror come and go.
    const sent = plan.hosts.map((host) => 1 + host.secrets.length).reduce((sum, each) => sum + each, 0);
    expect(changeSummary.update).to.equal(sent + plan.pools.length);
    expect(changeSummary.create).to.equal(changeSummary.delete);
    await test.stack.up();
    expect(machines()).to.deep.equal(before);
  });

  it("replaces no machine for another image, other keys, other admins or other labels", async () => {
    const made = test.world.ids(TOKENS.instance);
    const other = sample({
      target:
        "admins: [198.51.100.0/24], image: projects/debian-cloud/global/images/debian-12-bookworm-v20250513, labels: { owner: us }",
    });
    plan = bumped(planOf(other));
    const { changeSummary } = await test.stack.preview();
    expect(changeSummary.replace ?? 0).to.equal(
      plan.pools.length,
      "the pool's template, which cannot change",
    );
    await test.stack.up();
    expect(test.world.ids(TOKENS.instance)).to.deep.equal(made);
  });

  it("grows a disk, another machine type and another port in place", async () => {
    const before = [TOKENS.instance, TOKENS.disk].map((token) => test.world.ids(token));
    const hosts = HOSTS.replace("seed, count: 2", "seed, count: 2, disk: 3 TB, machine: c3d-highmem-16");
    const port = ["proxy: { tls: off }", "proxy: { tls: off }, nodeos: { p2pPort: 9877 }"] as const;
    plan = bumped(planOf(sample({ hosts }).replace(...port)));
    expect((await test.stack.preview()).changeSummary).not.to.have.property("delete-replaced");
    await test.stack.up();
    expect([TOKENS.instance, TOKENS.disk].map((token) => test.world.ids(token))).to.deep.equal(before);
    expect(inputsOf(TOKENS.disk).map(({ size }) => size)).to.include(3072);
  });

  it("does not delete data nor machines until they are released, and then everything", async () => {
    expect(await refusal(test.stack.destroy())).to.contain("protect");
    expect(inputsOf(TOKENS.disk)).to.have.length(6);
    plan = { ...plan, protect: false };
    await test.stack.up();
    await test.stack.destroy();
    for (const token of Object.values(TOKENS)) expect(test.world.ids(token), token).to.deep.equal([]);
  });
});

describe("a Google Cloud project that says no", function () {
  this.timeout(120_000);
  let test: GcpStack;

  before(async function () {
    if (missing) return skipSuite(this, missing);
    plan = planOf(sample({ hosts: "{ seed: { role: seed, count: 2 } }" }));
    test = await gcpStack(async (files) => ({ ...provision(plan, secrets, files) }));
  });
  after(() => {
    if (!missing) test.remove();
  });

  it("is told apart from a mistake: the quota's own words, and the next up goes on", async () => {
    test.world.limit(TOKENS.instance, 1);
    expect(await refusal(test.stack.up())).to.contain("Quota 'INSTANCES' exceeded");
    test.world.limit(TOKENS.instance, 2);
    await test.stack.up();
    expect(test.world.ids(TOKENS.instance)).to.have.length(2);
  });

  it("makes nothing without credentials, and names what to set", () => {
    const nothing = { CLOUDSDK_CONFIG: "/nowhere" };
    expect(() => requireCredentials(nothing)).to.throw(/GOOGLE_APPLICATION_CREDENTIALS/);
    expect(() => requireCredentials({ ...nothing, GOOGLE_CREDENTIALS: "{}" })).not.to.throw();
  });
});
