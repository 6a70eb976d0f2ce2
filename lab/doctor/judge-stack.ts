import { machinesOf, type Plan } from "../../components/core/plan/plan";
import type { Line } from "./line";
import type { MachineFacts } from "./machine-facts";
import { judgeQuotas, type Quotas } from "./quotas";
import type { PlannedFacts, StackFacts } from "./stack-facts";

const NOBODY_ASKED: Quotas = { unasked: "nobody asked" };

/** What stands between a stack file and its first `pulumi up`. */
export function judgeStack(
  stack: string,
  { source, mistakes, warnings, planned }: StackFacts,
  keys?: MachineFacts["agentKeys"],
  quotas: Quotas = NOBODY_ASKED,
): Line[] {
  if (!planned)
    return [
      {
        about: "stack",
        what: "stack file",
        state: "fix",
        said: mistakes,
        remedy: `correct them in ${source}`,
      },
    ];
  const file: Line = {
    about: "stack",
    what: "stack file",
    state: warnings > 0 ? "note" : "ok",
    said: `${source} holds${warnings > 0 ? `, with ${warnings} warnings` : ""}`,
    ...(warnings > 0 ? { remedy: `npm run plan -- ${stack} tells them` } : {}),
  };
  const { plan } = planned;
  // The lab makes keys and fetches artifacts itself; a container needs no account.
  return plan.target.name === "docker" ? [file] : [file, ...ofOthers(stack, planned, keys, quotas)];
}

const ofOthers = (
  stack: string,
  planned: PlannedFacts,
  keys: MachineFacts["agentKeys"],
  quotas: Quotas,
): Line[] => [
  software(planned),
  artifacts(stack, planned),
  secrets(planned),
  agent(planned.plan, keys),
  ...cloud(planned, quotas),
];

function software({ standIns, plan }: PlannedFacts): Line {
  const line = { about: "stack", what: "release lock" } as const;
  if (standIns !== undefined)
    return {
      ...line,
      state: "fix",
      said: standIns,
      remedy: "pin your own builds: npm run pin -- URL (docs/releases.md)",
    };
  const count = new Set(machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256)))
    .size;
  return { ...line, state: "ok", said: `${count} releases, each by its sha256` };
}

function artifacts(stack: string, { missingArtifacts }: PlannedFacts): Line {
  const line = { about: "stack", what: "mirror" } as const;
  return missingArtifacts.length === 0
    ? { ...line, state: "ok", said: "has every artifact" }
    : {
        ...line,
        state: "fix",
        said: `lacks ${missingArtifacts.join(", ")}`,
        remedy: `npm run mirror -- ${stack}`,
      };
}

function secrets({ missingSecrets }: PlannedFacts): Line {
  const line = { about: "stack", what: "secrets" } as const;
  if (missingSecrets === undefined)
    return {
      ...line,
      state: "unasked",
      said: "the stack locks them as one, so their names cannot be seen",
      remedy: "pulumi preview names those that are missing",
    };
  if (missingSecrets.length === 0) return { ...line, state: "ok", said: "all set" };
  return {
    ...line,
    state: "fix",
    said: `not set: ${missingSecrets.map(({ name }) => name).join(", ")}`,
    remedy: [...new Set(missingSecrets.map(({ remedy }) => remedy))].join("\n"),
  };
}

/** Only for people: changes log in with the secret ssh/private-key. */
function agent({ sshKeys }: Plan, keys: MachineFacts["agentKeys"]): Line {
  const line = { about: "access", what: "SSH agent" } as const;
  const bodyOf = (key: string) => key.split(" ")[1] ?? "";
  if (keys === undefined)
    return {
      ...line,
      state: "note",
      said: "none answers: a person cannot log in from here by one",
      remedy: "eval $(ssh-agent); ssh-add",
    };
  const held = keys.map(bodyOf);
  return sshKeys.some((key) => held.includes(bodyOf(key)))
    ? { ...line, state: "ok", said: "holds a key that hosts let in" }
    : {
        ...line,
        state: "note",
        said: "holds none of the stack's sshKeys",
        remedy: "ssh-add the private half of one",
      };
}

function cloud({ plan, plugin, noCredentials }: PlannedFacts, quotas: Quotas): Line[] {
  if (!plugin) return [];
  const { name, version, installed } = plugin;
  return [
    installed
      ? { about: "cloud", what: "plugin", state: "ok", said: `${name} ${version}` }
      : {
          about: "cloud",
          what: "plugin",
          state: "note",
          said: `${name} ${version} is not installed: pulumi downloads it; npm run preview takes a simulated cloud`,
          remedy: `pulumi plugin install resource ${name} ${version}`,
        },
    noCredentials === undefined
      ? {
          about: "cloud",
          what: "credentials",
          state: "ok",
          said: "limits" in quotas ? "the cloud took them" : "set; whether they hold, only the cloud can say",
        }
      : { about: "cloud", what: "credentials", state: "fix", said: noCredentials },
    ...judgeQuotas(noCredentials === undefined ? quotas : { unasked: "there are no credentials" }, {
      taken: taken(plan),
      where: plan.target.where,
    }),
  ];
}

/** Machines by type, with every pool at its largest. */
function taken({ hosts, pools }: Plan): string {
  const all = [
    ...hosts.map(({ machine }) => ({ machine, count: 1 })),
    ...pools.map(({ member, max }) => ({ machine: member.machine, count: max })),
  ];
  const counts = new Map<string, number>();
  for (const { machine, count } of all) counts.set(machine, (counts.get(machine) ?? 0) + count);
  return [...counts].map(([machine, count]) => `${count} × ${machine}`).join(", ");
}
