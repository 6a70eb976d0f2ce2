import type { System } from "../system";
import { noted, readRecovery, underWay, withEnd, writeRecovery } from "./record";
import { auditRecovery } from "./trail";

/** 128 + SIGKILL, SIGTERM, SIGINT, SIGHUP: somebody ended it, which says nothing about the chain. */
const FROM_OUTSIDE = [137, 143, 130, 129];
/** 128 + SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
const CRASHES = [132, 133, 134, 135, 136, 139];

/** Notes how nodeos ended: a try on the ladder that never answered has failed, and so has a plain start. */
export async function chainEnded(system: System, code: number, wasAsked: boolean): Promise<void> {
  const before = await readRecovery(system);
  const isOutside = wasAsked || FROM_OUTSIDE.includes(code);
  const reason = `nodeos ended with ${code} before it answered`;
  let record = before;
  if (underWay(record)) {
    record = withEnd(record, isOutside ? { result: "interrupted", reason } : { result: "failed", reason });
    const what = `recovery ${isOutside ? "interrupted" : "failed"}: ${reason}`;
    record = noted(record, system.now(), what);
    await auditRecovery(system, what, { result: "failed" });
  } else if (record.plain && !isOutside && code !== 0) {
    record = {
      ...record,
      plainFailures: record.plainFailures + 1,
      crashes: record.crashes + Number(CRASHES.includes(code)),
    };
  }
  if (record !== before || record.plain) await writeRecovery(system, { ...record, plain: false });
}
