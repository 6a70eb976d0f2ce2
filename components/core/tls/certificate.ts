import { plannedAddress } from "../network/address-ref";
import type { HostPlan, Plan } from "../plan/plan";

/** How a host keeps who it is: its private key and its certificate, PEM, in one file. */
export const IDENTITY = "tls-identity";
/** How it keeps whom it trusts: the authority's certificate. */
export const AUTHORITY = "tls-authority";
/** What a service needs to prove itself to others of the stack, and to know them. */
export const TLS_SECRETS = [IDENTITY, AUTHORITY] as const;

/** Names of the two halves of an authority among a stack's secrets. */
export interface AuthoritySecrets {
  certificate: string;
  key: string;
}

/** The authority of a stack itself, which an operator makes once: `npm run tls -- STACK`. */
export const STACK_AUTHORITY: AuthoritySecrets = { certificate: "tls/authority", key: "tls/authority-key" };

/** A certificate that a host shall have. */
export interface CertificateRequest {
  host: string;
  authority: AuthoritySecrets;
  /** DNS names, that by which the hosts of the stack reach it first. */
  names: string[];
  /** Of the cluster network, where the plan fixes them. */
  addresses: string[];
  /** Names of the secrets that bring it to its host. */
  secrets: { identity: string; authority: string };
}

/** The certificates of a stack. Machines that a cloud makes by itself hold no key, so they have none. */
export const certificatesOf = ({ hosts }: Pick<Plan, "hosts">): CertificateRequest[] =>
  hosts.filter(({ secrets }) => secrets.includes(IDENTITY)).map(request);

function request({ name, clusterName, addresses }: HostPlan): CertificateRequest {
  const { ipv4, ipv6 } = plannedAddress(addresses.cluster) ?? {};
  return {
    host: name,
    authority: STACK_AUTHORITY,
    names: [...new Set([clusterName, name])],
    addresses: [ipv4, ipv6].filter((each) => each !== undefined),
    secrets: { identity: IDENTITY, authority: AUTHORITY },
  };
}
