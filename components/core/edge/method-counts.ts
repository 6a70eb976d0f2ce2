import type { HaproxySection } from "../services/service";
import type { EdgePlan } from "./edge-plan";

/** Upper ends, in ms, of the steps that the time of an answer is counted in; the last step has none. */
export const STEPS_MS: readonly number[] = [10, 100, 1000];

/** The counter after those of the steps: calls that were one too many. */
export const REFUSED = STEPS_MS.length + 1;

/** The table's name, for whoever reads it (edge/method-metrics.ts). */
export const METHODS_TABLE = "methods";

/** More names than the catalog has; an unknown one is counted as `-`, so nobody fills it. */
const SIZE = 512;

/**
 * Rate, failures and time of each method, counted in HAProxy itself: most calls go past the gateway. A batch counts as one,
 * under `batch`.
 */
export const methodTable = ({ state }: EdgePlan): HaproxySection[] =>
  state
    ? [
        {
          kind: "backend",
          name: METHODS_TABLE,
          lines: [
            [
              ...["stick-table", "type", "string", "len", "64", "size", String(SIZE)],
              ...["store", `http_req_cnt,http_fail_cnt,gpc(${REFUSED + 1})`],
            ],
          ],
        },
      ]
    : [];

/**
 * Counts a call under its name, `txn.method`, and the time since `txn.at`, in microseconds, when the answer comes. Refusals have no
 * time: nobody waited for a node.
 */
export function methodCounts({ state }: EdgePlan, refused: readonly string[]): string[][] {
  if (!state) return [];
  const edges = [0, ...STEPS_MS];
  return [
    ["http-request", "track-sc2", "var(txn.method)", "table", METHODS_TABLE],
    ["http-request", `sc-inc-gpc(${REFUSED},2)`, ...refused],
    ["http-response", "set-var(txn.took)", "date(0,us),sub(txn.at),div(1000)"],
    ...edges.map((from, step) => {
      const to = edges[step + 1];
      const within = to === undefined ? ["ge", String(from)] : [`${from}:${to - 1}`];
      return [
        "http-response",
        `sc-inc-gpc(${step},2)`,
        "if",
        "{",
        "var(txn.took)",
        "-m",
        "int",
        ...within,
        "}",
      ];
    }),
  ];
}

/** The socket by which the gateway reads what was counted. */
export const countsSocket = ({ state }: EdgePlan): string[][] =>
  state
    ? [
        [
          ...["stats", "socket", `${state.folder}/stats.sock`, "level", "operator"],
          ...(state.readers === undefined ? ["mode", "600"] : ["mode", "660", "group", state.readers]),
        ],
      ]
    : [];
