import { type FailoverSettings, failoverPrefix } from "../../components/core/failover/settings";
import { watchdogSeconds } from "../../components/core/failover/timing";
import { askAnew } from "../chain/anew";
import { readText, writeAtomic } from "../disk";
import type { System } from "../system";
import { bootClock } from "./clock";
import { etcdClient } from "./etcd-client";
import { etcdStore } from "./etcd-store";
import type { Gate } from "./gate";
import { GroupStore } from "./group";
import { systemdGuard } from "./guard";
import { nodeosControl } from "./nodeos-control";
import type { FailoverStatus } from "./status";
import { superviseFailover } from "./supervise";

export interface FailoverRun {
  system: System;
  settings: FailoverSettings;
  gate: Gate;
  /** Of the unit alone, gone with it. */
  folder: string;
  /** Where to tell what is known. */
  statusFile: string;
  /** Where nodeos' start finds what its chain must have. */
  anewFile?: string;
  /** Folder on the disk that must not become full. */
  data: string;
  record(what: string): Promise<void>;
  say(line: string): void;
  /** Test only, see `Surroundings`. */
  fences?: boolean;
}

/** A nodeos that takes longer to tell how it is, is silent. */
const LEAST_LOOK_MS = 2_000;

/** The group of these settings in etcd, each request with a deadline that leaves time for a second one before the fence. */
export const groupOf = ({ stack, group, etcd, timing }: FailoverSettings): GroupStore =>
  new GroupStore(
    etcdStore(etcdClient(etcd, Math.floor((timing.fenceSeconds * 1000) / 3))),
    failoverPrefix(stack, group),
  );

/** Keeps the protocol on this host, with the real etcd, nodeos and systemd, until `signal` ends it. */
export function runFailover(run: FailoverRun, signal: AbortSignal): Promise<void> {
  const { system, settings, folder, statusFile, anewFile, data, ...rest } = run;
  const { stopSeconds } = settings.timing;
  const thirdMs = Math.floor((stopSeconds * 1000) / 3);
  return superviseFailover(
    {
      ...rest,
      settings,
      store: groupOf(settings),
      nodeos: nodeosControl(settings, {
        lookMs: Math.max(LEAST_LOOK_MS, thirdMs),
        tellMs: thirdMs,
      }),
      guard: systemdGuard(folder, watchdogSeconds(settings.timing)),
      clock: bootClock,
      diskFreePercent: async () => {
        const { freeBytes, totalBytes } = await system.space(data);
        return (freeBytes / totalBytes) * 100;
      },
      beginAnew: (from) => askAnew(system, from, anewFile),
      told: async () => {
        const text = await readText(system, statusFile);
        return text === undefined ? undefined : (JSON.parse(text) as FailoverStatus);
      },
      tell: async (status) => {
        await writeAtomic(system, statusFile, `${JSON.stringify(status)}\n`);
      },
    },
    signal,
  );
}
