import { parse } from "yaml";
import type { Finding } from "../../components/core/config/finding";
import { parseConfig } from "../../components/core/config/parse";
import { buildPlan } from "../../components/core/plan/build-plan";
import { checkPlan } from "../../components/core/plan/checks";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import type { Release } from "../../components/core/releases";
import { registry } from "../../components/registry";
import { releases } from "./releases";

/** A complete small stack: one host of each role. */
export const SAMPLE = `
network: lab
target: { docker: { publish: { rpc-a: { rpc: 8545 } } } }
hosts:
  seed-a: { role: seed }
  validator-a: { role: validator, producer: eosio, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63 }
  rpc-a: { role: rpc }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]
`;

/** Everything that is said of a stack's keys, as `stacks/load` would say it, with fixed releases. */
export function judge(yaml: string, brought: Release[] = releases): { findings: Finding[]; plan?: Plan } {
  const { findings, config, whole } = parseConfig(parse(yaml) as Record<string, unknown>, registry);
  if (!config) return { findings };
  const { plan, findings: unplaced } = buildPlan({ stack: "sample", config, releases: brought }, registry);
  const found = [...findings, ...unplaced];
  return {
    findings: [
      ...found,
      ...checkPlan({ plan, config, registry, releases: brought, whole: whole && unplaced.length === 0 }),
    ],
    plan,
  };
}

/** The plan of a stack without mistakes. */
export function planOf(yaml: string = SAMPLE, brought: Release[] = releases): Plan {
  const { plan, findings } = judge(yaml, brought);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (!plan || errors.length > 0)
    throw new Error(errors.map(({ path, message }) => `${path} ${message}`).join("\\n"));
  return plan;
}

export function hostOf(plan: Plan, name: string): HostPlan {
  const host = plan.hosts.find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}
