import { readText } from "../disk";
import { gauge, type Metric, plain } from "../metric";
import type { System } from "../system";
import { FAILOVER_STATE } from "./layout";
import type { FailoverStatus } from "./status";

/** Older than this, nobody keeps what is told there: then a host says nothing of itself, rather than that it holds. */
const FRESH_MS = 15_000;

/** A host's part in the turns of its group. None on a host that takes none. */
export async function failoverMetrics({ system }: { system: System }): Promise<Metric[]> {
  const text = await readText(system, FAILOVER_STATE);
  if (text === undefined) return [];
  const status = JSON.parse(text) as FailoverStatus;
  const isFresh = system.now().getTime() - Date.parse(status.time) < FRESH_MS;
  return isFresh ? metricsOf(status) : [];
}

function metricsOf({
  group,
  phase,
  hindrances,
  leaseAgeSeconds,
  missedSlots,
  view,
}: FailoverStatus): Metric[] {
  const ofGroup = (value: number): Metric["samples"] => [{ labels: { group }, value }];
  const term = view?.holder?.term ?? view?.history.at(-1)?.term;
  return [
    gauge(
      "failover_holder",
      "1 while this host holds production for its group.",
      ofGroup(Number(phase === "holder")),
    ),
    gauge(
      "failover_ready",
      "1 while this host may take production over.",
      ofGroup(Number(hindrances.length === 0)),
    ),
    gauge(
      "failover_lease_age_seconds",
      "Since the holder sent its last answered renewal.",
      plain(leaseAgeSeconds),
    ),
    gauge("failover_missed_slots", "Own slots in a row without a block, of the holder.", plain(missedSlots)),
    {
      name: "nodewright_failover_terms_total",
      help: "Times that production was taken, by any host of the group.",
      type: "counter",
      samples: term === undefined ? [] : ofGroup(term),
    },
  ];
}
