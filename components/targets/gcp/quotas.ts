import { z } from "zod";
import type { Plan } from "../../core/plan/plan";
import { machinesAtMost, type QuotaQuestions } from "../quotas";
import type { GcpConfig } from "./config";

const answer = z.object({
  quotas: z.array(z.object({ metric: z.string(), limit: z.number(), usage: z.number() })),
});
type Metrics = z.output<typeof answer>["quotas"];

export const quotasOf = ({ project, region }: GcpConfig, plan: Plan): QuotaQuestions => ({
  asks: [
    {
      command: "gcloud",
      words: ["compute", "regions", "describe", region, "--project", project, "--format", "json"],
    },
  ],
  read: ([described]) => {
    const { quotas } = answer.parse(described);
    const takes = coresBy(quotas, plan);
    return quotas.flatMap(({ metric, limit, usage }) => {
      const taken = takes.get(metric);
      return taken === undefined
        ? []
        : [{ what: `${metric} in ${region}`, limit, used: usage, takes: taken }];
    });
  },
});

/** A family has a metric of its own where the region lists one: `N2_CPUS`; the others share `CPUS`. */
function coresBy(quotas: Metrics, plan: Plan): Map<string, number> {
  const takes = new Map<string, number>();
  for (const { machine, cores } of machinesAtMost(plan)) {
    const own = `${machine.split("-")[0]?.toUpperCase()}_CPUS`;
    const metric = quotas.some((quota) => quota.metric === own) ? own : "CPUS";
    takes.set(metric, (takes.get(metric) ?? 0) + cores);
  }
  return takes;
}
