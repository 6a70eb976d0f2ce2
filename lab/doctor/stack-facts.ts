import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { hasErrors, printFindings, UserError } from "../../components/core/config/finding";
import { named } from "../../components/core/config/registry";
import { standInsOnPublicChain } from "../../components/core/plan/checks/stand-ins";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import { loadPlan } from "../../stacks/load";
import { type MissingSecret, missingSecrets } from "../../stacks/missing-secrets";
import { artifactPath, readStackFile, stackPath } from "../../stacks/stack-file";
import { findExecutable } from "../engine/place";
import { CLOUDS, type PluginName, sdkVersion } from "../engine/plugins";
import { releasesOf } from "../releases/fill";

/** What a stack is and has, as data. No value of a secret or of a credential is among it. */
export interface StackFacts {
  source: string;
  /** All its mistakes, as `npm run plan` tells them. Empty where there is none. */
  mistakes: string;
  warnings: number;
  /** Absent where there are mistakes. */
  planned?: PlannedFacts;
}

export interface PlannedFacts {
  plan: Plan;
  /** Why software in it would be refused on its chain. */
  standIns?: string;
  /** Absent where the stack locks them as a whole, so that no name can be seen. */
  missingSecrets?: MissingSecret[];
  /** What the mirror lacks, by name and version. */
  missingArtifacts: string[];
  /** Why the cloud could not know who asks. */
  noCredentials?: string;
  /** The cloud's plugin. Absent where the target is no cloud. */
  plugin?: { name: string; version: string; installed: boolean };
}

/** Reads a stack, and what is there for it. Changes nothing, asks no cloud. Throws a `UserError` for a stack that is not there. */
export function stackFacts(nameOrPath: string, environment: NodeJS.ProcessEnv): StackFacts {
  const { stack, source, raw, findings } = readStackFile(stackPath(nameOrPath));
  const loaded = raw ? loadPlan(stack, raw) : { findings: [] };
  const all = [...findings, ...loaded.findings];
  const plan = hasErrors(all) ? undefined : loaded.plan;
  return {
    source,
    mistakes: hasErrors(all)
      ? printFindings(
          source,
          all.filter(({ severity }) => severity === "error"),
        )
      : "",
    warnings: all.filter(({ severity }) => severity === "warning").length,
    ...(plan ? { planned: plannedFacts(plan, raw?.secrets, environment) } : {}),
  };
}

function plannedFacts(plan: Plan, secrets: unknown, environment: NodeJS.ProcessEnv): PlannedFacts {
  const standIns = standInsOnPublicChain(plan);
  const names = namesOf(secrets);
  const noCredentials = credentialsProblem(plan, environment);
  const plugin = pluginOf(plan, environment);
  return {
    plan,
    ...(standIns === undefined ? {} : { standIns }),
    ...(names === undefined ? {} : { missingSecrets: missingSecrets(plan, (name) => names.includes(name)) }),
    missingArtifacts: releasesOf(machinesOf(plan))
      .filter(({ sha256 }) => !existsSync(artifactPath(sha256)))
      .map(({ name, version }) => `${name} ${version}`),
    ...(noCredentials === undefined ? {} : { noCredentials }),
    ...(plugin ? { plugin } : {}),
  };
}

/** Names that a stack file has set; their values are locked. */
function namesOf(secrets: unknown): string[] | undefined {
  if (secrets === undefined || secrets === null) return [];
  const keys = Object.keys(secrets);
  // `pulumi config set --secret` without --path locks the whole map into one text.
  return keys.length === 1 && keys[0] === "secure" ? undefined : keys;
}

function credentialsProblem({ target }: Plan, environment: NodeJS.ProcessEnv): string | undefined {
  try {
    named(registry.targets, target.name).requireCredentials?.(target.config, environment);
    return undefined;
  } catch (cause) {
    if (cause instanceof UserError) return cause.message;
    throw cause;
  }
}

/** Where the engine keeps its plugins, or finds them on PATH. */
function pluginOf({ target }: Plan, environment: NodeJS.ProcessEnv): PlannedFacts["plugin"] {
  const name: PluginName | undefined = CLOUDS.find((cloud) => cloud === target.name);
  if (name === undefined) return undefined;
  const version = sdkVersion(name);
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const installed =
    existsSync(join(home, "plugins", `resource-${name}-v${version}`)) ||
    findExecutable(`pulumi-resource-${name}`, (environment.PATH ?? "").split(":")) !== undefined;
  return { name, version, installed };
}
