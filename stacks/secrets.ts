import * as pulumi from "@pulumi/pulumi";
import { PrivateKey, PublicKey } from "@wharfkit/antelope";
import { secretName } from "../components/core/naming";
import type { HostPlan, Plan } from "../components/core/plan/plan";
import { SIGNING_KEY } from "../components/core/services/nodeos-files";
import type { Secrets } from "../components/targets/provisioner";
import { type Issued, issueAll } from "../tls/host-secrets";
import { howToSet, missingSecrets } from "./missing-secrets";

type Values = Readonly<Record<string, string>>;

/**
 * The stack's secrets, by the names of the plan. Rejects with all that is missing or wrong at once: who waits for it has
 * made nothing yet. A preview makes nothing, and a reviewer may have no secrets: there a missing one is a warning.
 */
export async function stackSecrets(plan: Plan): Promise<Secrets> {
  const given =
    new pulumi.Config("nodewright").getSecretObject<Values>("secrets") ?? pulumi.secret<Values>({});
  // Configuration is there from the start, so this waits for nothing that is to be made.
  const values = await new Promise<Values>((done) => given.apply(done));
  const issued = issueAll(plan, values, new Date());
  await judge(plan, values, issued);
  const made = pulumi.secret(issued.values);
  return (name) =>
    pulumi.all([given, made]).apply(([theirs, ours]) => theirs[name] ?? ours[name] ?? absent(name));
}

async function judge(plan: Plan, values: Values, issued: Issued): Promise<void> {
  const absentees = missingSecrets(plan, (name) => typeof values[name] === "string").map(
    ({ name, remedy }) => `  ${name} is not set: ${remedy}`,
  );
  const wrong = [
    ...plan.hosts.flatMap((host) => wrongKey(plan, host, values)),
    ...issued.mistakes.map((each) => `  ${each}; \`npm run tls -- ${plan.stack}\` makes a new one`),
  ];
  for (const warning of issued.warnings) await pulumi.log.warn(warning);
  const isPreview = pulumi.runtime.isDryRun();
  const mistakes = [...(isPreview ? [] : absentees), ...wrong];
  if (mistakes.length > 0)
    throw new pulumi.RunError([`stack ${plan.stack}: secrets`, ...mistakes].join("\n"));
  if (isPreview && absentees.length > 0)
    await pulumi.log.warn(["secrets to set before the first pulumi up:", ...absentees].join("\n"));
}

function absent(name: string): string {
  if (pulumi.runtime.isDryRun()) return "";
  throw new pulumi.RunError(`secret ${name} is not set: ${howToSet(name)}`);
}

/**
 * nodeos writes a signature provider that it cannot use to its log, private key and all, some 10,000 times a second
 * (seen in 4.1.0-dev). So a key that is malformed, or is not that of the public key in the plan, never reaches a host.
 */
function wrongKey(plan: Plan, { name, group, producer }: HostPlan, values: Values): string[] {
  const secret = secretName(name, SIGNING_KEY);
  const value = values[secret];
  if (!producer || value === undefined) return [];
  const takesTurns = plan.failover?.groups.some((each) => each.group === group);
  const path = `hosts.${group}.${takesTurns ? `signingKeys.${name}` : "signingKey"}`;
  if (producer.signingKey === undefined)
    return [`  ${path} is not set: write the public key of ${secret} there`];
  return isPair(value, producer.signingKey)
    ? []
    : [`  ${secret} is not the private key of ${path}, ${producer.signingKey}: correct one of them`];
}

/** Whether a private key is that of a public one, in any of the forms that nodeos takes. */
export function isPair(privateKey: string, publicKey: string): boolean {
  try {
    return PrivateKey.from(privateKey).toPublic().equals(PublicKey.from(publicKey));
  } catch {
    return false;
  }
}
