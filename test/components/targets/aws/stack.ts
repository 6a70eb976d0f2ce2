/** A stack on AWS with every role and a pool, in two zones. */
export const STACK = (extra = "") => `
network: eos
domain: nodes.example.org
target: { aws: { region: eu-central-1, admins: [203.0.113.7/32, "2001:db8:7::/48"]${extra} } }
hosts:
  seed: { role: seed, count: 2 }
  validator: { role: validator, producer: alice, signingKey: PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGqET5BoDq63 }
  archive: { role: archive }
  monitor: { role: monitor }
  rpc: { role: rpc, count: { min: 2, max: 4 } }
  rpc-writes: { role: rpc }
sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0]
services: { proxy: { tls: off } }
`;
