import type { StackConfig } from "../../../../components/core/config/schema";
import type { HostPlan, Plan } from "../../../../components/core/plan/plan";
import type { DigitalOceanConfig } from "../../../../components/targets/digitalocean/config";

export const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0";
export const PRODUCER =
  "producer: alice, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63";

interface Changes {
  /** Of `target.digitalocean`, in YAML's short form. */
  target?: string;
  hosts?: string;
  /** Further keys of the stack. */
  more?: string;
  sshKeys?: string;
  domain?: StackConfig["domain"] | null;
}

/** Every role, and a pool, with small data so that the figures stay readable. */
export const sample = ({
  target = "region: fra1, admins: [203.0.113.0/24, '2001:db8:7::/48']",
  hosts = `
  seed: { role: seed, count: 2 }
  producer: { role: validator, ${PRODUCER} }
  rpc: { role: rpc, count: { min: 2, max: 4 } }
  writes: { role: rpc }
  history: { role: archive }
  watch: { role: monitor }`,
  more = "",
  sshKeys = `[${KEY}]`,
  domain = "nodes.example.org",
}: Changes = {}): string => `
network: eos
target: { digitalocean: { ${target} } }
hosts: ${hosts}
sshKeys: ${sshKeys}
services: { proxy: { tls: off } }
${domain === null ? "" : `domain: ${domain}`}
${more}
`;

export const configOf = (plan: Plan): DigitalOceanConfig => plan.target.config as DigitalOceanConfig;

export const memberOf = (plan: Plan, name: string): HostPlan => {
  const found = plan.pools.find((pool) => pool.name === name);
  if (!found) throw new Error(`no pool ${name}`);
  return found.member;
};
