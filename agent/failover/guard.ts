import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/**
 * What ends production where this process no longer can. systemd's watchdog kills an agent that is not heard, and with any
 * end but a good one of its unit, `ExecStopPost` kills nodeos, where this file says that it may make blocks.
 */
export interface Guard {
  /** To be called again and again; where it stops, the watchdog ends this process. */
  alive(): void;
  /** nodeos may make blocks from now on: before it is told to. Throws where nobody would watch over it in time. */
  arm(): Promise<void>;
  /** It makes none: after it said so. */
  disarm(): void;
  /** Ends this process, and by that nodeos, where it may make blocks. */
  abandon(reason: string): never;
  /** The same where it makes none. */
  endNodeos(reason: string): never;
}

/** Seconds without a word of the agent, until the watchdog ends it: while nodeos may make blocks, and while it may not. */
export interface Patience {
  armed: number;
  idle: number;
}

export const producingFile = (folder: string): string => `${folder}/producing`;

const READY = "READY=1";
const ALIVE = "WATCHDOG=1";
/** So many words in the time that the watchdog waits. */
const WORDS = 5;

/** Sends words to systemd; answers whether it has read them. */
export type Notify = (words: readonly string[]) => Promise<boolean>;

/**
 * `folder` is the unit's RuntimeDirectory: it goes with the unit. The watchdog is strict only while nodeos may make blocks: a
 * standby on a slow machine must not be ended again and again for what it does not do. systemd has read that it is strict
 * before `arm` answers, so there is no moment in which nodeos produces and the watchdog is patient.
 */
export function systemdGuard(folder: string, patience: Patience, notify: Notify = bySystemdNotify): Guard {
  const file = producingFile(folder);
  let [told, isReady, waiting] = [Number.NEGATIVE_INFINITY, false, 0];
  // One word after another: one that is overtaken could leave the watchdog patient.
  let last: Promise<unknown> = Promise.resolve();
  let state: keyof Patience = "idle";
  let isHeard = Promise.resolve(true);
  const say = (...words: string[]): Promise<boolean> => {
    waiting++;
    told = performance.now();
    const all = [...words, `WATCHDOG_USEC=${Math.round(patience[state] * 1e6)}`, ALIVE];
    const said = last.then(() => notify(all)).finally(() => waiting--);
    last = said;
    return said;
  };
  const abandon = (reason: string): never => {
    console.error(`left to the guard: ${reason}`);
    process.exit(70);
  };
  return {
    alive: () => {
      const everyMs = (patience[state] * 1000) / WORDS;
      if (waiting > 0 || performance.now() - told < everyMs) return;
      void say(...(isReady ? [] : [READY]));
      isReady = true;
    },
    arm: async () => {
      writeFileSync(file, "");
      if (state === "idle") {
        state = "armed";
        isHeard = say();
      }
      if (await isHeard) return;
      state = "idle";
      throw new Error("nodeos is not let produce: systemd did not hear that its watchdog is to be strict");
    },
    disarm: () => {
      rmSync(file, { force: true });
      if (state === "idle") return;
      state = "idle";
      void say();
    },
    abandon,
    endNodeos: (reason) => {
      writeFileSync(file, "");
      return abandon(reason);
    },
  };
}

/** Node.js has no datagrams of Unix sockets. `systemd-notify` waits until systemd has read what it says. */
function bySystemdNotify(words: readonly string[]): Promise<boolean> {
  if (!process.env.NOTIFY_SOCKET) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn("systemd-notify", words, { stdio: "ignore", timeout: 10_000, killSignal: "SIGKILL" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}
