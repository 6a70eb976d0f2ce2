import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PROJECT } from "../../stacks/stack-file";
import { told } from "../../stacks/told";
import { judgeMachine } from "./judge-machine";
import { judgeStack } from "./judge-stack";
import { mustFix, printLines } from "./line";
import { machineFacts } from "./machine-facts";
import { type StackFacts, stackFacts } from "./stack-facts";

const LAB = "lab";

/** `npm run doctor`: what stands in the way of a stack on this machine, and what to do about each. Changes nothing. */
async function doctor(stack: string, { json }: { json?: true }): Promise<void> {
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
  const lines = [...judgeMachine(machine, needs), ...judgeStack(stack, facts, machine.agentKeys)];
  process.stdout.write(json ? `${JSON.stringify({ ok: !mustFix(lines), lines })}\n` : printLines(lines));
  if (mustFix(lines)) process.exitCode = 1;
}

/** Ports of this machine that the stack publishes. */
const publishedPorts = ({ planned }: StackFacts): number[] =>
  (planned?.plan.endpoints ?? []).flatMap(({ url }) => {
    const { hostname, port } = new URL(url);
    return hostname === "127.0.0.1" && port !== "" ? [Number(port)] : [];
  });

new Command("npm run doctor --")
  .description(
    "Looks at this machine and at a stack: what stands in the way, and what to do about it. Changes nothing, asks no cloud, shows no secret. Exit code 1 where something must be fixed.",
  )
  .argument("[stack]", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file", LAB)
  .option("--json", "print one JSON object")
  .action(doctor)
  .parseAsync()
  .catch(told);
