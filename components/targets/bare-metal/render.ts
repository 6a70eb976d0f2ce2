import { type Birth, emitBirth } from "../../../cloud-init/emit/user-data";
import type { HostPlan, Plan } from "../../core/plan/plan";
import { FACTS_SCRIPT } from "../../core/preflight/facts-script";
import { JUDGE_SCRIPT } from "../../core/preflight/judge-script";
import { type Requirement, requirementLines } from "../../core/preflight/requirement";
import { requirementsFor } from "../../core/preflight/requirements-for";
import { birthInput, HEALTHY_SECONDS, shellWords } from "./birth-input";
import type { BareMetalConfig, Machine } from "./config";

/** What reaches one machine, as plain data. */
export interface MachineArgs {
  host: HostPlan;
  machine: Machine;
  birth: Birth;
  /** A script: facts, and the verdict on them. */
  examination: string;
  /** A script: makes the machine the host, or changes it. */
  change: string;
  /** Command that runs such a script from its input. Its argument says where the operator comes from, on the host's side. */
  shell: string;
  /** Stores a secret from its input, and waits until what needs it serves. */
  putSecret(secret: string): string;
  /** Ends the host's services for good: a producer that runs on after its stack is gone could sign twice. */
  stop: string;
}

export function renderBareMetal(plan: Plan): MachineArgs[] {
  const { hosts } = plan.target.config as BareMetalConfig;
  return plan.hosts.flatMap((host) => {
    const machine = hosts[host.name];
    return machine ? [renderMachine(plan, host, machine)] : [];
  });
}

function renderMachine(plan: Plan, host: HostPlan, machine: Machine): MachineArgs {
  const birth = emitBirth(plan, host);
  // Root may not have sudo; everyone else may have nothing but it.
  const asRoot = machine.user === "root" ? "" : "sudo -n ";
  const agent = (...words: string[]) => `${asRoot}${shellWords([...birth.agentCommand, ...words])}`;
  const units = host.services.map(({ unit }) => `${unit}.service`).reverse();
  return {
    host,
    machine,
    birth,
    examination: examinationOf(plan.stack, host, machine),
    change: birthInput(plan, host, machine, birth),
    shell: `${asRoot}sh -s -- "$SSH_CONNECTION"`,
    putSecret: (secret) =>
      `${agent("secret", "put", secret)} && ${agent("wait", "--timeout", `${HEALTHY_SECONDS}s`)}`,
    stop: `${asRoot}systemctl disable --now --quiet ${shellWords(units)}`,
  };
}

const examinationOf = (stack: string, host: HostPlan, machine: Machine): string =>
  [
    FACTS_SCRIPT,
    JUDGE_SCRIPT,
    // Another machine under the old name must be examined anew.
    `# ${machine.address} ${machine.hostKey.split(" ").slice(0, 2).join(" ")}`,
    `judge <<'REQUIREMENTS'\n${requirementLines(machineRequirements(stack, host, machine))}REQUIREMENTS\n`,
  ].join("\n");

/** What a machine must be before it becomes this host. */
export const machineRequirements = (
  stack: string,
  { name, role, hardware, listeners, ...host }: HostPlan,
  { os, belowFloor = host.belowFloor }: Pick<Machine, "os" | "belowFloor">,
): Requirement[] =>
  requirementsFor({
    stack,
    host: name,
    role,
    floor: hardware,
    belowFloor,
    ports: listeners.filter((listener) => listener.name !== "ssh"),
    by: { operator: { os } },
  });
