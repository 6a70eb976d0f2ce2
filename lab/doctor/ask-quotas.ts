import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Plan } from "../../components/core/plan/plan";
import { targets } from "../../components/targets";
import type { Ask } from "../../components/targets/quotas";
import type { Target } from "../../components/targets/target";
import type { Quotas } from "./quotas";

const LIMIT_MS = 20_000;
const run = promisify(execFile);

/**
 * Asks the stack's cloud, with the operator's credentials, what its account may have, as its target says to. Reads, and
 * changes nothing. Undefined where the target is no cloud.
 */
export async function askQuotas(plan: Plan, environment: NodeJS.ProcessEnv): Promise<Quotas | undefined> {
  const target: Target | undefined = targets.find(({ name }) => name === plan.target.name);
  if (!target?.quotas) return undefined;
  try {
    const { asks, read } = target.quotas(plan.target.config, plan, environment);
    return { limits: read(await Promise.all(asks.map((ask) => answerOf(ask, environment)))) };
  } catch (cause) {
    return { unasked: reasonOf(cause) };
  }
}

/** In one line, and without what was sent: commands may print it among their arguments. */
function reasonOf(cause: unknown): string {
  const { code, path, stderr, message } = cause as NodeJS.ErrnoException & { stderr?: string };
  if (code === "ENOENT") return `the command ${path ?? ""} is not installed`;
  const [line = ""] = (stderr ?? message)
    .trim()
    .split("\n")
    .filter((each) => each !== "");
  return line.slice(0, 200);
}

async function answerOf(ask: Ask, environment: NodeJS.ProcessEnv): Promise<unknown> {
  if ("command" in ask) {
    const { stdout } = await run(ask.command, ask.words, { env: environment, timeout: LIMIT_MS });
    return JSON.parse(stdout);
  }
  const answer = await fetch(ask.url, {
    headers: { authorization: `Bearer ${ask.token}` },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok) throw new Error(`${ask.of} answered ${answer.status} to GET ${ask.url.pathname}`);
  return answer.json();
}
