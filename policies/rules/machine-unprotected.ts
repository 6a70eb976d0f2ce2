import { type Rule, violation } from "../rule";

export const machineUnprotected: Rule = {
  id: "machine-unprotected",
  level: "mandatory",
  title: "the cloud refuses to delete a machine that keeps the chain, where it can refuse",
  reason: "a click in the console, or a script of another team, must not end a producer",
  remedy: "set disableApiTermination (AWS) or deletionProtection (Google Cloud); nodewright:protect does",
  check: ({ machines, intent }) =>
    machines
      .filter(({ refusesDeletion }) => refusesDeletion === false)
      .filter(({ role }) => role !== undefined && intent.stateful.includes(role))
      .map(({ resource, host }) =>
        violation(resource, `the machine of ${host} may be deleted by anyone with access`),
      ),
};
