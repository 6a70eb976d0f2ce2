import type { FailoverStatus } from "./status";

/** For people: who holds, how each host is, and the last moves. */
export function failoverText(status: FailoverStatus): string {
  const { view, viewAgeSeconds } = status;
  const own = `${status.host}: ${status.phase}${status.term === undefined ? "" : `, term ${status.term}`}${
    status.leaseAgeSeconds === undefined ? "" : `, renewed ${status.leaseAgeSeconds.toFixed(1)} s ago`
  }`;
  if (!view) return `${own}\netcd has not answered yet: nothing is known of the others`;
  const { holder, watermark, order, hosts, maintenance, history } = view;
  return [
    own,
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
