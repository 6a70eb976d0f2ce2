import type { RecoveryRecord } from "./chain/record";
import { verificationText } from "./report-text";
import type { Safety } from "./safety";
import type { HostStatus } from "./status";

/** The status for people. */
export function statusTable(status: HostStatus): string {
  const { host, role, stack, bundle, previousBundles, services, verification } = status;
  const rows = services.map(({ name, unit, state, healthy, detail, peers }) => [
    healthy ? "ok" : "NOT OK",
    name,
    unit,
    state,
    [detail, ...(peers === undefined ? [] : [`${peers} peers`])].join(", "),
  ]);
  const awaited = (status.awaited ?? []).map(({ name, service, why }) => [
    "awaits",
    service,
    name,
    "not here yet",
    why,
  ]);
  const kept = previousBundles.map((each) => each.slice(0, 12)).join(", ") || "none";
  return [
    `${host} (${role}, ${stack})  bundle ${bundle.slice(0, 12)}  last provision ${lastProvision(status)}`,
    `can be taken back to: ${kept}`,
    ...columns([...rows, ...awaited]),
    ...preflightLines(status),
    ...(status.chain ? recoveryLines(status.chain) : []),
    ...safetyLines(status.safety),
    // The services have their lines above.
    ...(verification
      ? [
          verificationText({
            ...verification,
            checks: verification.checks.filter(({ name }) => name !== "services"),
          }),
        ]
      : []),
    "",
  ].join("\n");
}

/** What was not as it shall be, when it was looked before the last change. */
const preflightLines = ({ preflight }: HostStatus): string[] =>
  preflight?.checks.flatMap(({ verdict, name, detail }) =>
    verdict === "ok" ? [] : [`${verdict.padEnd(8)} ${name}: ${detail ?? ""}`],
  ) ?? [];

/** Nothing of a chain that never had to be recovered. */
function recoveryLines({ dirtyStarts, last, tries, stopped }: RecoveryRecord): string[] {
  const open = tries.at(-1);
  return [
    ...(dirtyStarts > 0 ? [`nodeos was found dirty ${dirtyStarts} times`] : []),
    ...(last
      ? [
          `last recovery ${last.begun}: by ${last.rung} in ${last.seconds?.toFixed(1) ?? "?"} s, since ${last.cause}`,
        ]
      : []),
    ...(open?.result === "running" ? [`recovery by ${open.rung} under way since ${open.begun}`] : []),
    ...(stopped
      ? [`NODEOS IS NOT STARTED since ${stopped.since}: ${stopped.reason}`, `  remedy: ${stopped.remedy}`]
      : []),
  ];
}

/** The last snapshot, backup and drill that came to a good end; what failed since has its line among the checks. */
const safetyLines = ({ snapshots, backups }: Safety): string[] => [
  ...(snapshots?.last
    ? [
        `last snapshot ${snapshots.last.taken}: block ${snapshots.last.block}, ${megabytes(snapshots.last.bytes)}`,
      ]
    : []),
  ...(backups?.last
    ? [
        `last backup   ${backups.last.time}: block ${backups.last.block}, ${megabytes(backups.last.bytes)}, ${megabytes(backups.last.addedBytes)} of it new`,
      ]
    : []),
  ...(backups?.drill ? [`last drill    ${backups.drill.time}: ${backups.drill.ok ? "ok" : "FAILED"}`] : []),
];

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function lastProvision({ lastProvision: last, bundle }: HostStatus): string {
  if (!last) return "none has ended";
  const at = last.at === undefined ? "" : ` at ${last.at}`;
  return `${last.result}${at} (${last.origin}, ${last.time}), ${last.changed} changed${last.bundle === bundle ? "" : ", another bundle"}`;
}

function columns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
