import type { Problem } from "../check";
import type { CloudType } from "../cloud/cloud-type";
import { problem, textOf } from "../cloud/known";
import type { World } from "../cloud/world";
import type { Properties } from "../value";
import { googleError, nextNumber } from "./api";
import { projectOf } from "./place";
import { TOKENS } from "./tokens";

const ROLE = /^(?:roles\/[\w.]+|(?:projects|organizations)\/[^/]+\/roles\/[\w.]+)$/;
const MEMBER =
  /^(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain|deleted|principal|principalSet|projectOwner|projectEditor|projectViewer|iamMember):\S+)$/;

/** `gcp:serviceaccount/account:Account`. */
export const account: CloudType = {
  token: TOKENS.account,
  // resource_google_service_account.go of the Terraform provider.
  forceNew: ["accountId", "project"],
  name: {
    property: "accountId",
    // cloud.google.com/iam/docs/service-accounts-create: 6 to 30 characters, lower-case letters, digits and dashes.
    pattern: /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/,
    max: 30,
    scope: (inputs, world) => projectOf(inputs, world),
    taken: (name) =>
      googleError(409, `Service account ${name} already exists within project`, "alreadyExists").message,
  },
  check: (inputs) => [
    ...problem((textOf(inputs.displayName)?.length ?? 0) > 100, "displayName", "longer than 100 characters"),
    ...problem((textOf(inputs.description)?.length ?? 0) > 256, "description", "longer than 256 characters"),
  ],
  id: (inputs, world) => `projects/${projectOf(inputs, world)}/serviceAccounts/${emailOf(inputs, world)}`,
  outputs: (id, inputs, world) => {
    const email = emailOf(inputs, world);
    return {
      email,
      name: id,
      member: `serviceAccount:${email}`,
      project: projectOf(inputs, world),
      uniqueId: world.get(TOKENS.account, id)?.outputs.uniqueId ?? nextNumber(world),
    };
  },
  computed: ["email", "name", "member", "project", "uniqueId"],
};

function emailOf(inputs: Properties, world: World): string {
  return `${String(inputs.accountId)}@${projectOf(inputs, world)}.iam.gserviceaccount.com`;
}

/** `gcp:projects/iAMMember:IAMMember`. */
export const projectIamMember: CloudType = {
  token: TOKENS.projectIamMember,
  // A member never changes: IamMemberBaseSchema in tpgiamresource of the Terraform provider.
  forceNew: ["project", "role", "member", "condition"],
  check: memberProblems,
  create: refuseUnknownMember,
  id: (inputs) =>
    [inputs.project, inputs.role, inputs.member, conditionTitle(inputs)].filter(Boolean).join("/"),
  outputs: () => ({ etag: "BwY=" }),
  computed: ["etag"],
};

/** Role and member as every kind of IAM binding takes them. */
export function memberProblems(inputs: Properties): Problem[] {
  const [role, member] = [textOf(inputs.role), textOf(inputs.member)];
  return [
    ...problem(
      role !== undefined && !ROLE.test(role),
      "role",
      `Error 400: Role ${role} is not supported for this resource., badRequest`,
    ),
    ...problem(
      member !== undefined && !MEMBER.test(member),
      "member",
      `invalid value for member: must be allUsers, allAuthenticatedUsers, or a prefix such as user:, serviceAccount:, group: before a name; got "${member}"`,
    ),
  ];
}

/** Refuses a service account of this cloud that does not exist. */
export function refuseUnknownMember(inputs: Properties, world: World): void {
  const email = /^serviceAccount:(.+\.iam\.gserviceaccount\.com)$/.exec(String(inputs.member))?.[1];
  if (!email || email.includes("@gcp-sa-") || world.findBy(TOKENS.account, "email", email)) return;
  throw googleError(400, `Service account ${email} does not exist.`, "badRequest");
}

export function conditionTitle({ condition }: Properties): string | undefined {
  const title =
    typeof condition === "object" && condition !== null && "title" in condition ? condition.title : undefined;
  return textOf(title);
}
