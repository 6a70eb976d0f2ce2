import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack, type PolicyResource, type StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { registry } from "../components/registry";
import { nodewrightKeys } from "../stacks/stack-file";
import { buildGraph } from "./build-graph";
import type { Graph } from "./graph";
import { intentOf } from "./intent";
import { EXCEPTION_EXPIRED, expired, judge } from "./judge";
import { openOnce } from "./open-once";
import { linkOf, type RuleText, type Violation } from "./rule";
import { rules } from "./rules";
import { seen } from "./seen-resource";
import { levelOf, settingsFor } from "./settings";
import { updateRules } from "./updates";

/** The engine tells a pack of its stack and configuration by the environment, as it tells a program. */
const STACK = process.env.PULUMI_STACK ?? process.env.PULUMI_NODEJS_STACK ?? "";
const FILE = process.env.NODEWRIGHT_POLICIES ?? join(__dirname, "..", "stacks", "config", "policies.yaml");
const TODAY = new Date().toISOString().slice(0, 10);

const settings = settingsFor(
  STACK,
  existsSync(FILE) ? parse(readFileSync(FILE, "utf8")) : {},
  [...rules, ...updateRules],
  FILE,
);

const graphs = new Map<string, Promise<Graph>>();

/** Every policy is given all resources anew: what they make together is built once for each run. */
function graphOf(resources: readonly PolicyResource[]): Promise<Graph> {
  const key = resources.map(({ urn }) => urn).join();
  const known = graphs.get(key) ?? built(resources);
  graphs.set(key, known);
  return known;
}

async function built(resources: readonly PolicyResource[]): Promise<Graph> {
  const raw = nodewrightKeys(JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, unknown>);
  const told = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, read(String(value))]));
  return buildGraph(await Promise.all(resources.map(seen)), intentOf(STACK, told, registry));
}

/** The engine gives maps and lists as JSON, and all else as text. */
function read(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const policy = (rule: RuleText, check: (graph: Graph) => readonly Violation[]): StackValidationPolicy => ({
  name: rule.id,
  displayName: rule.title,
  description: `${rule.title}: ${rule.reason}`,
  enforcementLevel: levelOf(rule, settings),
  remediationSteps: rule.remedy,
  url: linkOf(rule),
  validateStack: async ({ resources }, report) => {
    const { violations } = judge(rule, check(await graphOf(resources)), settings, TODAY);
    for (const { message, resource } of violations)
      report(`${message}. ${rule.remedy} (${linkOf(rule)})`, resource.urn);
  },
});

const atStack = ({ stack }: Graph) => stack.of("pulumi:pulumi:Stack")[0] ?? { urn: "", name: STACK };

openOnce();

new PolicyPack("nodewright", {
  description: "Rules for TrustEVM nodes on Antelope chains, over the whole of a stack",
  policies: [
    ...rules.map((rule) => policy(rule, (graph) => rule.check(graph))),
    policy(EXCEPTION_EXPIRED, (graph) => expired(settings, TODAY, atStack(graph))),
  ],
});
