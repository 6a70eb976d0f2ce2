import { existsSync, readFileSync } from "node:fs";
import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import type { Registry } from "../components/core/config/registry";
import type { Graph } from "./graph";
import { EXCEPTION_EXPIRED, expired, judge } from "./judge";
import { linkOf, type Rule, type RuleText, type Violation } from "./rule";
import { takeStack } from "./sent-stack";
import { levelOf, type Settings, settingsFor } from "./settings";
import { updateRules } from "./updates";

export interface PackArgs {
  /** What stack files can name. Asked for when the engine has begun its program, which then need not wait for it. */
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
  const graphOf = once(() => {
    const { graphOfStack } = require("./graph-of-stack") as typeof import("./graph-of-stack");
    return graphOfStack(stack, registry());
  });
  const sent = takeStack(() => quietly(graphOf));
  const policy = (rule: RuleText, check: (graph: Graph) => readonly Violation[]): StackValidationPolicy => ({
    ...textOf(rule, settings),
    validateStack: (_, report) => {
      const { violations } = judge(rule, check(graphOf()(sent())), settings, today);
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

/** What is made when it is first asked for. */
function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whoever asks in earnest is told what is wrong. */
function quietly(ask: () => unknown): void {
  try {
    ask();
  } catch {}
}
