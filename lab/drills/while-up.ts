import { existsSync } from "node:fs";
import { relative } from "node:path";
import { PROJECT } from "../../stacks/stack-file";
import { takeTurn } from "../only-one";
import type { SampleLab } from "./sample-lab";

interface Options {
  /** The command, for whoever is refused meanwhile. */
  doing: string;
  keep: boolean;
  signal: AbortSignal;
  progress: (line: string) => void;
  say: (line: string) => void;
}

/** Brings a lab up, does the work, and takes the lab down whatever became of it. Only one at a time for each lab. */
export async function whileUp<Result>(
  lab: SampleLab,
  { doing, keep, signal, progress, say }: Options,
  work: () => Promise<Result>,
): Promise<Result> {
  // `up` and `down` take the lab's own turn; this one lasts from the first to the last of them.
  const done = await takeTurn(`${lab.file} drill`, doing);
  const down = `npm run lab:down -- --stack ${relative(PROJECT, lab.file)}`;
  try {
    progress("bringing the lab up");
    await lab.up({ signal, progress });
    signal.throwIfAborted();
    return await work();
  } finally {
    if (keep) say(`  the lab stays up; take it down with: ${down}`);
    else if (existsSync(lab.room.folder)) {
      progress("taking the lab down");
      await lab.down().catch((error: Error) => {
        say(`  the lab could not be taken down, try: ${down}`);
        throw error;
      });
    }
    done();
  }
}
