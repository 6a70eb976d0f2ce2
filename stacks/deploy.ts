import * as pulumi from "@pulumi/pulumi";
import { printFindings, UserError } from "../components/core/config/finding";
import { named } from "../components/core/config/registry";
import { standInsOnPublicChain } from "../components/core/plan/checks/stand-ins";
import { registry } from "../components/registry";
import { loadPlan } from "./load";
import { stackOutputs } from "./outputs";
import { relaysOf } from "./relays";
import { stackSecrets } from "./secrets";
import { artifactPath, nodewrightKeys } from "./stack-file";

/** The program of every stack: configuration to plan, plan to resources. */
export async function deploy(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  const raw = engineConfig();
  const relays = await relaysOf(stacksOf(raw.peersOf), networkName(raw.network));
  const { plan, findings } = loadPlan(stack, raw, { relays });
  if (!plan) throw new UserError(printFindings(`stack ${stack}`, findings));
  for (const { path, message } of findings) await pulumi.log.warn(`${path}: ${message}`);
  const standIns = standInsOnPublicChain(plan);
  if (standIns !== undefined && !pulumi.runtime.isDryRun()) throw new UserError(`stack ${stack}: ${standIns}`);
  const provision = named(registry.targets, plan.target.name).load();
  return { ...stackOutputs(plan, provision(plan, stackSecrets(plan), artifactPath)) };
}

/** What of `peersOf` can be asked for; what is wrong with it the schema will say. */
const stacksOf = (given: unknown): string[] =>
  Array.isArray(given) ? given.filter((each): each is string => typeof each === "string") : [];

const networkName = (given: unknown): string => {
  if (given === null || typeof given !== "object") return String(given);
  return String("preset" in given ? given.preset : "name" in given ? given.name : undefined);
};

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
