import { OPERATOR_KEY, secretName } from "../components/core/naming";
import type { Plan } from "../components/core/plan/plan";
import { tlsSecretNames } from "../tls/host-secrets";

/** A secret of a stack that nobody has set, and the command that does. */
export interface MissingSecret {
  name: string;
  remedy: string;
}

export const howToSet = (name: string): string =>
  `pulumi config set --secret --path 'nodewright:secrets["${name}"]'`;

/** Every secret that a plan needs and that is not set. What is made from others is not among them. */
export function missingSecrets(
  plan: Pick<Plan, "stack" | "hosts">,
  isSet: (name: string) => boolean,
): MissingSecret[] {
  const { given, made } = tlsSecretNames(plan);
  const own = plan.hosts.flatMap((host) => host.secrets.map((secret) => secretName(host.name, secret)));
  return [OPERATOR_KEY, ...given, ...own.filter((name) => !made.includes(name))]
    .filter((name) => !isSet(name))
    .map((name) => ({
      name,
      remedy: given.includes(name) ? `npm run tls -- ${plan.stack}` : howToSet(name),
    }));
}
