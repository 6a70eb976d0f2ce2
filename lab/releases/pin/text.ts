import type { Pinned } from "./pin";

const MOST_FILES = 12;
const size = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** What a pin did, for people. */
export function pinText(pinned: Pinned): string {
  const { found, entry, from } = pinned;
  const { debian, files } = found;
  const rows: [string, string][] = [
    ["from", from],
    ["size", `${size(found.bytes)} (${found.bytes} bytes)`],
    ["sha256", found.sha256],
    [
      "format",
      debian ? `Debian package ${debian.name} ${debian.version} (${debian.architecture})` : found.format,
    ],
    ...(debian && debian.scripts.length > 0
      ? [
          ["scripts", `${debian.scripts.join(", ")}: never run, hosts take the files alone`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(files.length > 0 ? [["files", filesText(pinned)] as [string, string]] : []),
    [
      "programs",
      Object.entries(entry.programs)
        .map(([name, { path }]) => `${name} (${path})`)
        .join(", "),
    ],
    ...(entry.packages
      ? [["packages", `${entry.packages.join(", ")}: hosts install them`] as [string, string]]
      : []),
    ["signature", entry.signature ? `good, by ${entry.signature.key}` : "none given"],
  ];
  return [
    `${entry.name} ${entry.version}`,
    ...rows.map(([key, value]) => `  ${key.padEnd(10)} ${value}`),
    ...outcome(pinned),
    "",
  ].join("\n");
}

function filesText({ found: { files } }: Pinned): string {
  const largest = [...files].sort((one, other) => other.bytes - one.bytes).slice(0, MOST_FILES);
  const rest = files.length - largest.length;
  return [
    ...largest.map(({ path, bytes }) => `${path} (${size(bytes)})`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join("\n             ");
}

function outcome({ comparison, entry, lock, isNewLock, isRecorded }: Pinned): string[] {
  const { verdict, before, takesOver, alarms } = comparison;
  const took = takesOver.map(({ name, programs }) => `  takes over from ${name}: ${programs.join(", ")}`);
  if (alarms.length > 0 && !isRecorded)
    return [
      ...alarms.map((alarm) => `ALARM: ${alarm}.`),
      "Nothing was recorded. Find out why, with whoever publishes it; if all is right, run this again with --accept-change.",
    ];
  if (verdict === "same") return [`${lock} has exactly this already; nothing was changed.`];
  if (!isRecorded) return [...took, `${lock} was not changed: this was a dry run.`];
  const change = before ? `${before.version} → ${entry.version}` : "added";
  return [
    ...alarms.map((alarm) => `accepted by you: ${alarm}.`),
    ...took,
    `recorded in ${lock}${isNewLock ? " (new: name it under nodewright:releases)" : ""}: ${entry.name} ${change}`,
  ];
}
