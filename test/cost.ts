import { readFileSync } from "node:fs";

/** What a suite took, in seconds: of the clock, and of processors. Nothing of what containers did for it. */
export interface Cost {
  wall: number;
  cpu: number;
}

/** Linux tells times of processes in hundredths of a second. */
const TICKS = 100;
const SHOWN = 10;

/** From now on. Children count once they have ended. */
export function measureCost(): () => Cost {
  const [wall, cpu] = [performance.now(), processors()];
  return () => ({ wall: (performance.now() - wall) / 1000, cpu: processors() - cpu });
}

/** Seconds of processors that this process and the children which it waited for have taken. */
function processors(): number {
  const { user, system } = process.cpuUsage();
  const [utime, stime, ...children] = timesOf(process.pid);
  return utime === undefined || stime === undefined
    ? (user + system) / 1e6
    : (utime + stime + children.reduce((sum, ticks) => sum + ticks, 0)) / TICKS;
}

/** User and system time of a process, then the same of its children; nothing where the machine does not tell. */
function timesOf(pid: number): number[] {
  try {
    const told = readFileSync(`/proc/${pid}/stat`, "utf8");
    return told
      .slice(told.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 15)
      .map(Number);
  } catch {
    return [];
  }
}

export const add = (one: Cost, other: Cost): Cost => ({
  wall: one.wall + other.wall,
  cpu: one.cpu + other.cpu,
});

/** The suites that took most of the clock, the dearest first: those whose cost decides how long a whole run takes. */
export function dearest(costs: readonly (readonly [name: string, cost: Cost])[]): string {
  const rows = [...costs].sort(([, one], [, other]) => other.wall - one.wall).slice(0, SHOWN);
  const seconds = (value: number) => value.toFixed(0).padStart(7);
  const lines = rows.map(([name, { wall, cpu }]) => `${seconds(wall)} s ${seconds(cpu)} s   ${name}`);
  return ["    clock processors", ...lines, ""].join("\n");
}
