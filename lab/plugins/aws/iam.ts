import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf, textsOf } from "../cloud/known";
import { isObject, type Properties } from "../value";
import { apiError, existing } from "./api-error";
import { ACCOUNT, awsType } from "./aws-type";
import * as tokens from "./tokens";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME = /^[\w+=,.@-]+$/;
const INLINE_POLICY_CHARACTERS = 10_240;
const POLICIES_PER_ROLE = 10;

/** A policy is a JSON object with statements; IAM calls anything else malformed. */
export function policyProblems(inputs: Properties, property: string): Problem[] {
  const value = inputs[property];
  const text = textOf(value);
  if (text === undefined) return [];
  const policy = parsed(text);
  return problem(
    !isObject(policy) || !("Statement" in policy),
    property,
    "contains an invalid JSON policy: MalformedPolicyDocument",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function taken(noun: string): (name: string) => string {
  return (name) => `api error EntityAlreadyExists: ${noun} with name ${name} already exists.`;
}

export const role: CloudType = awsType({
  token: tokens.ROLE,
  forceNew: ["name", "namePrefix", "path"],
  unordered: ["managedPolicyArns"],
  name: { property: "name", pattern: NAME, max: 64, taken: taken("Role") },
  check: (inputs) => policyProblems(inputs, "assumeRolePolicy"),
  delete: (id, state, world) => {
    const conflict = (what: string) =>
      apiError("IAM: DeleteRole", "DeleteConflict", `Cannot delete entity, must ${what} first.`);
    const profile = world.findBy(tokens.INSTANCE_PROFILE, "role", id);
    if (profile) throw conflict("remove roles from instance profile");
    if (state.forceDetachPolicies === true) return;
    if (world.findBy(tokens.ROLE_POLICY_ATTACHMENT, "role", id)) throw conflict("detach all policies");
    if (world.findBy(tokens.ROLE_POLICY, "role", id)) throw conflict("delete policies");
  },
  id: (inputs) => textOf(inputs.name) ?? "",
  arn: (id, inputs) => `arn:aws:iam::${ACCOUNT}:role${textOf(inputs.path) ?? "/"}${id}`,
  computed: ["createDate", "uniqueId"],
  outputs: (id) => ({ createDate: "2026-01-01T00:00:00Z", uniqueId: `AROA${id.toUpperCase()}` }),
});

export const rolePolicy: CloudType = awsType({
  token: tokens.ROLE_POLICY,
  forceNew: ["name", "namePrefix", "role"],
  name: { property: "name", pattern: NAME, max: 128, scope: (inputs) => textOf(inputs.role) ?? "" },
  check: (inputs) => [
    ...policyProblems(inputs, "policy"),
    ...problem(
      (textOf(inputs.policy)?.replaceAll(/\s/g, "").length ?? 0) > INLINE_POLICY_CHARACTERS,
      "policy",
      `LimitExceeded: Maximum policy size of ${INLINE_POLICY_CHARACTERS} bytes exceeded`,
    ),
  ],
  create: (inputs, world) => {
    existing(world, tokens.ROLE, inputs.role, "IAM: PutRolePolicy");
  },
  id: (inputs) => `${textOf(inputs.role)}:${textOf(inputs.name)}`,
});

export const rolePolicyAttachment: CloudType = awsType({
  token: tokens.ROLE_POLICY_ATTACHMENT,
  forceNew: ["policyArn", "role"],
  check: (inputs) => {
    const arn = textOf(inputs.policyArn);
    const isArn = arn === undefined || /^arn:aws[\w-]*:iam::(aws|\d{12}):policy\/.+/.test(arn);
    return problem(!isArn, "policyArn", `"${arn}" is an invalid ARN`);
  },
  create: (inputs, world) => {
    const operation = "IAM: AttachRolePolicy";
    const owner = existing(world, tokens.ROLE, inputs.role, operation);
    const attached = world.all(tokens.ROLE_POLICY_ATTACHMENT).filter((one) => one.inputs.role === owner.id);
    const count = attached.length + textsOf(owner.inputs.managedPolicyArns).length;
    if (count < POLICIES_PER_ROLE) return;
    throw apiError(
      operation,
      "LimitExceeded",
      `Cannot exceed quota for PoliciesPerRole: ${POLICIES_PER_ROLE}`,
    );
  },
  id: (inputs, world) => world.nextId(`${textOf(inputs.role)}-`, 12),
});

export const instanceProfile: CloudType = awsType({
  token: tokens.INSTANCE_PROFILE,
  forceNew: ["name", "namePrefix", "path"],
  name: { property: "name", pattern: NAME, max: 128, taken: taken("Instance Profile") },
  create: (inputs, world) => {
    if (inputs.role !== undefined) existing(world, tokens.ROLE, inputs.role, "IAM: AddRoleToInstanceProfile");
  },
  update: (_before, inputs, world) => {
    if (inputs.role !== undefined) existing(world, tokens.ROLE, inputs.role, "IAM: AddRoleToInstanceProfile");
  },
  id: (inputs) => textOf(inputs.name) ?? "",
  arn: (id, inputs) => `arn:aws:iam::${ACCOUNT}:instance-profile${textOf(inputs.path) ?? "/"}${id}`,
  computed: ["createDate", "uniqueId"],
  outputs: (id) => ({ createDate: "2026-01-01T00:00:00Z", uniqueId: `AIPA${id.toUpperCase()}` }),
});
