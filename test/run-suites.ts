import { fork } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Mocha from "mocha";
import { PROJECT } from "../stacks/stack-file";
import { add, type Cost, measureCost } from "./cost";

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Each failed test or hook by its whole name, with what it said. */
  failures: { title: string; message: string }[];
  cost: Cost;
}

/** What came of each suite's file. */
export type Tallies = Map<string, Tally>;

const nothing = (): Tally => ({ passed: 0, failed: 0, skipped: 0, failures: [], cost: { wall: 0, cpu: 0 } });

const lost = (): Tally => ({
  ...nothing(),
  failed: 1,
  failures: [{ title: "its process", message: "ended before it told what came of the suite" }],
});

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
  const tallyOf = (test: Mocha.Runnable): Tally => {
    const file = fileOf(test);
    const tally = tallies.get(file) ?? nothing();
    tallies.set(file, tally);
    return tally;
  };
  let measured = measureCost();
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(tallies))
      .on("suite", ({ parent }) => {
        if (parent?.root) measured = measureCost();
      })
      .on("suite end", ({ parent, file }) => {
        const tally = parent?.root && file !== undefined ? tallies.get(file) : undefined;
        if (tally) tally.cost = add(tally.cost, measured());
      })
      .on("pass", (test) => {
        tallyOf(test).passed += 1;
      })
      .on("pending", (test) => {
        tallyOf(test).skipped += 1;
      })
      .on("fail", (test, cause: unknown) => {
        const tally = tallyOf(test);
        tally.failed += 1;
        tally.failures.push({ title: test.fullTitle(), message: String(cause) });
      });
  });
}

/**
 * Runs suites in a process of their own, which knows nothing of suites before them. What they print goes to `print` in one
 * piece once they end, so that runs side by side stay readable.
 */
export async function runApart(files: readonly string[], print: (text: string) => void): Promise<Tallies> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-suites-"));
  const output = join(folder, "output");
  const sink = openSync(output, "w");
  const child = fork(join(__dirname, "one-process.ts"), [...files], {
    execArgv: ["--require", join(PROJECT, "library", "typescript.cjs")],
    stdio: ["ignore", sink, sink, "ipc"],
  });
  closeSync(sink);
  const told = await new Promise<[string, Tally][]>((resolve) => {
    let last: [string, Tally][] = [];
    child.on("message", (message) => {
      last = message as [string, Tally][];
    });
    child.on("close", () => resolve(last));
  });
  print(readFileSync(output, "utf8"));
  rmSync(folder, { recursive: true });
  return new Map([...files.map((file): [string, Tally] => [file, lost()]), ...told]);
}

export const sum = (tallies: Iterable<Tally>): Tally =>
  [...tallies].reduce(
    (all, { passed, failed, skipped, failures, cost }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
      failures: [...all.failures, ...failures],
      cost: add(all.cost, cost),
    }),
    nothing(),
  );
