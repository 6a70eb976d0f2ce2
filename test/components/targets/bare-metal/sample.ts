import { parse } from "yaml";
import type { Finding } from "../../../../components/core/config/finding";
import { parseConfig } from "../../../../components/core/config/parse";
import { buildPlan } from "../../../../components/core/plan/build-plan";
import { checkPlan } from "../../../../components/core/plan/checks";
import type { Plan } from "../../../../components/core/plan/plan";
import { registry } from "../../../../components/registry";
import { releases } from "../../../support/releases";

/** A seed and a validator on two machines. */
export const SAMPLE = `
network: lab
target:
  bare-metal:
    cluster: { ipv4: 10.20.0.0/16, ipv6: "fd20::/64" }
    admins: [198.51.100.0/24, "2001:db8:1::/48"]
    mirror: https://mirror.example.org/nodewright/
    hosts:
      seed-a:
        address: 203.0.113.10
        hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0a
        os: debian-12
        addresses: { public: { ipv4: 203.0.113.10 }, cluster: { ipv4: 10.20.0.10, ipv6: "fd20::10" } }
        monthly: 120
        zone: rack-1
      validator-a:
        address: 203.0.113.11
        user: ubuntu
        hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0b
        os: ubuntu-24.04
        addresses: { cluster: { ipv4: 10.20.0.11 } }
        machine: EPYC 9354P, 128 GB
hosts:
  seed-a: { role: seed }
  validator-a: { role: validator, producer: eosio, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63 }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]
`;

/** Everything that is said of a stack's keys, and its plan as far as there is one. */
export function judge(yaml: string): { findings: Finding[]; plan?: Plan } {
  const { findings, config, whole } = parseConfig(parse(yaml) as Record<string, unknown>, registry);
  if (!config) return { findings };
  const { plan, findings: unplaced } = buildPlan({ stack: "metal", config, releases }, registry);
  const all = [
    ...findings,
    ...unplaced,
    ...checkPlan({ plan, config, registry, releases, whole: whole && unplaced.length === 0 }),
  ];
  return { findings: all, plan };
}

export function planOf(yaml: string = SAMPLE): Plan {
  const { plan, findings } = judge(yaml);
  const mistakes = findings.filter(({ severity }) => severity === "error");
  if (!plan || mistakes.length > 0)
    throw new Error(mistakes.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return plan;
}
