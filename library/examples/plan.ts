import {
  buildPlan,
  checkPlan,
  documentFor,
  emitBirth,
  explain,
  hasErrors,
  loadReleases,
  machinesOf,
  named,
  parseConfig,
  printFindings,
  registry,
  UserError,
} from "nodewright";

/** The keys of a stack file, without their prefix. */
export const SETTINGS = {
  network: "lab",
  target: { docker: {} },
  hosts: { seed: { role: "seed" }, producer: { role: "validator", producer: "eosio" } },
};

/** From settings to a plan, or to everything that is wrong with them. Pure but for the release lock, which is a file. */
export function planned(raw: Record<string, unknown>) {
  const { config, findings, whole } = parseConfig(raw, registry);
  if (!config) throw new UserError(printFindings("settings", findings));
  const { releases, findings: unpinned } = loadReleases(config.releases);
  const { plan, findings: unplaced } = buildPlan({ stack: "example", config, releases }, registry);
  const found = [...findings, ...unpinned, ...unplaced];
  const all = [
    ...found,
    ...checkPlan({ plan, config, registry, releases, whole: whole && !hasErrors(found) }),
  ];
  if (hasErrors(all)) throw new UserError(printFindings("settings", all));
  return { plan, warnings: printFindings("settings", all) };
}

/** What a person reads, and what each machine is born with. */
export function shown(raw: Record<string, unknown>) {
  const { plan } = planned(raw);
  return {
    text: explain(plan),
    where: named(registry.targets, plan.target.name).summary,
    units: machinesOf(plan).map((host) => documentFor(plan, host).units.map(({ name }) => name)),
    userData: plan.hosts.map((host) => emitBirth(plan, host).userData),
  };
}
