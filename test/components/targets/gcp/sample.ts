import type { HostPlan, Plan } from "../../../../components/core/plan/plan";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0";
const PRODUCER = "producer: alice, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63";

interface Changes {
  /** Of `target.gcp`, in YAML's short form, beside project and region. */
  target?: string;
  region?: string;
  hosts?: string;
  sshKeys?: string;
  domain?: string | null;
}

export const HOSTS = `
  seed: { role: seed, count: 2 }
  producer: { role: validator, ${PRODUCER} }
  rpc: { role: rpc, count: { min: 2, max: 4 } }
  writes: { role: rpc }
  history: { role: archive }
  watch: { role: monitor }`;

/** Every role, and a pool. */
export const sample = ({
  target = "admins: [203.0.113.0/24, '2001:db8:7::/48']",
  region = "europe-west4",
  hosts = HOSTS,
  sshKeys = `[${KEY}]`,
  domain = "nodes.example.org",
}: Changes = {}): string => `
network: eos
target: { gcp: { project: my-project, region: ${region}, ${target} } }
hosts: ${hosts}
sshKeys: ${sshKeys}
services: { proxy: { tls: off } }
${domain === null ? "" : `domain: ${domain}`}
`;

export const memberOf = (plan: Plan, name: string): HostPlan => {
  const found = plan.pools.find((pool) => pool.name === name);
  if (!found) throw new Error(`no pool ${name}`);
  return found.member;
};
