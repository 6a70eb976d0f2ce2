import { Listr, ListrLogger, type ListrTask, PRESET_TIMER, ProcessOutput } from "listr2";

/** One long step: tells what it does by `say`, and may answer what to show behind its name when it is done. */
export interface Step {
  name: string;
  run: (say: (line: string) => void) => Promise<string | undefined>;
}

/** A step, or several that run side by side. */
export type Stage = Step | Step[];

/** Seconds that each step took, by its name. */
export type Timings = Record<string, number>;

const NAME_WIDTH = 14;
/** Where there is no terminal to redraw, a long step shows that it lives this often. */
const HEARTBEAT_MS = 5_000;

/** Runs stages in order, showing each step live. Stops at the first failure, which is thrown. */
export async function runSteps(stages: readonly Stage[], timings: Timings): Promise<void> {
  const failures: unknown[] = [];
  const terminal = process.stderr.isTTY === true;
  const task = (step: Step): ListrTask => ({
    title: step.name,
    task: async (_, shown) => {
      const start = performance.now();
      let last = 0;
      const say = (line: string) => {
        if (!terminal && performance.now() - last < HEARTBEAT_MS) return;
        last = performance.now();
        shown.output = line;
      };
      const detail = await step.run(say).catch((cause: unknown) => {
        failures.push(cause);
        // The reason is long and told once, by whoever catches it.
        throw new Error("see below");
      });
      timings[step.name] = Math.round(performance.now() - start) / 1000;
      shown.title = `${step.name.padEnd(NAME_WIDTH)} ${detail ?? ""}`.trimEnd();
    },
  });
  const tasks = stages.map((stage) =>
    Array.isArray(stage)
      ? {
          title: stage.map(({ name }) => name).join(", "),
          task: (
            _: unknown,
            shown: { newListr: (tasks: ListrTask[], options: { concurrent: boolean }) => Listr },
          ) => shown.newListr(stage.map(task), { concurrent: true }),
        }
      : task(stage),
  );
  // Standard output is for results alone, so that `--json` can be piped.
  const logger = new ListrLogger({
    useIcons: true,
    processOutput: new ProcessOutput(process.stderr, process.stderr),
  });
  const rendererOptions = {
    timer: PRESET_TIMER,
    collapseErrors: false,
    collapseSubtasks: false,
    showErrorMessage: false,
    logger,
  };
  await new Listr(tasks as ListrTask[], {
    rendererOptions,
    renderer: terminal ? "default" : "simple",
    // Its own listener would end the process at once, with the engine at work.
    registerSignalListeners: false,
  })
    .run()
    .catch((cause: unknown) => {
      throw failures[0] ?? cause;
    });
}
