import { secretName } from "../components/core/naming";
import type { Plan } from "../components/core/plan/plan";
import {
  type AuthoritySecrets,
  type CertificateRequest,
  certificatesOf,
} from "../components/core/tls/certificate";
import { type Authority, readAuthority } from "./authority";
import { issue } from "./issue";

type Values = Readonly<Record<string, string>>;

/** What the authorities of a stack come to. */
export interface Issued {
  /** Secrets of hosts, by the name that the plan gives them. */
  values: Values;
  mistakes: string[];
  warnings: string[];
}

/** Names of the secrets from which certificates are made, and of those that are made from them. */
export function tlsSecretNames(plan: Pick<Plan, "hosts">): { given: string[]; made: string[] } {
  const requests = certificatesOf(plan);
  const given = requests.flatMap(({ authority }) => [authority.certificate, authority.key]);
  const made = requests.flatMap(({ host, secrets }) =>
    [secrets.identity, secrets.authority].map((name) => secretName(host, name)),
  );
  return { given: [...new Set(given)], made };
}

/** The certificates of a plan, by its authorities among the stack's secrets. One that is not set makes nothing here: that it is missing is said elsewhere. */
export function issueAll({ stack, hosts }: Pick<Plan, "stack" | "hosts">, given: Values, now: Date): Issued {
  const requests = certificatesOf({ hosts });
  const authorities = new Map(requests.map(({ authority }) => [authority.certificate, authority]));
  const read = [...authorities.values()].map((names) => [names, readGiven(names, given, now)] as const);
  const of = ({ authority }: CertificateRequest) =>
    read.find(([names]) => names.certificate === authority.certificate)?.[1].authority;
  return {
    values: Object.assign({}, ...requests.map((request) => valuesOf(stack, request, of(request), now))),
    mistakes: read.flatMap(([names, { mistakes }]) => mistakes.map((each) => `${names.certificate} ${each}`)),
    warnings: read.flatMap(([names, { warnings }]) => warnings.map((each) => `${names.certificate} ${each}`)),
  };
}

function readGiven(names: AuthoritySecrets, given: Values, now: Date): ReturnType<typeof readAuthority> {
  const [certificate, key] = [given[names.certificate], given[names.key]];
  if (certificate === undefined || key === undefined) return { mistakes: [], warnings: [] };
  return readAuthority({ certificate, key }, now);
}

function valuesOf(
  stack: string,
  request: CertificateRequest,
  authority: Authority | undefined,
  now: Date,
): Values {
  if (!authority) return {};
  const { host, secrets } = request;
  return {
    [secretName(host, secrets.identity)]: issue(authority, stack, request, now).pem,
    [secretName(host, secrets.authority)]: authority.certificate,
  };
}
