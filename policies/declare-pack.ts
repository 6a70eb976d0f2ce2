import { existsSync, readFileSync } from "node:fs";
import { PolicyPack, type PolicyResource, type StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import type { Registry } from "../components/core/config/registry";
import { nodewrightKeys } from "../stacks/stack-file";
import { buildGraph } from "./build-graph";
import type { Graph } from "./graph";
import { intentOf } from "./intent";
import { EXCEPTION_EXPIRED, expired, judge } from "./judge";
import { openOnce } from "./open-once";
import { linkOf, type Rule, type RuleText, type Violation } from "./rule";
import { seen } from "./seen-resource";
import { levelOf, type Settings, settingsFor } from "./settings";
import { updateRules } from "./updates";

export interface PackArgs {
  /** What stack files can name. */
  registry: Registry;
  rules: readonly Rule[];
  /** YAML file with levels and exceptions; one that is not there says nothing. */
  file: string;
}

/** Declares the policy pack to the engine that runs this process. Throws a `UserError` with every mistake of the file. */
export function declarePack({ registry, rules, file }: PackArgs): void {
  // The engine tells a pack of its stack and configuration by the environment, as it tells a program.
  const stack = process.env.PULUMI_STACK ?? process.env.PULUMI_NODEJS_STACK ?? "";
  const today = new Date().toISOString().slice(0, 10);
  const content: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const settings = settingsFor(stack, content, [...rules, ...updateRules], file);
  const graphOf = graphs(stack, registry);
  const policy = (rule: RuleText, check: (graph: Graph) => readonly Violation[]): StackValidationPolicy => ({
    ...textOf(rule, settings),
    validateStack: async ({ resources }, report) => {
      const { violations } = judge(rule, check(await graphOf(resources)), settings, today);
      for (const { message, resource } of violations)
        report(`${message}. ${rule.remedy} (${linkOf(rule)})`, resource.urn);
    },
  });
  const atStack = (graph: Graph) => graph.stack.of("pulumi:pulumi:Stack")[0] ?? { urn: "", name: stack };
  openOnce();
  new PolicyPack("nodewright", {
    description: "Rules for TrustEVM nodes on Antelope chains, over the whole of a stack",
    policies: [
      ...rules.map((rule) => policy(rule, (graph) => rule.check(graph))),
      policy(EXCEPTION_EXPIRED, (graph) => expired(settings, today, atStack(graph))),
    ],
  });
}

const textOf = (rule: RuleText, settings: Settings) => ({
  name: rule.id,
  displayName: rule.title,
  description: `${rule.title}: ${rule.reason}`,
  enforcementLevel: levelOf(rule, settings),
  remediationSteps: rule.remedy,
  url: linkOf(rule),
});

/** Every policy is given all resources anew: what they make together is built once for each run. */
function graphs(stack: string, registry: Registry): (resources: readonly PolicyResource[]) => Promise<Graph> {
  const known = new Map<string, Promise<Graph>>();
  const built = async (resources: readonly PolicyResource[]): Promise<Graph> => {
    const raw = nodewrightKeys(JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, unknown>);
    const told = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, read(String(value))]));
    return buildGraph(await Promise.all(resources.map(seen)), intentOf(stack, told, registry));
  };
  return (resources) => {
    const key = resources.map(({ urn }) => urn).join();
    const graph = known.get(key) ?? built(resources);
    known.set(key, graph);
    return graph;
  };
}

/** The engine gives maps and lists as JSON, and all else as text. */
function read(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
