import { existsSync, readFileSync } from "node:fs";
import {
  error,
  type Finding,
  hasErrors,
  printFindings,
  UserError,
} from "../../components/core/config/finding";
import type { Plan } from "../../components/core/plan/plan";
import { registry } from "../../components/registry";
import { loadPlan } from "../load";
import { readStackText } from "../stack-file";
import { type Answers, questionsFor } from "./answers";
import { draft } from "./draft";

/** As Pulumi and every cloud take it in the names that are made of it. */
const STACK = /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/;

export const KNOWN = {
  targets: registry.targets.map(({ name }) => name).join(", "),
  networks: Object.keys(registry.networks).join(", "),
};

export interface Composed {
  text: string;
  plan: Plan;
  warnings: string;
}

/** The text of a new stack file, and the plan that it gives. Throws a `UserError` with every mistake; writes nothing. */
export function compose(stack: string, answers: Answers): Composed {
  const missing = missingIn(stack, answers);
  if (missing.length > 0) throw new UserError(printFindings(`stack ${stack}`, missing));
  const { network, sshKey } = answers;
  const text = draft(
    stack,
    sshKey === undefined ? answers : { ...answers, sshKey: publicKey(sshKey) },
    network === undefined ? undefined : registry.networks[network],
  );
  const { raw = {}, findings } = readStackText(text);
  const loaded = loadPlan(stack, raw);
  const all = [...findings, ...loaded.findings];
  if (!loaded.plan || hasErrors(all)) throw new UserError(printFindings(`stack ${stack}`, all));
  return { text, plan: loaded.plan, warnings: printFindings(`stack ${stack}`, all) };
}

/** What no parser could say as well: it is not there. */
function missingIn(stack: string, answers: Answers): Finding[] {
  const { targets, networks } = registry;
  const { target, network } = answers;
  const named = STACK.test(stack)
    ? []
    : [error("", `"${stack}" is no name of a stack: a–z, 0–9 and -, a letter first, 3 to 32 of them`)];
  const unknown = [
    ...(target === undefined || targets.some(({ name }) => name === target)
      ? []
      : [error("--target", `"${target}" is no target. Targets: ${KNOWN.targets}`)]),
    ...(network === undefined || Object.hasOwn(networks, network)
      ? []
      : [error("--network", `"${network}" is no network. Networks: ${KNOWN.networks}`)]),
  ];
  const unanswered = questionsFor(answers, KNOWN)
    .filter(({ key, optional }) => !optional && isEmpty(answers[key]))
    .map(({ flag, ask }) => error(flag, `is missing: ${ask}`));
  return [...named, ...unknown, ...unanswered];
}

const isEmpty = (answer: Answers[keyof Answers]): boolean =>
  answer === undefined || answer === "" || (Array.isArray(answer) && answer.length === 0);

/** A public key itself, or the content of its file. A private one must not come this way: the file is for all to read. */
function publicKey(given: string): string {
  const text = (existsSync(given) ? readFileSync(given, "utf8") : given).trim();
  if (text.includes("PRIVATE KEY"))
    throw new UserError(`--ssh-key  ${given} is a private key: give its public half, ${given}.pub`);
  return text;
}
