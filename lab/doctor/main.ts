import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PROJECT } from "../../stacks/stack-file";
import { told } from "../../stacks/told";
import { askQuotas } from "./ask-quotas";
import { judgeMachine } from "./judge-machine";
import { judgeStack } from "./judge-stack";
import { mustFix, printLines } from "./line";
import { machineFacts } from "./machine-facts";
import type { Quotas } from "./quotas";
import { type StackFacts, stackFacts } from "./stack-facts";

const LAB = "lab";

/** `npm run doctor`: what stands in the way of a stack on this machine, and what to do about each. Changes nothing. */
async function doctor(stack: string, { json, offline }: { json?: true; offline?: true }): Promise<void> {
  const facts = stackFacts(stack, process.env);
  const ports = publishedPorts(facts);
  const { engines } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  const machine = await machineFacts(PROJECT, ports);
  const needs = {
    node: engines.node,
    hosts: facts.planned?.plan.target.name === "docker" ? facts.planned.plan.hosts.length : 0,
    ports,
    isUp: existsSync(join(PROJECT, ".nodewright", "labs", facts.planned?.plan.stack ?? "")),
  };
  const lines = [
    ...judgeMachine(machine, needs),
    ...judgeStack(stack, facts, machine.agentKeys, await quotasOf(facts, offline === true)),
  ];
  process.stdout.write(json ? `${JSON.stringify({ ok: !mustFix(lines), lines })}\n` : printLines(lines));
  if (mustFix(lines)) process.exitCode = 1;
}

/** Only who has credentials asks: without them there is nobody to be asked for. */
async function quotasOf({ planned }: StackFacts, offline: boolean): Promise<Quotas | undefined> {
  if (offline) return { unasked: "--offline was given" };
  if (!planned || planned.noCredentials !== undefined) return undefined;
  return askQuotas(planned.plan, process.env);
}

/** Ports of this machine that the stack publishes. */
const publishedPorts = ({ planned }: StackFacts): number[] =>
  (planned?.plan.endpoints ?? []).flatMap(({ url }) => {
    const { hostname, port } = new URL(url);
    return hostname === "127.0.0.1" && port !== "" ? [Number(port)] : [];
  });

new Command("npm run doctor --")
  .description(
    "Looks at this machine and at a stack: what stands in the way, and what to do about it. Asks the cloud for the account's limits where it has credentials. Changes nothing, shows no secret. Exit code 1 where something must be fixed.",
  )
  .argument("[stack]", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file", LAB)
  .option("--offline", "ask no cloud")
  .option("--json", "print one JSON object")
  .action(doctor)
  .parseAsync()
  .catch(told);
