import { z } from "zod";
import { UserError } from "../components/core/config/finding";
import type { Level, RuleText } from "./rule";

const reason = z.string().min(10, "says too little: write why, for whoever reads it in a year");
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "is no day: write it like 2027-01-31")
  .refine(isDay, "is no day of the calendar");

const exception = z.strictObject({
  /** Id of the rule. */
  policy: z.string(),
  /** Name of the resource; `*` stands for any letters. */
  resource: z.string().min(1),
  /** The last day on which it holds, UTC. */
  until: day,
  /** Who answers for it. */
  by: z.string().min(2),
  reason,
});

const part = z.strictObject({
  /** By id of the rule. A level that is not the rule's own needs a reason. */
  levels: z
    .record(z.string(), z.strictObject({ level: z.enum(["mandatory", "advisory", "disabled"]), reason }))
    .default({}),
  exceptions: z.array(exception).default([]),
});

const schema = z.strictObject({ ...part.shape, stacks: z.record(z.string(), part).default({}) });

export type Exception = z.output<typeof exception>;

/** What one stack's operator decided about the rules. */
export interface Settings {
  levels: Readonly<Record<string, { level: Level; reason: string }>>;
  exceptions: readonly Exception[];
}

/** Reads a policy file for one stack: its own part over that of all stacks. Throws a `UserError` with every mistake. */
export function settingsFor(
  stack: string,
  content: unknown,
  rules: readonly Pick<RuleText, "id">[],
  source: string,
): Settings {
  const parsed = schema.safeParse(content ?? {});
  if (!parsed.success)
    throw refused(
      source,
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}  ${message}`),
    );
  const { stacks, ...all } = parsed.data;
  const parts = Object.entries(stacks).map(([name, each]) => ({ at: `stacks.${name}.`, ...each }));
  const unknown = [{ at: "", ...all }, ...parts].flatMap(({ at, levels, exceptions }) => [
    ...Object.keys(levels).map((id) => ({ id, path: `${at}levels.${id}` })),
    ...exceptions.map(({ policy }, index) => ({ id: policy, path: `${at}exceptions.${index}.policy` })),
  ]);
  const known = rules.map(({ id }) => id);
  const wrong = unknown.filter(({ id }) => !known.includes(id));
  if (wrong.length > 0)
    throw refused(
      source,
      wrong.map(({ id, path }) => `${path}  "${id}" is no rule. Rules: ${known.join(", ")}`),
    );
  const own = stacks[stack];
  return {
    levels: { ...all.levels, ...own?.levels },
    exceptions: [...all.exceptions, ...(own?.exceptions ?? [])],
  };
}

const refused = (source: string, mistakes: readonly string[]): UserError =>
  new UserError(
    `${source}: ${mistakes.length} mistakes\n\n${mistakes.map((line) => `  ${line}`).join("\n")}`,
  );

export const levelOf = ({ id, level }: Pick<RuleText, "id" | "level">, { levels }: Settings): Level =>
  levels[id]?.level ?? level;

/** The 30th of February is read as the 2nd of March, and the 40th as nothing. */
function isDay(text: string): boolean {
  const read = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}
