import { type Answers, type Question, questionsFor } from "./answers";
import { KNOWN } from "./compose";

/**
 * What a person says to what no flag has said. Enter takes what stands in brackets. `ask` shows a question and gives the
 * line that was typed.
 */
export async function asked(flags: Answers, ask: (question: string) => Promise<string>): Promise<Answers> {
  let answers = flags;
  const done = new Set<string>();
  for (let next = open(answers, done); next; next = open(answers, done)) {
    done.add(next.key);
    const hint = next.otherwise ?? (next.optional ? "none" : "");
    const line = (await ask(`${next.ask}${hint === "" ? "" : ` [${hint}]`}: `)).trim();
    const said = line === "" ? next.otherwise : line;
    if (said !== undefined)
      answers = { ...answers, [next.key]: next.key === "admins" ? said.split(/[\s,]+/) : said };
  }
  return answers;
}

const open = (answers: Answers, done: ReadonlySet<string>): Question | undefined =>
  questionsFor(answers, KNOWN).find(({ key }) => answers[key] === undefined && !done.has(key));

/** Where nobody can be asked. An answer may bring further questions, with defaults of their own. */
export function withDefaults(answers: Answers): Answers {
  const next = questionsFor(answers, KNOWN).find(
    ({ key, otherwise }) => answers[key] === undefined && otherwise !== undefined,
  );
  return next ? withDefaults({ ...answers, [next.key]: next.otherwise }) : answers;
}
