import type { AuditRecord } from "../../agent/audit";

export type TrailRecord = Pick<AuditRecord, "time" | "action" | "step" | "what">;

/** Seconds from a host's first boot to its verified state, and what they went for. */
export interface Birth {
  seconds: number;
  /** The system, cloud-init and the agent itself, until it made its first change. */
  boot: number;
  /** Artifacts: fetched, verified, unpacked. */
  download: number;
  /** Packages, users, files, units. */
  install: number;
  /** Units, until the host was verified. */
  start: number;
  /** Between runs: for secrets and later documents, which come over SSH. */
  wait: number;
}

const KINDS: Readonly<Record<string, "download" | "start">> = { artifacts: "download", services: "start" };

/**
 * Reads it off the audit trail: each record is written right before its change is made, so what follows one, up to the
 * next, is its step's; the record that ends a run ends its last step, which includes the verification.
 */
export function birthOf(born: Date, records: readonly TrailRecord[]): Birth {
  const sums = { boot: 0, download: 0, install: 0, start: 0, wait: 0 };
  let now = born.getTime();
  let at: keyof typeof sums = "boot";
  let end = now;
  for (const { time, action, step } of records) {
    const next = Date.parse(time);
    sums[at] += next - now;
    now = next;
    const isEnd = action === "provision";
    if (isEnd) end = next;
    at = action === "change" ? (KINDS[step ?? ""] ?? "install") : isEnd ? "wait" : at;
  }
  // What comes after the last run was no part of it.
  sums.wait -= now - end;
  const round = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
  const { boot, download, install, start, wait } = sums;
  return {
    seconds: round(end - born.getTime()),
    boot: round(boot),
    download: round(download),
    install: round(install),
    start: round(start),
    wait: round(wait),
  };
}
