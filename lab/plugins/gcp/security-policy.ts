import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { listOf, numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { Properties } from "../value";
import { KINDS } from "./kinds";
import { effectiveLabels, labelProblems } from "./labels";
import { idOf, nameIn, projectOf, selfLink } from "./place";
import { TOKENS } from "./tokens";
import { refuseWhileUsed } from "./use";

const LAST = 2_147_483_647;
const TYPES = ["CLOUD_ARMOR", "CLOUD_ARMOR_EDGE", "CLOUD_ARMOR_INTERNAL_SERVICE"];
const ACTION = /^(allow|throttle|rate_based_ban|redirect|deny\((403|404|502)\))$/;
const EXCEEDING = /^(redirect|deny\((403|404|429|502)\))$/;
/** Seconds (cloud.google.com/armor/docs/rate-limiting-overview). */
const INTERVALS = [10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600];
/** Requests in one of them, of a rule that throttles and of one that bans (the same page). */
const MOST = { throttle: 1_000_000, rate_based_ban: 10_000 } as const;
/** cloud.google.com/armor/quotas */
const RANGES = 10;
const EXPRESSION = 2048;
const LABELS = ["effectiveLabels", "pulumiLabels"];

/** `gcp:compute/securityPolicy:SecurityPolicy`, Cloud Armor's. */
export const securityPolicy: CloudType = {
  token: TOKENS.securityPolicy,
  // resource_compute_security_policy.go of the Terraform provider: rules are patched one by one.
  forceNew: ["name", "project", "type"],
  unordered: ["rules"],
  name: nameIn(KINDS.securityPolicy),
  check: (inputs) => {
    const type = textOf(inputs.type);
    return [
      ...labelProblems(inputs.labels),
      ...problem(
        type !== undefined && !TYPES.includes(type),
        "type",
        `expected one of ${TYPES.join(", ")}, got ${type}`,
      ),
      ...lastProblems(inputs),
      ...objectsOf(inputs.rules).flatMap((rule, index, rules) => ruleProblems(rule, index, rules)),
    ];
  },
  delete: (id, _state, world) => refuseWhileUsed(world, "security_policy", id, [TOKENS.backendService]),
  id: idOf(KINDS.securityPolicy),
  outputs: (id, inputs, world) => ({
    ...effectiveLabels(inputs.labels),
    ...{ selfLink: selfLink(id), project: projectOf(inputs, world), fingerprint: "", labelFingerprint: "" },
  }),
  computed: ["selfLink", "project", "fingerprint", "labelFingerprint", ...LABELS],
  changing: LABELS,
};

/** One that says any rule says the last one too. */
function lastProblems({ rules }: Properties): Problem[] {
  const stated = objectsOf(rules);
  const isKnown = stated.length > 0 && stated.every(({ priority }) => numberOf(priority) !== undefined);
  return problem(
    isKnown && !stated.some(({ priority }) => priority === LAST),
    "rules",
    `a default rule, of priority ${LAST} and for "*", must be among them`,
  );
}

function ruleProblems(rule: Properties, index: number, rules: readonly Properties[]): Problem[] {
  const at = `rules[${index}]`;
  const [priority, action] = [numberOf(rule.priority), textOf(rule.action)];
  return [
    ...problem(priority !== undefined && (priority < 0 || priority > LAST), `${at}.priority`, `0 to ${LAST}`),
    ...problem(
      priority !== undefined && rules.slice(0, index).some((other) => other.priority === priority),
      `${at}.priority`,
      "Cannot have rules with the same priority.",
    ),
    ...problem(action !== undefined && !ACTION.test(action), `${at}.action`, `'${action}' is no action`),
    ...matchProblems(rule, at),
    ...rateProblems(rule, action, at),
  ];
}

const matchProblems = (rule: Properties, at: string): Problem[] =>
  objectsOf(rule.match).flatMap((match) => {
    const [config] = objectsOf(match.config);
    const [expr] = objectsOf(match.expr);
    return [
      ...problem(
        (match.versionedExpr === undefined) === (match.expr === undefined),
        `${at}.match`,
        "either expr or versioned_expr must be specified",
      ),
      ...problem(
        match.versionedExpr !== undefined && config === undefined,
        `${at}.match.config`,
        "goes with versioned_expr",
      ),
      ...problem(
        listOf(config?.srcIpRanges).length > RANGES,
        `${at}.match.config.srcIpRanges`,
        `at most ${RANGES}`,
      ),
      ...problem(
        (textOf(expr?.expression) ?? "").length > EXPRESSION,
        `${at}.match.expr`,
        `at most ${EXPRESSION} characters`,
      ),
    ];
  });

function rateProblems(rule: Properties, action: string | undefined, at: string): Problem[] {
  const limits = action === "throttle" || action === "rate_based_ban" ? MOST[action] : undefined;
  const options = objectsOf(rule.rateLimitOptions);
  return [
    ...problem(
      action !== undefined && (limits !== undefined) !== (rule.rateLimitOptions !== undefined),
      `${at}.rateLimitOptions`,
      "go with throttle and rate_based_ban, and only with them",
    ),
    ...options.flatMap(({ conformAction, exceedAction, rateLimitThreshold }) => {
      const [threshold] = objectsOf(rateLimitThreshold);
      const [count, interval] = [numberOf(threshold?.count), numberOf(threshold?.intervalSec)];
      const exceed = textOf(exceedAction);
      const path = `${at}.rateLimitOptions`;
      return [
        ...problem(textOf(conformAction) !== "allow", `${path}.conformAction`, "must be allow"),
        ...problem(exceed !== undefined && !EXCEEDING.test(exceed), `${path}.exceedAction`, `not ${exceed}`),
        ...problem(
          count !== undefined && limits !== undefined && (count < 1 || count > limits),
          `${path}.rateLimitThreshold.count`,
          `must be from 1 to ${limits}`,
        ),
        ...problem(
          interval !== undefined && !INTERVALS.includes(interval),
          `${path}.rateLimitThreshold.intervalSec`,
          `expected one of ${INTERVALS.join(", ")}`,
        ),
      ];
    }),
  ];
}
