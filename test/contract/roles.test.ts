import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { parse } from "yaml";
import { firewallRuleset } from "../../cloud-init/emit/nftables";
import { BUNDLE_PATH, emitBirth } from "../../cloud-init/emit/user-data";
import { type HostPlan, machinesOf, type Plan } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import type { Target } from "../../components/targets/target";
import { CLOUDS } from "./cloud-verdict";
import { nftablesAdmits } from "./nftables-verdict";
import { probesFor, probeText } from "./probes";
import { judgeStack, leastStack, linesWithoutTarget, targetsWithoutLine } from "./stacks";

const unpacked = (text = ""): string => gunzipSync(Buffer.from(text, "base64")).toString();

interface CloudConfig {
  users: { ssh_authorized_keys: string[] }[];
  bootcmd: string[][];
  write_files: { path: string; content: string }[];
  runcmd: string[][];
}

/** What nftables calls the messages that a host takes, and their numbers. */
const MESSAGES = {
  icmp: { "echo-request": 8, "destination-unreachable": 3, "time-exceeded": 11, "parameter-problem": 12 },
  icmpv6: {
    "echo-request": 128,
    "destination-unreachable": 1,
    "packet-too-big": 2,
    "time-exceeded": 3,
    "parameter-problem": 4,
  },
} as const;

function userDataOf(plan: Plan, host: HostPlan): void {
  const { userData, byHash, bundle } = emitBirth(plan, host);
  expect(Buffer.byteLength(userData)).to.be.at.most(plan.target.traits.userDataBytes);
  expect(userData.split("\n")[0]).to.equal("#cloud-config");
  const config = parse(userData) as CloudConfig;
  expect(config.users[0]?.ssh_authorized_keys).to.deep.equal(plan.sshKeys);
  expect(config.runcmd.at(-1)?.at(-1)).to.equal("provision");
  expect(unpacked(config.bootcmd[0]?.at(-1))).to.equal(JSON.stringify(firewallRuleset(host.firewall)));
  const carried = config.write_files.find(({ path }) => path === BUNDLE_PATH);
  if (byHash) {
    expect(carried).to.equal(undefined);
    expect(config.runcmd[0]).to.include.members([bundle.sha256, plan.mirror]);
  } else {
    const document = gunzipSync(Buffer.from(carried?.content ?? "", "base64")).toString();
    expect(document).to.equal(bundle.json);
  }
}

function sameTraffic(plan: Plan, host: HostPlan): void {
  const target = registry.targets.find(({ name }) => name === plan.target.name);
  const { cluster = [], admin = [], probes = [] } = target?.zones(plan.target.config, host) ?? {};
  const cloud = CLOUDS[plan.target.name]?.ofMachine(plan, host.name);
  if (!cloud)
    throw new Error(`${plan.target.name} has a firewall, but no line in test/contract/cloud-verdict.ts`);
  const ruleset = firewallRuleset(host.firewall);
  const ports = host.listeners.map(({ port }) => port);
  const all = probesFor(ports, [...cluster, ...admin, ...probes]);
  expect(all.filter((probe) => nftablesAdmits(ruleset, probe))).not.to.deep.equal([]);
  const different = all.filter((probe) => nftablesAdmits(ruleset, probe) !== cloud.admits(probe));
  expect(different.map(probeText)).to.deep.equal([]);
  for (const [protocol, types] of Object.entries(MESSAGES) as ["icmp" | "icmpv6", Record<string, number>][])
    for (const [type, number] of Object.entries(types)) {
      expect(nftablesAdmits(ruleset, { protocol, type }), `${protocol} ${type}`).to.equal(true);
      expect(cloud.admitsIcmp(protocol, number), `${protocol} ${type}`).to.equal(true);
    }
}

/** As few as make a group: a pool where the cloud makes them itself, else hosts. */
const severalOn = ({ traits }: Target) => (traits.scaling ? { min: 2, max: 3 } : 2);

describe("the contract of targets and roles", () => {
  it("is asked of every target that is registered", () => {
    expect(targetsWithoutLine(), "without a line in test/contract/stacks.ts").to.deep.equal([]);
    expect(linesWithoutTarget(), "no target any more").to.deep.equal([]);
    const walled = registry.targets.filter(({ traits }) => traits.firewall).map(({ name }) => name);
    expect(Object.keys(CLOUDS)).to.have.members(walled);
  });

  for (const target of registry.targets)
    for (const role of registry.roles)
      for (const count of role.scales ? [undefined, severalOn(target)] : [undefined])
        describe(`${target.name}: ${role.name}${count ? ", several" : ""}`, () => {
          const { plan, findings } = judgeStack(leastStack(target.name, role, count));
          const machines = plan ? machinesOf(plan) : [];

          it("is planned, without a mistake", () => {
            const mistakes = findings.filter(({ severity }) => severity === "error");
            expect(mistakes.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([]);
            const subjects = machines.filter(({ group }) => group === "subject");
            expect(subjects.map((host) => host.role)).to.deep.equal(subjects.map(() => role.name));
            expect(subjects).to.have.length(typeof count === "number" ? count : 1);
            expect(plan?.pools).to.have.length(typeof count === "object" ? 1 : 0);
          });

          it("is born from user data that fits, and that cloud-init can read", () => {
            for (const host of machines) if (plan) userDataOf(plan, host);
          });

          if (target.traits.firewall)
            it("has the same traffic let in by the cloud and by the host", () => {
              for (const host of machines) if (plan) sameTraffic(plan, host);
            });
        });
});
