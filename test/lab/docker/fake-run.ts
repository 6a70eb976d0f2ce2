import type { CommandOptions, Outcome, Run } from "../../../lab/docker/command";

export type FakeProgram = (
  words: readonly string[],
  options: CommandOptions,
) => Partial<Outcome> | undefined | Promise<Partial<Outcome> | undefined>;

/** Runs functions in place of programs and keeps what was asked. A program without a function is not installed. */
export function fakeRun(programs: Record<string, FakeProgram>): { run: Run; calls: string[] } {
  const calls: string[] = [];
  const run: Run = async (program, words, options = {}) => {
    calls.push([program, ...words].join(" "));
    const outcome: Outcome = { status: 0, stdout: "", stderr: "" };
    const fake = programs[program];
    if (!fake) return { ...outcome, status: 127 };
    const answer = await fake(words, options);
    options.signal?.throwIfAborted();
    return { ...outcome, ...answer };
  };
  return { run, calls };
}
