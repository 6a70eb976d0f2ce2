import { type Rule, violation } from "../rule";

/** Tags that say whose a machine is, as each cloud lets them be written. DigitalOcean's have no value. */
const isOwner = (tag: string, stack: string): boolean =>
  /^(owner|team|nodewright[:.-]stack)\b/i.test(tag) || tag === `nodewright:${stack}`;
/** Machines that nobody tags: they are named in the stack file itself. */
const UNTAGGED = ["bare-metal"];

export const ownerMissing: Rule = {
  id: "owner-missing",
  level: "mandatory",
  title: "every machine says whose it is: by an owner, a team, or the stack that made it",
  reason: "nobody dares to stop a machine that nobody knows, and nobody pays its bill gladly",
  remedy: "add owner or team to target.<name>.tags (labels on Google Cloud and Docker)",
  check: ({ machines, intent }) =>
    machines
      .filter(({ cloud }) => !UNTAGGED.includes(cloud))
      .filter(({ tags }) => !Object.keys(tags).some((tag) => isOwner(tag, intent.stack)))
      .map(({ resource, host }) => violation(resource, `${host} has no tag that says whose it is`)),
};
