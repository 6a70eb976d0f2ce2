import { existsSync, readFileSync } from "node:fs";
import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import type { Registry } from "../components/core/config/registry";
import { nodewrightKeys } from "../stacks/stack-file";
import { buildGraph } from "./build-graph";
import type { Graph, Intent } from "./graph";
import { intentOf } from "./intent";
import { EXCEPTION_EXPIRED, expired, judge } from "./judge";
import type { Resource } from "./resource";
import { linkOf, type Rule, type RuleText, type Violation } from "./rule";
import { takeStack } from "./sent-stack";
import { levelOf, type Settings, settingsFor } from "./settings";
import { updateRules } from "./updates";

export interface PackArgs {
  /** What stack files can name. Asked for when the engine has begun its program, which need not wait for it. */
  registry: () => Registry;
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
  const sent = takeStack(registry);
  const graph = lastGraph(sent, () => intentOf(stack, toldConfig(), registry()));
  const policy = (rule: RuleText, check: (graph: Graph) => readonly Violation[]): StackValidationPolicy => ({
    ...textOf(rule, settings),
    validateStack: (_, report) => {
      const { violations } = judge(rule, check(graph()), settings, today);
      for (const { message, resource } of violations)
        report(`${message}. ${rule.remedy} (${linkOf(rule)})`, resource.urn);
    },
  });
  const atStack = (graph: Graph) => graph.stack.of("pulumi:pulumi:Stack")[0] ?? { urn: "", name: stack };
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

/** What the resources that were sent last make together, built once for all policies. */
function lastGraph(sent: () => readonly Resource[], intent: () => Intent): () => Graph {
  let last: { resources: readonly Resource[]; graph: Graph } | undefined;
  return () => {
    const resources = sent();
    if (last?.resources !== resources) last = { resources, graph: buildGraph(resources, intent()) };
    return last.graph;
  };
}

function toldConfig(): Record<string, unknown> {
  const raw = nodewrightKeys(JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, unknown>);
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, read(String(value))]));
}

/** The engine gives maps and lists as JSON, and all else as text. */
function read(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
