import { type Finding, hasErrors, printFindings, UserError } from "../components/core/config/finding";
import { parseConfig } from "../components/core/config/parse";
import type { Registry } from "../components/core/config/registry";
import { buildPlan } from "../components/core/plan/build-plan";
import { checkPlan } from "../components/core/plan/checks";
import { checkBegin } from "../components/core/plan/checks/begin";
import type { Plan, PlanInput } from "../components/core/plan/plan";
import { registry as ours } from "../components/registry";
import { loadReleases } from "./releases";
import { PROJECT, readStackFile, stackPath } from "./stack-file";

type Asked = Pick<PlanInput, "relays" | "evmBegin">;

export interface Loaded {
  findings: Finding[];
  /** Set where the stack has no mistakes. */
  plan?: Plan;
}

/** In place of what this repository brings: a team's own. */
interface LoadOptions extends Asked {
  registry?: Registry;
  /** The project's folder, from which a stack file names its release lock. */
  folder?: string;
}

/** Reads a stack file down to its plan, or to everything that is wrong with it. Throws a `UserError` with all mistakes. */
export function planOf(
  nameOrPath: string,
  { stacks, ...options }: Omit<LoadOptions, keyof Asked> & { stacks?: string } = {},
): { plan: Plan; warnings: string } {
  const file = readStackFile(stackPath(nameOrPath, stacks));
  const { plan, findings } = file.raw ? loadPlan(file.stack, file.raw, options) : { findings: [] };
  const all = [...file.findings, ...findings];
  const text = printFindings(file.source, all);
  if (!plan || hasErrors(all)) throw new UserError(text);
  return { plan, warnings: text };
}

/** From the raw `nodewright:` keys of a stack to its plan, or to everything that is wrong with them. */
export function loadPlan(
  stack: string,
  raw: Record<string, unknown>,
  { registry = ours, folder = PROJECT, ...asked }: LoadOptions = {},
): Loaded {
  const { findings, config, whole } = parseConfig(raw, registry);
  if (!config) return { findings };
  const { releases, findings: releaseFindings } = loadReleases(config.releases, folder);
  const { plan, findings: unplaced } = buildPlan({ stack, config, releases, ...asked }, registry);
  const all = [
    ...findings,
    ...releaseFindings,
    ...unplaced,
    ...(config.chain ? checkBegin(plan.network, config.chain, asked.evmBegin) : []),
    ...checkPlan({
      plan,
      config,
      registry,
      releases,
      whole: whole && releaseFindings.length === 0 && !hasErrors(unplaced),
    }),
  ];
  return hasErrors(all) ? { findings: all } : { findings: all, plan };
}
