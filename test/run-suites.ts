import { fork } from "node:child_process";
import { join } from "node:path";
import Mocha from "mocha";

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What came of each suite's file. */
export type Tallies = Map<string, Tally>;

const nothing = (): Tally => ({ passed: 0, failed: 0, skipped: 0 });
const CRASHED: Tally = { passed: 0, failed: 1, skipped: 0 };

/** Of a test, or of a hook, which knows its suite alone. */
const fileOf = ({ file, parent }: Mocha.Runnable): string => file ?? parent?.file ?? "";

/** Runs suites in this process, one after the other. */
export function runHere(files: readonly string[]): Promise<Tallies> {
  const mocha = new Mocha({
    reporter: "spec",
    timeout: 60_000,
    slow: 10_000,
    color: process.stdout.isTTY === true,
  });
  for (const file of files) mocha.addFile(file);
  const tallies: Tallies = new Map(files.map((file) => [file, nothing()]));
  const count = (kind: keyof Tally) => (test: Mocha.Runnable) => {
    const file = fileOf(test);
    const tally = tallies.get(file) ?? nothing();
    tallies.set(file, { ...tally, [kind]: tally[kind] + 1 });
  };
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(tallies))
      .on("pass", count("passed"))
      .on("fail", count("failed"))
      .on("pending", count("skipped"));
  });
}

/** Runs one suite in a process of its own, which knows nothing of suites before it. */
export function runApart(file: string, output: "inherit" | "ignore" = "inherit"): Promise<Tally> {
  const child = fork(join(__dirname, "one-suite.ts"), [file], {
    execArgv: ["--require", "tsx/cjs"],
    stdio: ["ignore", output, output, "ipc"],
  });
  return new Promise((resolve) => {
    let tally = CRASHED;
    child.on("message", (told) => {
      tally = told as Tally;
    });
    child.on("close", () => resolve(tally));
  });
}

export const sum = (tallies: Iterable<Tally>): Tally =>
  [...tallies].reduce(
    (all, { passed, failed, skipped }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
    }),
    nothing(),
  );
