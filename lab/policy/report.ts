import { linkOf, type RuleText } from "../../policies/rule";

/** One finding, wherever it comes from. */
export interface Finding {
  rule: RuleText;
  level: "mandatory" | "advisory";
  /** URN of the resource that has to change. */
  urn: string;
  message: string;
}

/** What `npm run policy` has to say of one stack. */
export interface Report {
  stack: string;
  /** The stack's file, as a code host shows it: relative to the repository. */
  file: string;
  rules: readonly RuleText[];
  findings: readonly Finding[];
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** For people. */
export function printText({ stack, rules, findings }: Report): string {
  const mandatory = findings.filter(({ level }) => level === "mandatory");
  const line = ({ rule, level, urn, message }: Finding) =>
    `  ${level === "mandatory" ? "✗" : "!"} ${rule.id}  ${nameOf(urn)}\n      ${message}\n      why     ${rule.reason}\n      remedy  ${rule.remedy}\n      more    ${linkOf(rule)}`;
  const sorted = [...mandatory, ...findings.filter(({ level }) => level === "advisory")];
  const advice = findings.length - mandatory.length;
  const verdict =
    findings.length === 0
      ? `${stack}: all ${rules.length} rules hold`
      : `${stack}: ${mandatory.length} refused, ${advice} advised, by ${rules.length} rules`;
  return [...sorted.map(line), verdict, ""].join("\n");
}

/** Static Analysis Results Interchange Format 2.1.0 (OASIS), as GitHub and others show it beside the code. */
export const sarifOf = ({ file, rules, findings }: Report): unknown => ({
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
  runs: [
    {
      tool: {
        driver: {
          name: "nodewright-policies",
          rules: rules.map((rule) => ({
            id: rule.id,
            shortDescription: { text: rule.title },
            fullDescription: { text: rule.reason },
            help: { text: `${rule.remedy} (${linkOf(rule)})` },
            defaultConfiguration: { level: sarifLevel(rule.level) },
          })),
        },
      },
      results: findings.map(({ rule, level, urn, message }) => ({
        ruleId: rule.id,
        ruleIndex: rules.findIndex(({ id }) => id === rule.id),
        level: sarifLevel(level),
        message: { text: message },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 1 } },
            logicalLocations: [{ name: nameOf(urn), fullyQualifiedName: urn, kind: "resource" }],
          },
        ],
        // The same finding at the next run is the same one, whatever its text says by then.
        partialFingerprints: { "nodewright/v1": `${rule.id}:${urn}` },
      })),
    },
  ],
});

const sarifLevel = (level: Finding["level"]): "error" | "warning" =>
  level === "mandatory" ? "error" : "warning";

/** JUnit's XML, each rule a case: what fails has its findings as text. Advice is output of a case that passed. */
export function junitOf({ stack, rules, findings }: Report): string {
  const cases = rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule.id === rule.id);
    const text = own.map(({ urn, message }) => `${nameOf(urn)}: ${message}`).join("\n");
    const fails = own.some(({ level }) => level === "mandatory");
    const inner = fails
      ? `<failure message="${escaped(rule.title)}" type="${rule.id}">${escaped(text)}</failure>`
      : own.length > 0
        ? `<system-out>${escaped(text)}</system-out>`
        : "";
    return {
      fails,
      xml: `  <testcase classname="policies.${escaped(stack)}" name="${rule.id}">${inner}</testcase>`,
    };
  });
  const failures = cases.filter(({ fails }) => fails).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="policies ${escaped(stack)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`,
    ...cases.map(({ xml }) => xml),
    "</testsuite>",
    "",
  ].join("\n");
}

/** For XML, which also has no letters below a space but three (XML 1.0, 2.2). */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
