import type { Level, RuleText, Violation } from "./rule";
import { type Exception, levelOf, type Settings } from "./settings";

/** A violation, with what the operator's settings make of it. */
export interface Judged extends Violation {
  rule: RuleText;
  level: Exclude<Level, "disabled">;
}

/** What an exception lets pass, for the record. */
export interface Excepted extends Violation {
  rule: RuleText;
  exception: Exception;
}

export interface Verdict {
  violations: Judged[];
  excepted: Excepted[];
}

/** An exception that has run out fails by itself: somebody must decide again. */
export const EXCEPTION_EXPIRED = {
  id: "exception-expired",
  level: "mandatory",
  title: "no exception is older than its last day",
  reason: "what was let pass for a while stays for ever when nobody is asked again",
  remedy: "mend what it excuses, or give it a new day and say who answers for that",
} as const satisfies RuleText;

/** Judges what one rule found. `today` is a day in UTC, `2026-11-22`. */
export function judge(
  rule: RuleText,
  found: readonly Violation[],
  settings: Settings,
  today: string,
): Verdict {
  const level = levelOf(rule, settings);
  if (level === "disabled") return { violations: [], excepted: [] };
  const verdict: Verdict = { violations: [], excepted: [] };
  for (const violation of found) {
    const exception = settings.exceptions.find(
      (each) =>
        each.policy === rule.id && each.until >= today && matches(each.resource, violation.resource.name),
    );
    if (exception) verdict.excepted.push({ ...violation, rule, exception });
    else verdict.violations.push({ ...violation, rule, level });
  }
  return verdict;
}

/** Exceptions whose last day has passed, each told at the stack itself. */
export const expired = ({ exceptions }: Settings, today: string, at: Violation["resource"]): Violation[] =>
  exceptions
    .filter(({ until }) => until < today)
    .map(({ policy, resource, until, by }) => ({
      resource: at,
      message: `the exception of ${resource} from ${policy}, for which ${by} answers, ended on ${until}`,
    }));

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
