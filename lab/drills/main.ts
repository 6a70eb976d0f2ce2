import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../../components/core/config/finding";
import { drills } from ".";
import type { Drill, DrillResult } from "./drill";
import { resultText, roundText } from "./result-text";
import { CutOff, runDrill } from "./rounds";
import { SampleLab } from "./sample-lab";
import { terminal } from "./terminal";
import { whileUp } from "./while-up";

interface Options {
  rounds: number;
  seed: number;
  stack?: string;
  json?: true;
  keep?: true;
}

const interrupted = new AbortController();

const program = new Command("npm run drill --")
  .description(
    "Makes a fault on hosts of a lab of its own, again and again, and proves what must hold after it.",
  )
  .usage("NAME [options]")
  .addHelpText(
    "after",
    "\nExit codes: 0 every round held; 1 one did not, its reason was printed; 130 interrupted.",
  )
  .showHelpAfterError();

for (const drill of drills) addDrill(drill);

function addDrill(drill: Drill): void {
  const { rounds, seed } = drill.defaults;
  program
    .command(drill.name)
    .description(drill.summary)
    .option("--rounds <count>", "how many", wholeFrom(1), rounds)
    .option("--seed <number>", "of its chance: the same seed makes the same faults", wholeFrom(0), seed)
    .option("--stack <name>", "sample stack for the lab, in place of the drill's own")
    .option("--keep", "leave the lab up at the end, to look at it or for the next drill")
    .option("--json", "print one JSON object at the end")
    .action((options: Options) => run(drill, options));
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`write a whole number from ${least} on`);
    return Number(text);
  };
}

async function run(drill: Drill, { rounds, seed, stack, json, keep }: Options): Promise<void> {
  const lab = new SampleLab(drill.lab?.number ?? 4, {
    ...drill.lab,
    ...(stack === undefined ? {} : { stack }),
  });
  const { say, progress } = terminal(json ? process.stderr : process.stdout);
  const isColoured = (json ? process.stderr : process.stdout).isTTY === true;
  const { signal } = interrupted;
  const tell = (result: DrillResult): void => {
    if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else say(`\n${resultText(result)}`);
  };
  const result = await whileUp(
    lab,
    { doing: `npm run drill -- ${drill.name}`, keep: keep === true, signal, progress, say },
    () => {
      say(`  ${drill.name}, ${rounds} rounds, seed ${seed}, on ${lab.plan.hosts.length} hosts`);
      return runDrill(drill, {
        lab,
        rounds,
        seed,
        signal,
        progress,
        onRound: (round) => say(roundText(round, isColoured)),
      });
    },
  ).catch((cause: unknown) => {
    if (!(cause instanceof CutOff)) throw cause;
    tell(cause.result);
    throw cause.cause;
  });
  tell(result);
  if (result.failed > 0) process.exitCode = 1;
}

// The first Ctrl-C ends the drill in order, its lab too. A second one ends at once.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (interrupted.signal.aborted) process.exit(130);
    process.stderr.write("\n  stopping in order; once more to stop at once, which leaves the lab up\n");
    interrupted.abort(new UserError("interrupted, in order"));
  });
}

program.parseAsync().then(
  // The Docker client keeps idle connections for minutes.
  () => process.exit(),
  (cause: unknown) => {
    const { stack, message } = cause instanceof Error ? cause : new Error(String(cause));
    const shown = process.env.DEBUG && !(cause instanceof UserError) ? stack : message;
    process.stderr.write(`\n${shown}\n`);
    process.exit(interrupted.signal.aborted ? 130 : 1);
  },
);
