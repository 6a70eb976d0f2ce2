import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../components/core/config/finding";
import { registry } from "../../components/registry";
import { intentOf } from "../../policies/intent";
import { EXCEPTION_EXPIRED, judge } from "../../policies/judge";
import type { RuleText } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { settingsFor } from "../../policies/settings";
import { updateRules } from "../../policies/updates";
import { nodewrightKeys, PROJECT, stackPath } from "../../stacks/stack-file";
import type { EngineSetup } from "../engine/setup";
import type { PreviewRoom } from "../preview/room";
import { runPulumi } from "../preview/run";
import { readEvents, type Told } from "./events";
import type { Finding, Report } from "./report";

/** The pack, as `pulumi preview --policy-pack` takes it. */
export const PACK = join(PROJECT, "policies");
export const POLICY_FILE =
  process.env.NODEWRIGHT_POLICIES ?? join(PROJECT, "stacks", "config", "policies.yaml");

/** What the SDK makes of a policy that met a value it could not read: advice, where nothing was looked at. */
const NOT_RUN = "can't run policy";

const ALL: readonly RuleText[] = [...rules, EXCEPTION_EXPIRED, ...updateRules];

/**
 * A preview on the real engine with the policy pack, and the rules over what it would do. Throws a `UserError` where the
 * engine did not come to an end: what it did not say cannot be judged.
 */
export async function judgeStack(
  nameOrPath: string,
  setup: EngineSetup,
  room: PreviewRoom,
): Promise<{ report: Report; status: number }> {
  const log = join(room.folder, "events.jsonl");
  rmSync(log, { force: true });
  const more = ["--policy-pack", PACK, "--event-log", log];
  // The engine hides the flag from people, as the Automation API's own.
  const debugging = { ...setup, env: { ...setup.env, PULUMI_DEBUG_COMMANDS: "true" } };
  const status = await runPulumi(debugging, room, "preview", { quiet: true, more });
  const told = readEvents(log);
  const findings = findingsOf(room.stack, told, nameOrPath);
  const refuses = findings.some(({ level }) => level === "mandatory");
  if (!told.isWhole || (status !== 0 && !refuses))
    throw new UserError(
      `${room.stack}: the preview itself failed, so nothing was judged; \`npm run preview\` says why`,
    );
  const file = relative(PROJECT, stackPath(nameOrPath));
  return { report: { stack: room.stack, file, rules: ALL, findings }, status: refuses ? 1 : 0 };
}

function findingsOf(stack: string, { policies, steps }: Told, nameOrPath: string): Finding[] {
  const fromPack = policies.map(({ policyName, message, enforcementLevel, resourceUrn = "" }): Finding => {
    const rule = ALL.find(({ id }) => id === policyName);
    if (!rule || message.startsWith(NOT_RUN))
      throw new UserError(`${stack}: ${policyName} judged nothing: ${message}`);
    // The remedy and the link stand beside it here.
    const [said = message] = message.split(`. ${rule.remedy}`);
    return { rule, level: enforcementLevel, urn: resourceUrn, message: said };
  });
  const content: unknown = existsSync(POLICY_FILE) ? parse(readFileSync(POLICY_FILE, "utf8")) : {};
  const settings = settingsFor(stack, content, ALL, POLICY_FILE);
  const { config = {} } = parse(readFileSync(stackPath(nameOrPath), "utf8")) as {
    config?: Record<string, unknown>;
  };
  const { secrets: _, ...raw } = nodewrightKeys(config);
  const intent = intentOf(stack, raw, registry);
  const today = new Date().toISOString().slice(0, 10);
  const fromUpdate = updateRules.flatMap((rule) =>
    judge(rule, rule.check(steps, intent), settings, today).violations.map(
      ({ level, resource, message }): Finding => ({ rule, level, urn: resource.urn, message }),
    ),
  );
  return [...fromPack, ...fromUpdate];
}
