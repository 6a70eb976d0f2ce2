import type { Preflight as Asked } from "../../cloud-init/document";
import { FACTS_SCRIPT } from "../../components/core/preflight/facts-script";
import { JUDGE_SCRIPT } from "../../components/core/preflight/judge-script";
import { requirementLines } from "../../components/core/preflight/requirement";
import { requirementsFor } from "../../components/core/preflight/requirements-for";
import type { Bundle } from "../bundle";
import { mirrorTime } from "../clock";
import type { System } from "../system";
import type { PreflightCheck } from "./check";

/** What a host is, by name of the fact (`memory_gb`, `gzip_mb_per_s`). Of a fact with several values the first. */
export type Facts = Record<string, string>;

export interface Examination {
  facts: Facts;
  checks: PreflightCheck[];
}

interface ExamineOptions {
  asked: Asked;
  /** Units whose ports are the host's own: those of this and of earlier documents. */
  units: readonly string[];
  /** Whether a thread's speed is measured: a second of work, which a host that serves is spared. */
  measures: boolean;
}

/** Asks the host what it is, by the same script as machines without an agent, and judges it by the same rules. Touches nothing. */
export async function examine(
  system: System,
  { document }: Bundle,
  { asked, units, measures }: ExamineOptions,
): Promise<Examination> {
  const time = await mirrorTime(document.mirror);
  const clock = time === undefined ? "" : String(Math.round(time / 1000));
  const found = await system.run(
    ["sh", "-s", "--", clock, measures ? "" : "quiet"],
    Buffer.from(`${FACTS_SCRIPT}printf '%s\\n' "$facts"\n`),
  );
  const text = found.stdout.toString().trimEnd();
  if (text === "") return { facts: {}, checks: [unexamined(found.stderr)] };
  const { stack, host, role } = document;
  const { floor, belowFloor, ports } = asked;
  const requirements = requirementsFor({
    stack,
    host,
    role,
    floor,
    belowFloor,
    ports,
    by: { host: { units } },
  });
  const judged = await system.run(
    ["sh", "-c", `facts=$1 every=yes\n${JUDGE_SCRIPT}\njudge`, "sh", text],
    Buffer.from(requirementLines(requirements)),
  );
  return { facts: factsOf(text), checks: checksOf(judged.stderr) };
}

const unexamined = (words: string): PreflightCheck => ({
  name: "facts",
  verdict: "warning",
  found: "unknown",
  detail: `the host could not be examined: ${words.trim() || "its facts' script said nothing"}`,
});

const factsOf = (text: string): Facts =>
  Object.fromEntries(
    text
      .split("\n")
      .map((line) => line.split("\t"))
      .filter(([name, value]) => name !== "" && value !== undefined && value !== "")
      .map(([name = "", value = ""]): [string, string] => [name, value])
      .reverse(),
  );

/** Lines of the judge: verdict, name, what was seen, what is wanted, the reason. Those that hold need no reason. */
const checksOf = (text: string): PreflightCheck[] =>
  text.split("\n").flatMap((line): PreflightCheck[] => {
    const [verdict, name, found = "", needed = "", detail = ""] = line.split("\t");
    if (name === undefined || (verdict !== "ok" && verdict !== "warning" && verdict !== "refused")) return [];
    const isPort = /^(tcp|udp)\//.test(name);
    return [
      {
        name,
        verdict,
        found,
        ...(isPort || needed === "" ? {} : { needed }),
        ...(verdict === "ok" ? {} : { detail }),
      },
    ];
  });
