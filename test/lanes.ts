import { join, relative } from "node:path";
import { PROJECT } from "../stacks/stack-file";
import { runApart, runHere, type Tallies, type Tally } from "./run-suites";

const below = (...folder: string[]): string => join(PROJECT, "test", ...folder);

export const HOSTS = below("host");
/** Suites whose time goes by in waiting for the engine. */
const ENGINES = [below("components", "targets"), below("lab", "plugins"), below("stacks"), below("library")];

const isBelow = (folder: string) => (file: string) => file.startsWith(folder);
const name = (file: string): string => relative(PROJECT, file);
const toOutput = (text: string): void => void process.stdout.write(text);

type Print = (text: string) => void;

/** Suites that run one after the other, and beside those of other lanes. */
export interface Lanes {
  quick: string[];
  engines: string[];
  hosts: string[];
}

/** Puts each suite into its lane: what boots hosts, what runs the engine, the rest. */
export function lanesOf(files: readonly string[]): Lanes {
  const isHost = isBelow(HOSTS);
  const isEngine = (file: string) => ENGINES.some((folder) => isBelow(folder)(file));
  return {
    quick: files.filter((file) => !isHost(file) && !isEngine(file)),
    engines: files.filter(isEngine),
    hosts: files.filter(isHost),
  };
}

/** Each in a process of its own: labs of two suites share no memory, and one that crashes takes none with it. */
async function oneByOne(files: readonly string[], say: Print): Promise<Tallies> {
  const tallies: Tallies = new Map();
  for (const file of files) {
    say(`${name(file)} begins; what it says follows once it ends\n`);
    for (const [suite, tally] of await runApart([file], say)) tallies.set(suite, tally);
  }
  return tallies;
}

const failedIn = (tallies: Tallies): string[] =>
  [...tallies].filter(([, { failed }]) => failed > 0).map(([file]) => file);

/** What failed, in a few lines each: at the end of a long output, where people look. */
export function explainFailures(tallies: Tallies): string {
  const lines = [...tallies].flatMap(([file, { failures }]) =>
    failures.flatMap(({ title, message }) => [
      `  ${name(file)}: ${title}`,
      ...message
        .split("\n")
        .slice(0, 12)
        .map((line) => `      ${line}`),
    ]),
  );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/**
 * Runs all lanes side by side, then each suite that failed once more, alone on the machine: a fault fails twice, a machine
 * that was busy does not cost the whole run. What failed first is shown all the same.
 */
export async function runLanes({ quick, engines, hosts }: Lanes, say: Print = toOutput): Promise<Tally[]> {
  const runs = await Promise.all([
    quick.length > 0 ? runHere(quick) : new Map<string, Tally>(),
    engines.length > 0 ? runApart(engines, say) : new Map<string, Tally>(),
    oneByOne(hosts, say),
  ]);
  const first: Tallies = new Map(runs.flatMap((tallies) => [...tallies]));
  const again = failedIn(first);
  if (again.length === 0) return [...first.values()];
  say(`\n${again.length} suites failed beside others and run once more, alone:\n${explainFailures(first)}\n`);
  const second = await oneByOne(again, say);
  const twice = failedIn(second);
  say(`\nran twice: ${again.map(name).join(", ")}\n`);
  if (twice.length > 0) say(`failed twice:\n${explainFailures(second)}`);
  return [...new Map([...first, ...second]).values()];
}
