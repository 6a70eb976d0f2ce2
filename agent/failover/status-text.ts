import type { FailoverStatus } from "./status";

/** For people: who holds, how each host is, and the last moves. */
export function failoverText(status: FailoverStatus): string {
  const { view, viewAgeSeconds, stops, fenceSeconds } = status;
  const own = `${status.host}: ${status.phase}${status.term === undefined ? "" : `, term ${status.term}`}${
    status.leaseAgeSeconds === undefined ? "" : `, renewed ${status.leaseAgeSeconds.toFixed(1)} s ago`
  }`;
  if (!view)
    return [
      own,
      ...stopsText(stops, fenceSeconds),
      "etcd has not answered yet: nothing is known of the others",
    ].join("\n");
  const { holder, watermark, order, hosts, maintenance, history } = view;
  return [
    own,
    ...stopsText(stops, fenceSeconds),
    ...(status.note === undefined ? [] : [status.note]),
    `${status.producer} is produced for by ${holder ? `${holder.host} since ${holder.since}, term ${holder.term} (${holder.reason})` : "nobody"}`,
    ...(viewAgeSeconds !== undefined && viewAgeSeconds > 5
      ? [`etcd's quorum has not answered for ${viewAgeSeconds.toFixed(0)} s`]
      : []),
    ...(watermark
      ? [`last block made: ${watermark.number} ${watermark.id.slice(0, 16)} by ${watermark.host}`]
      : []),
    ...(order ? [`under way: ${order.kind} to ${order.host}, by ${order.by}`] : []),
    ...Object.entries(hosts).map(
      ([name, state]) =>
        `  ${name}: ${maintenance.includes(name) ? "maintenance" : state.phase}, head ${state.head?.number ?? "unknown"}${
          state.hindrances.length > 0 ? `; cannot take over: ${state.hindrances.join("; ")}` : ""
        }`,
    ),
    ...history
      .slice(-5)
      .map(({ time, host, from, reason }) => `${time} ${from ? `${from} -> ` : ""}${host}: ${reason}`),
  ].join("\n");
}

/** Once is a slow moment; more often, and the times do not suit the machine. */
function stopsText(stops: FailoverStatus["stops"], fenceSeconds: number): string[] {
  const last = stops.at(-1);
  if (!last) return [];
  const times = stops.length === 1 ? "once" : `${stops.length} times`;
  const hint =
    stops.length === 1
      ? ""
      : `. This host, its network or etcd's disks are too slow for a fence of ${fenceSeconds} s: mend that, or give it longer times (failover.timing, docs/failover.md)`;
  return [`stopped by itself ${times} in the last 15 minutes, last at ${last.time}: ${last.reason}${hint}`];
}
