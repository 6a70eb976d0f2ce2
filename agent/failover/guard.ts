import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/**
 * What ends production where this process no longer can. systemd's watchdog kills an agent that is not heard, and with any
 * end but a good one of its unit, `ExecStopPost` kills nodeos, where this file says that it may make blocks.
 */
export interface Guard {
  /** To be called again and again; where it stops, the watchdog ends this process. */
  alive(): void;
  /** nodeos may make blocks from now on: before it is told to. */
  arm(): void;
  /** It makes none: after it said so. */
  disarm(): void;
  /** Ends this process, and by that nodeos. */
  abandon(reason: string): never;
}

export const producingFile = (folder: string): string => `${folder}/producing`;

const READY = "READY=1";
const ALIVE = "WATCHDOG=1";

/** `folder` is the unit's RuntimeDirectory: it goes with the unit. `stopSeconds`: how long the watchdog waits. */
export function systemdGuard(folder: string, stopSeconds: number): Guard {
  const file = producingFile(folder);
  const everyMs = (stopSeconds * 1000) / 5;
  let [told, isReady, isTelling] = [Number.NEGATIVE_INFINITY, false, false];
  return {
    alive: () => {
      if (isTelling || performance.now() - told < everyMs) return;
      told = performance.now();
      isTelling = true;
      void notify(isReady ? [ALIVE] : [READY, ALIVE]).finally(() => {
        isTelling = false;
      });
      isReady = true;
    },
    arm: () => writeFileSync(file, ""),
    disarm: () => rmSync(file, { force: true }),
    abandon: (reason) => {
      console.error(`left to the guard: ${reason}`);
      process.exit(70);
    },
  };
}

/** Node.js has no datagrams of Unix sockets. `systemd-notify` waits until systemd has read what it says. */
function notify(words: readonly string[]): Promise<void> {
  if (!process.env.NOTIFY_SOCKET) return Promise.resolve();
  return new Promise((resolve) => {
    const child = spawn("systemd-notify", words, { stdio: "ignore", timeout: 10_000, killSignal: "SIGKILL" });
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
}
