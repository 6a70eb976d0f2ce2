import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LOG_STORE_USER, LOGS } from "../components/core/services/log-store";
import type { Collector } from "./collectors";
import { list } from "./disk";
import { gauge } from "./metric";
import type { System } from "./system";

/** On a host that keeps the logs of the stack: when a line of each host last came, as the files' own times say. */
export const arrivalMetrics: Collector = async ({ system, document }) => {
  if (!document.units.some(({ name }) => name === `${LOG_STORE_USER}.service`)) return [];
  const samples = await Promise.all(
    (await list(system, LOGS)).sort().map(async (from) => ({
      labels: { from },
      value: Math.max(...(await timesIn(system, join(LOGS, from))), 0) / 1000,
    })),
  );
  return [
    gauge(
      "log_last_timestamp_seconds",
      "When the last line of a host's logs came here.",
      samples.filter(({ value }) => value > 0),
    ),
  ];
};

const timesIn = async (system: System, folder: string): Promise<number[]> =>
  Promise.all(
    (await list(system, folder).catch(() => [])).map(async (name) =>
      // A file may be turned over between the two calls.
      stat(system.path(join(folder, name))).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
