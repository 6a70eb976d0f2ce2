import { join, relative } from "node:path";
import { PROJECT } from "../stacks/stack-file";
import { dearest } from "./cost";
import { runApart, runHere, type Tallies } from "./run-suites";

const below = (...folder: string[]): string => join(PROJECT, "test", ...folder);

export const HOSTS = below("host");
/** Pieces of work, each a process of its own and the longest first; what lies elsewhere is one more. */
const PIECES = [
  [below("stacks")],
  [below("policies")],
  [below("components", "targets"), below("lab", "plugins")],
  [below("agent"), below("edge")],
  [below("library")],
];
/** How many pieces run side by side, beside what boots hosts. */
const BESIDE = 2;

const liesIn = (file: string, folders: readonly string[]): boolean =>
  folders.some((folder) => file.startsWith(folder));
const name = (file: string): string => relative(PROJECT, file);
const toOutput = (text: string): void => void process.stdout.write(text);

type Print = (text: string) => void;

export interface Lanes {
  /** Suites that boot hosts: one after the other. */
  hosts: string[];
  /** Suites that share a process, in the order in which pieces are begun. */
  pieces: string[][];
}

/** Puts each suite where it belongs. */
export function lanesOf(files: readonly string[]): Lanes {
  const rest = files.filter((file) => !liesIn(file, [HOSTS, ...PIECES.flat()]));
  const pieces = [rest, ...PIECES.map((folders) => files.filter((file) => liesIn(file, folders)))];
  return {
    hosts: files.filter((file) => liesIn(file, [HOSTS])),
    pieces: pieces.filter((piece) => piece.length > 0),
  };
}

/** Does pieces of work that nobody has taken yet, until there are none. */
async function workOff(pieces: string[][], say: Print): Promise<Tallies> {
  const tallies: Tallies = new Map();
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    const [first = "", ...others] = piece.map(name);
    const also = others.length > 0 ? ` and ${others.length} more` : "";
    say(`${first}${also} begins; what it says follows once it ends\n`);
    for (const [suite, tally] of await runApart(piece, say)) tallies.set(suite, tally);
  }
  return tallies;
}

/** Each in a process of its own: labs of two suites share no memory, and one that crashes takes none with it. */
const oneByOne = (files: readonly string[], say: Print): Promise<Tallies> =>
  workOff(
    files.map((file) => [file]),
    say,
  );

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

async function runFirst({ hosts, pieces }: Lanes, say: Print): Promise<Tallies> {
  const [only] = pieces;
  // Nothing is beside it: what it says can be seen as it says it.
  if (only && pieces.length === 1 && hosts.length === 0) return runHere(only);
  const left = [...pieces];
  const hostsThenPieces = async () => [await oneByOne(hosts, say), await workOff(left, say)];
  const beside = Array.from({ length: BESIDE }, async () => [await workOff(left, say)]);
  const runs = (await Promise.all([...beside, hostsThenPieces()])).flat();
  return new Map(runs.flatMap((tallies) => [...tallies]));
}

/**
 * Runs all suites, hosts and pieces side by side, so that all end together: who is done takes a piece that is left. Then
 * each suite that failed once more, alone on the machine: a fault fails twice, a machine that was busy does not cost the
 * whole run. What failed first is shown all the same.
 */
export async function runLanes({ hosts, pieces }: Lanes, say: Print = toOutput): Promise<Tallies> {
  const first = await runFirst({ hosts, pieces }, say);
  say(`\n${dearest([...first].map(([file, { cost }]) => [name(file), cost]))}`);
  const again = failedIn(first);
  if (again.length === 0) return first;
  say(`\n${again.length} suites failed beside others and run once more, alone:\n${explainFailures(first)}\n`);
  const second = await oneByOne(again, say);
  const twice = failedIn(second);
  say(`\nran twice: ${again.map(name).join(", ")}\n`);
  if (twice.length > 0) say(`failed twice:\n${explainFailures(second)}`);
  return new Map([...first, ...second]);
}
