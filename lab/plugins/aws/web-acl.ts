import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { numberOf, objectsOf, problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import { isObject, type Properties } from "../value";
import { apiError, busyError, existingArn } from "./api-error";
import { ACCOUNT, awsType, kept, regionOf } from "./aws-type";
import * as tokens from "./tokens";

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const RATE = { least: 10, most: 2_000_000_000, windows: [60, 120, 300, 600] };
/** Of one custom response (https://docs.aws.amazon.com/waf/latest/developerguide/limits.html). */
const BODY_BYTES = 4096;
/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
const NAME = /^[\w-]{1,128}$/;
const METRIC = /^[\w#:./-]{1,128}$/;
const SCOPES = ["REGIONAL", "CLOUDFRONT"];

/** The members of nested objects: of lists each one's. */
const below = (value: unknown, ...path: readonly string[]): Properties[] =>
  path.reduce((found, key) => found.flatMap((each) => objectsOf(each[key])), objectsOf(value));

const arnOfList = (id: string, inputs: Properties, world: World) =>
  `arn:aws:wafv2:${regionOf(inputs, world)}:${ACCOUNT}:regional/webacl/${textOf(inputs.name)}/${id}`;

export const webAcl: CloudType = awsType({
  token: tokens.WEB_ACL,
  forceNew: ["name", "namePrefix", "scope"],
  unordered: ["rules", "customResponseBodies"],
  name: {
    property: "name",
    pattern: NAME,
    max: 128,
    scope: regionOf,
    taken: () =>
      "api error WAFDuplicateItemException: AWS WAF could not perform the operation because some resource in your request is a duplicate of an existing one.",
  },
  check: (inputs) => [
    ...problem(
      !SCOPES.includes(textOf(inputs.scope) ?? "REGIONAL"),
      "scope",
      `expected ${SCOPES.join(", ")}`,
    ),
    ...visibilityProblems(inputs, "visibilityConfig"),
    ...bodyProblems(inputs),
    ...ruleProblems(inputs),
  ],
  delete: (id, _state, world) => {
    const arn = world.get(tokens.WEB_ACL, id)?.outputs.arn;
    const isUsed = world.all(tokens.WEB_ACL_ASSOCIATION).some(({ inputs }) => inputs.webAclArn === arn);
    if (!isUsed) return;
    throw busyError(
      "WAFV2: DeleteWebACL",
      "WAFAssociatedItemException",
      "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
    );
  },
  id: (_inputs, world) => world.nextId("", 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  arn: (id, inputs, world) =>
    kept(world, tokens.WEB_ACL, id, "arn", () => arnOfList(id, inputs, world)) as string,
  computed: ["capacity", "applicationIntegrationUrl"],
  outputs: (_id, inputs) => ({
    // A rate-based rule takes 2 (AWS WAF Developer Guide, "Rate-based rule statement").
    capacity: 2 * below(inputs, "rules", "statement", "rateBasedStatement").length,
    applicationIntegrationUrl: "",
  }),
});

function visibilityProblems(of: Properties, path: string): Problem[] {
  return below(of, "visibilityConfig").flatMap(({ metricName }) => {
    const name = textOf(metricName);
    return problem(
      name !== undefined && !METRIC.test(name),
      `${path}.metricName`,
      "1 to 128 of A–Z, a–z, 0–9, -, _, #, :, . and /",
    );
  });
}

const bodyProblems = (inputs: Properties): Problem[] =>
  objectsOf(inputs.customResponseBodies).flatMap(({ content }, index) => {
    const size = Buffer.byteLength(textOf(content) ?? "");
    return problem(
      size > BODY_BYTES,
      `customResponseBodies[${index}].content`,
      `${size} bytes are over ${BODY_BYTES}`,
    );
  });

function ruleProblems(inputs: Properties): Problem[] {
  const rules = objectsOf(inputs.rules);
  const bodies = objectsOf(inputs.customResponseBodies).map(({ key }) => key);
  return rules.flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const earlier = rules.slice(0, index);
    const isTwin = (key: string) =>
      rule[key] !== undefined && earlier.some((other) => other[key] === rule[key]);
    return [
      ...problem(isTwin("name"), `${path}.name`, "stands twice"),
      ...problem(isTwin("priority"), `${path}.priority`, "stands twice"),
      ...problem(
        !isObject(rule.action) && !isObject(rule.overrideAction),
        `${path}.action`,
        "one of `action`,`override_action` must be specified",
      ),
      ...visibilityProblems(rule, `${path}.visibilityConfig`),
      ...rateProblems(rule, `${path}.statement.rateBasedStatement`),
      ...below(rule, "action", "block", "customResponse").flatMap((answer) =>
        answerProblems(answer, `${path}.action.block.customResponse`, bodies),
      ),
    ];
  });
}

const rateProblems = (rule: Properties, path: string): Problem[] =>
  below(rule, "statement", "rateBasedStatement").flatMap(({ limit, evaluationWindowSec }) => {
    const [most, window] = [numberOf(limit), numberOf(evaluationWindowSec)];
    return [
      ...problem(
        most !== undefined && (most < RATE.least || most > RATE.most),
        `${path}.limit`,
        `expected to be in the range (${RATE.least} - ${RATE.most})`,
      ),
      ...problem(
        window !== undefined && !RATE.windows.includes(window),
        `${path}.evaluationWindowSec`,
        `expected one of ${RATE.windows.join(", ")}`,
      ),
    ];
  });

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CustomResponse.html */
function answerProblems(answer: Properties, path: string, bodies: readonly unknown[]): Problem[] {
  const { responseCode, customResponseBodyKey: key } = answer;
  const code = numberOf(responseCode);
  const headers = objectsOf(answer.responseHeaders).map(({ name }) => textOf(name)?.toLowerCase());
  return [
    ...problem(
      code !== undefined && (code < 200 || code > 599),
      `${path}.responseCode`,
      "must be 200 to 599",
    ),
    ...problem(
      textOf(key) !== undefined && !bodies.includes(key),
      `${path}.customResponseBodyKey`,
      `no custom response body has the key ${textOf(key)}`,
    ),
    ...problem(headers.includes("content-type"), `${path}.responseHeaders`, "content-type cannot be given"),
    ...problem(
      new Set(headers).size < headers.length,
      `${path}.responseHeaders`,
      "duplicate header names are not allowed",
    ),
  ];
}

export const webAclAssociation: CloudType = awsType({
  token: tokens.WEB_ACL_ASSOCIATION,
  forceNew: ["resourceArn", "webAclArn"],
  create: (inputs, world) => {
    const operation = "WAFV2: AssociateWebACL";
    const list = existingArn(world, tokens.WEB_ACL, inputs.webAclArn, operation);
    const balancer = existingArn(world, tokens.LOAD_BALANCER, inputs.resourceArn, operation);
    const kind = textOf(balancer.inputs.loadBalancerType) ?? "application";
    if (kind === "application" && list.inputs.scope === "REGIONAL") return;
    throw apiError(
      operation,
      "WAFInvalidParameterException",
      "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN",
    );
  },
  id: ({ webAclArn, resourceArn }) => `${textOf(webAclArn)},${textOf(resourceArn)}`,
});
