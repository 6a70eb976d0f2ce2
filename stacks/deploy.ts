import * as pulumi from "@pulumi/pulumi";
import { printFindings, UserError } from "../components/core/config/finding";
import { named } from "../components/core/config/registry";
import { registry } from "../components/registry";
import { loadPlan } from "./load";
import { stackOutputs } from "./outputs";
import { stackSecrets } from "./secrets";
import { nodewrightKeys } from "./stack-file";

/** The program of every stack: configuration to plan, plan to resources. */
export async function deploy(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  const { plan, findings } = loadPlan(stack, engineConfig());
  if (!plan) throw new UserError(printFindings(`stack ${stack}`, findings));
  for (const { path, message } of findings) await pulumi.log.warn(`${path}: ${message}`);
  const provision = named(registry.targets, plan.target.name).load();
  const hosts = provision(plan, stackSecrets(plan));
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
