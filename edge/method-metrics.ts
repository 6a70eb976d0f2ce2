import { METHODS_TABLE, REFUSED, STEPS_MS } from "../components/core/edge/method-counts";
import { askHaproxy } from "./haproxy-socket";

interface MethodCounts {
  method: string;
  requests: number;
  refused: number;
  failed: number;
  /** Answers by the step that their time falls in. */
  steps: number[];
}

/** What HAProxy's table of methods says; a line that it does not know is none of a method. */
export function readCounts(table: string): MethodCounts[] {
  return table.split("\n").flatMap((line) => {
    const [, method] = /\bkey=(\S+)/.exec(line) ?? [];
    if (method === undefined) return [];
    const value = (name: string) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(line)?.[1] ?? 0);
    return [
      {
        method,
        requests: value("http_req_cnt"),
        refused: value(`gpc${REFUSED}`),
        failed: value("http_fail_cnt"),
        steps: [...STEPS_MS, Number.POSITIVE_INFINITY].map((_, step) => value(`gpc${step}`)),
      },
    ];
  });
}

/** In Prometheus' text format: a histogram has its steps one in the other, and no sum, which HAProxy cannot keep. */
export function printCounts(counts: readonly MethodCounts[]): string {
  const series = (name: string, type: string, of: (each: MethodCounts) => string[]) =>
    counts.length === 0 ? [] : [`# TYPE ${name} ${type}`, ...counts.flatMap(of)];
  const counter = (name: string, value: (each: MethodCounts) => number) =>
    series(name, "counter", (each) => [`${name}{method="${each.method}"} ${value(each)}`]);
  const seconds = [...STEPS_MS.map((each) => String(each / 1000)), "+Inf"];
  return [
    ...counter("nodewright_edge_requests_total", ({ requests }) => requests),
    ...counter("nodewright_edge_refused_total", ({ refused }) => refused),
    ...counter("nodewright_edge_failed_total", ({ failed }) => failed),
    ...series("nodewright_edge_answer_seconds", "histogram", ({ method, steps }) => {
      const upTo = (step: number) => steps.slice(0, step + 1).reduce((sum, each) => sum + each, 0);
      const labels = (end: string | undefined) => `{method="${method}",le="${end}"}`;
      return [
        ...steps.map(
          (_, step) => `nodewright_edge_answer_seconds_bucket${labels(seconds[step])} ${upTo(step)}`,
        ),
        `nodewright_edge_answer_seconds_count{method="${method}"} ${upTo(steps.length)}`,
      ];
    }),
    "",
  ].join("\n");
}

/** Empty where HAProxy cannot be asked: the rest of the figures is told all the same. */
export const methodMetrics = async (socket: string | undefined): Promise<string> =>
  socket === undefined
    ? ""
    : askHaproxy(socket, `show table ${METHODS_TABLE}`).then(
        (table) => printCounts(readCounts(table)),
        () => "",
      );
