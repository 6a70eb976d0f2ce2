import * as pulumi from "@pulumi/pulumi";
import { printFindings, UserError } from "../components/core/config/finding";
import { named } from "../components/core/config/registry";
import type { Plan } from "../components/core/plan/plan";
import { registry } from "../components/registry";
import type { Secrets } from "../components/targets/provisioner";
import { loadPlan } from "./load";
import { stackOutputs } from "./outputs";
import { nodewrightKeys } from "./stack-file";

/** The program of every stack: configuration to plan, plan to resources. */
export async function deploy(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  const { plan, findings } = loadPlan(stack, engineConfig());
  if (!plan) throw new UserError(printFindings(`stack ${stack}`, findings));
  for (const { path, message } of findings) await pulumi.log.warn(`${path}: ${message}`);
  const provision = named(registry.targets, plan.target.name).load();
  const hosts = provision(plan, secretsOf(plan));
  return stackOutputs(plan, hosts);
}

/** The engine gives each key as text; maps and lists as JSON. */
function engineConfig(): Record<string, unknown> {
  const parse = (value: string): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  const keys = Object.entries(pulumi.runtime.allConfig());
  return nodewrightKeys(Object.fromEntries(keys.map(([key, value]) => [key, parse(value)])));
}

/** Secrets by name, all that are missing named at once. */
function secretsOf(plan: Plan): Secrets {
  const given =
    new pulumi.Config("nodewright").getSecretObject<Record<string, string>>("secrets") ??
    pulumi.secret<Record<string, string>>({});
  const wanted = plan.hosts.flatMap((host) => host.secrets.map((secret) => `${host.name}/${secret}`));
  const checked = given.apply((secrets) => {
    const missing = wanted.filter((name) => typeof secrets[name] !== "string");
    if (missing.length === 0) return secrets;
    const lines = missing.map(
      (name) => `  pulumi config set --secret --path 'nodewright:secrets["${name}"]'`,
    );
    throw new UserError(
      [
        `stack ${plan.stack} has no value for ${missing.length} of its secrets. Set them, then run this again:`,
        ...lines,
      ].join("\n"),
    );
  });
  return (name) =>
    checked.apply((secrets) => {
      const value = secrets[name];
      if (typeof value !== "string")
        throw new UserError(
          `secret ${name} is not set: pulumi config set --secret --path 'nodewright:secrets["${name}"]'`,
        );
      return value;
    });
}
