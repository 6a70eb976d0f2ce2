/** A certificate of ACM, and how the same stack ends TLS with it at its pool's balancer. */
export const CERTIFICATE =
  "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
export const HTTPS_STACK = (firewall = ", firewall: { requestsIn5Minutes: 3000 }") =>
  STACK(`, balancer: { certificate: "${CERTIFICATE}"${firewall} }`).replace(
    "max: 4 } }",
    "max: 4 }, services: { proxy: { tls: balancer } } }",
  );

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
