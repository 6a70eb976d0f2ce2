import { locked } from "../lock";
import { HostError, machine } from "../system";

/** What every command works with: this machine, and whoever reads the output. */
export const system = machine();
export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const sayJson = (value: unknown): void => say(JSON.stringify(value));

/** Work on the host itself: by root, one process at a time. */
export function locally<Result>(
  purpose: string,
  work: () => Promise<Result>,
  waitSeconds = 0,
): Promise<Result> {
  if (process.getuid?.() !== 0) throw new HostError("this changes the host: run it as root, with sudo say");
  return locked(system, purpose, work, waitSeconds);
}
