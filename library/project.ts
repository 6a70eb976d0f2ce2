import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Registry } from "../components/core/config/registry";
import { machinesOf, type Plan } from "../components/core/plan/plan";
import { registry as ours } from "../components/registry";
import { type Filled, fillMirror, releasesOf } from "../lab/releases/fill";
import type { Rule } from "../policies/rule";
import { rules as ourRules } from "../policies/rules";
import { deploy, toldPlainly } from "../stacks/deploy";
import { planOf } from "../stacks/load";
import { stackJsonSchema } from "../stacks/schema";

/** A team's own Pulumi project. */
export interface ProjectArgs {
  /** Where its Pulumi.yaml lies: `__dirname`. Stack files name their release lock from here. */
  folder: string;
  /** What its stack files can name. Default: what this package brings. */
  registry?: Registry;
  /** Where artifacts lie. Default: NODEWRIGHT_MIRROR, else `.nodewright/mirror` in the folder. */
  mirror?: string;
}

/** What can be done with the stacks of a project. Each throws a `UserError` with every mistake of a stack file. */
export interface Project {
  /** The program of a stack, for its entry: `export = project.deploy()`. Runs on the engine alone. */
  deploy(): Promise<Record<string, unknown>>;
  /** What a stack comes to, by its name or its file's path. Touches nothing. Warnings are text, empty where there are none. */
  plan(stack: string): { plan: Plan; warnings: string };
  /** Fetches what the hosts of stacks install, each verified by its sha256. Before the first `pulumi up` on a cloud. */
  fillMirror(stacks: readonly string[], progress?: (line: string) => void): Promise<Filled>;
  /** JSON schema of its stack files, for editors. */
  schema(): Record<string, unknown>;
  /**
   * The program of a policy pack, for its entry: this package's rules and the team's own. `file`: levels and exceptions,
   * default `policies.yaml` in the folder. Runs on the engine alone, and needs `@pulumi/policy`.
   */
  policies(own?: { rules?: readonly Rule[]; file?: string }): void;
}

/** A project over this package: its folder, and a registry with what it adds. Reads nothing before it is asked. */
export function project({ folder, registry = ours, mirror }: ProjectArgs): Project {
  const artifacts = resolve(folder, mirror ?? process.env.NODEWRIGHT_MIRROR ?? join(".nodewright", "mirror"));
  const plan = (stack: string) => planOf(stack, { registry, folder, stacks: stackFolder(folder) });
  return {
    deploy: () =>
      toldPlainly(deploy({ registry, folder, files: (sha256: string) => join(artifacts, sha256) })),
    plan,
    fillMirror: (stacks, progress = () => {}) => {
      const hosts = stacks.flatMap((stack) => machinesOf(plan(stack).plan));
      mkdirSync(artifacts, { recursive: true });
      return fillMirror({ releases: releasesOf(hosts), mirror: artifacts, progress });
    },
    schema: () => stackJsonSchema(registry),
    policies: ({ rules = [], file = "policies.yaml" } = {}) => {
      // Here and not above: only a policy pack has the SDK of policies.
      const { declarePack } =
        require("../policies/declare-pack") as typeof import("../policies/declare-pack");
      declarePack({ registry: () => registry, rules: [...ourRules, ...rules], file: resolve(folder, file) });
    },
  };
}

/** Where Pulumi looks for stack files: as the project's own file says, else beside it. */
function stackFolder(folder: string): string {
  const file = join(folder, "Pulumi.yaml");
  const settings = existsSync(file) ? (parse(readFileSync(file, "utf8")) as { stackConfigDir?: string }) : {};
  return join(folder, settings.stackConfigDir ?? ".");
}
