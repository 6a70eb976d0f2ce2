import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { documentFor } from "../../../../cloud-init/document-for";
import { pack } from "../../../../cloud-init/emit/bundle";
import { firewallRuleset } from "../../../../cloud-init/emit/nftables";
import { emitBirth } from "../../../../cloud-init/emit/user-data";
import { type HostPlan, machinesOf, type Plan } from "../../../../components/core/plan/plan";
import { cloudStack, judgeCloud, SIGNING_KEY } from "../../../support/fake-cloud";

type Entry = Record<string, unknown>;
type Hosts = Record<string, Entry>;
const RUNS = { numRuns: 40 };

const count = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
const nodeos = fc.record({ p2pPort: fc.integer({ min: 9000, max: 9010 }) });
const counted = (role: string) =>
  fc.record({ count, nodeos: fc.option(nodeos, { nil: undefined }) }).map(
    (given): Entry => ({
      role,
      ...(given.count === undefined ? {} : { count: given.count }),
      ...(given.nodeos === undefined ? {} : { services: { nodeos: given.nodeos } }),
    }),
  );
const entry = fc.oneof(
  counted("seed"),
  counted("rpc"),
  counted("archive"),
  fc.constant<Entry>({ role: "monitor" }),
  fc
    .stringMatching(/^[a-z]{3,12}$/)
    .map((producer): Entry => ({ role: "validator", producer, signingKey: SIGNING_KEY })),
);
const name = fc.stringMatching(/^[a-z][a-z]{2,7}$/);
const hosts = fc.dictionary(name, entry, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
const traits = fc.record({
  scaling: fc.boolean(),
  names: fc.constantFrom("service" as const, "hosts" as const),
  storesBundles: fc.boolean(),
});
type Chosen = typeof traits extends fc.Arbitrary<infer Value> ? Value : never;

function plan(given: Hosts, chosen: Chosen): Plan {
  const { plan: made, findings } = judgeCloud(cloudStack({ hosts: given }), {
    traits: { userDataBytes: 65_536, ...chosen },
  });
  if (!made) throw new Error(JSON.stringify(findings));
  return made;
}

/** What makes a machine: a change of any of it would replace one. */
const birthplace = ({ name, group, machine, zone, disk, addresses, clusterName }: HostPlan) => ({
  ...{ name, group, machine, zone, disk, addresses, clusterName },
});

/** Files that tell of other hosts: whom they peer with, share with, watch, send logs, read state history of, answer names for, and let SSH through to. */
const TELLS_OF_OTHERS =
  /nodewright\/peers\.json$|evm-node\.json$|(haproxy\.cfg|edge\.json)$|prometheus\.yml$|alerts\.yml$|rsyslog\.conf$|\.zone$|sshd_config\.d/;

/** With its first pool a stack opens its wrappers to the cluster, with its first monitor its hosts send their logs. */
const isAlike = (before: Plan, after: Plan): boolean =>
  (before.pools.length === 0) === (after.pools.length === 0) &&
  before.hosts.some(({ role }) => role === "monitor") === after.hosts.some(({ role }) => role === "monitor");

function documentOf(from: Plan, host: HostPlan) {
  const { files, ...rest } = documentFor(from, host);
  return { ...rest, files: files.filter(({ path }) => !TELLS_OF_OTHERS.test(path)) };
}

describe("any plan", () => {
  it("is the same again", () =>
    fc.assert(
      fc.property(hosts, traits, (given, chosen) => {
        expect(JSON.stringify(plan(given, chosen))).to.equal(
          JSON.stringify(plan(structuredClone(given), chosen)),
        );
      }),
      RUNS,
    ));

  it("gives every host a name, a cluster name and a unit of its own", () =>
    fc.assert(
      fc.property(hosts, traits, (given, chosen) => {
        const machines = machinesOf(plan(given, chosen));
        for (const key of ["name", "clusterName"] as const)
          expect(new Set(machines.map((host) => host[key])).size).to.equal(machines.length);
        for (const { services } of machines)
          expect(new Set(services.map(({ unit }) => unit)).size).to.equal(services.length);
      }),
      RUNS,
    ));

  it("opens no loopback listener, and no port that nothing listens on", () =>
    fc.assert(
      fc.property(hosts, traits, (given, chosen) => {
        for (const { firewall, listeners } of machinesOf(plan(given, chosen))) {
          const open = listeners.filter(({ exposure }) => exposure !== "loopback");
          expect(firewall.map(({ name: rule, port }) => `${rule} ${port}`)).to.deep.equal(
            open.map(({ name: listener, port }) => `${listener} ${port}`),
          );
          for (const { name: rule, from } of firewall) {
            const exposure = listeners.find((each) => each.name === rule)?.exposure;
            expect(from === "anyone", rule).to.equal(exposure === "public");
          }
        }
      }),
      RUNS,
    ));

  it("keeps secrets from pools", () =>
    fc.assert(
      fc.property(hosts, traits, (given, chosen) => {
        for (const { member } of plan(given, chosen).pools) expect(member.secrets).to.deep.equal([]);
      }),
      RUNS,
    ));

  it("costs what its hosts, its pools and what they share cost", () =>
    fc.assert(
      fc.property(hosts, traits, (given, chosen) => {
        const { cost } = plan(given, chosen);
        const parts = [...(cost?.hosts ?? []), ...(cost?.shared ?? [])];
        const sum = parts.reduce((total, { monthly }) => total + monthly, 0);
        expect(cost?.total).to.be.closeTo(sum, 0.005);
        expect(cost?.most).to.be.at.least(cost?.total ?? 0);
      }),
      RUNS,
    ));
});

describe("a host that joins", () => {
  const joining = fc.tuple(hosts, name, entry, traits).filter(([given, key]) => !(key in given));

  it("moves no other host: no machine, disk, zone, address or name", () =>
    fc.assert(
      fc.property(joining, ([given, key, joiner, chosen]) => {
        const before = machinesOf(plan(given, chosen)).map(birthplace);
        const after = machinesOf(plan({ [key]: joiner, ...given }, chosen)).map(birthplace);
        expect(after).to.deep.include.members(before);
      }),
      RUNS,
    ));

  it("changes of another's document only what names hosts, and who may write through it", () =>
    fc.assert(
      fc.property(joining, ([given, key, joiner, chosen]) => {
        const [before, after] = [plan(given, chosen), plan({ ...given, [key]: joiner }, chosen)];
        fc.pre(isAlike(before, after));
        for (const host of machinesOf(before)) {
          const same = machinesOf(after).find((each) => each.name === host.name);
          if (!same) throw new Error(`${host.name} is gone`);
          expect(documentOf(after, same)).to.deep.equal(documentOf(before, host));
        }
      }),
      RUNS,
    ));

  it("changes of another's user data the document alone", () =>
    fc.assert(
      fc.property(joining, ([given, key, joiner, chosen]) => {
        const [before, after] = [plan(given, chosen), plan({ ...given, [key]: joiner }, chosen)];
        fc.pre(isAlike(before, after));
        for (const host of machinesOf(before)) {
          const same = machinesOf(after).find((each) => each.name === host.name);
          if (!same) throw new Error(`${host.name} is gone`);
          expect(frame(after, same)).to.deep.equal(frame(before, host));
        }
      }),
      { numRuns: 25 },
    ));
});

/** User data without the document that it carries or names. */
function frame(from: Plan, host: HostPlan) {
  const {
    write_files: files,
    runcmd,
    ...rest
  } = parse(emitBirth(from, host).userData) as {
    write_files: { path: string }[];
    runcmd: string[][];
  };
  expect(JSON.stringify(rest)).to.include(pack(JSON.stringify(firewallRuleset(host.firewall))));
  return {
    ...rest,
    files: files.filter(({ path }) => path !== "/etc/nodewright/bundle.json"),
    run: runcmd.filter((words) => !words.includes("fetch")),
  };
}
