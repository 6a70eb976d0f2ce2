import { firewallRuleset } from "../../../cloud-init/emit/nftables";
import { type Birth, LOGIN } from "../../../cloud-init/emit/user-data";
import { BOOTSTRAP, BOOTSTRAP_SCRIPT } from "../../../cloud-init/parts/bootstrap";
import { operatingSystems } from "../../core/os";
import { packageManagers } from "../../core/os/package-manager";
import type { HostPlan, Plan } from "../../core/plan/plan";
import { AFTER_EARLIER_RUN } from "../../ssh/earlier-run";
import { BIRTH_SCRIPT } from "./birth-script";
import type { Machine } from "./config";
import { NAMES, NAMES_UNIT, namesFiles, namesOf } from "./names";

/** How long a host may take from a change until it serves again. */
export const HEALTHY_SECONDS = 300;

/** Password logins end here; the key that brought us is known to work. Root by key stays, for who logs in as root. */
const SSHD = [
  "PasswordAuthentication no",
  "KbdInteractiveAuthentication no",
  "PermitRootLogin prohibit-password",
];
const BASICS = ["ca-certificates", "curl", "nftables", "sudo", "tar"];

/**
 * The standard input of a shell that makes a machine this host, or brings a host to this document. All of it is one
 * function that runs when the whole has arrived: a connection that breaks leaves nothing half said, and no program eats
 * the rest of the script as its own input. Holds no secret.
 */
export function birthInput(plan: Plan, host: HostPlan, machine: Machine, birth: Birth): string {
  const { packageManager, packages } = systemOf(machine);
  const { update, install } = packageManagers[packageManager];
  const wanted = BASICS.map((name) => packages[name] ?? name);
  const admins = host.firewall.find(({ name }) => name === "ssh")?.from ?? [];
  const agent = (...words: string[]) => shellWords([...birth.agentCommand, ...words]);
  return [
    BIRTH_SCRIPT,
    "main() {",
    `basics || { ${[...(update ? [update] : []), install(wanted)].map(shellWords).join(" && ")}; } >&2`,
    ...(admins === "anyone" ? [] : [`admits ${shellWords(admins)}`]),
    heredoc("firewall", JSON.stringify(firewallRuleset(host.firewall))),
    heredoc(`operator ${LOGIN}`, plan.sshKeys.join("\n")),
    heredoc("secure_shell", SSHD.join("\n")),
    heredoc(`put 0755 ${BOOTSTRAP}`, BOOTSTRAP_SCRIPT.trimEnd()),
    heredoc(`put 0644 ${NAMES}`, namesOf(plan)),
    ...namesFiles.map(({ path, mode, content }) => heredoc(`put ${mode} ${path}`, content.trimEnd())),
    `at_boot ${NAMES_UNIT}`,
    heredoc(agent("provision", "--bundle", "-", ...AFTER_EARLIER_RUN), birth.bundle.packed),
    agent("wait", "--timeout", `${HEALTHY_SECONDS}s`),
    "}",
    // Another machine under the old name is another host: it must be made from the start.
    `# ${machine.hostKey.split(" ").slice(0, 2).join(" ")}`,
    "main </dev/null",
    "",
  ].join("\n");
}

function systemOf({ os: wanted }: Machine) {
  const os = operatingSystems.find(({ name }) => name === wanted);
  if (!os) throw new Error(`${wanted} is no known operating system`);
  return os;
}

const END = "NODEWRIGHT-END";

/** A command with a text as its input, every byte of which the shell leaves alone. */
function heredoc(command: string, text: string): string {
  if (text.split("\n").includes(END)) throw new RangeError(`a text for ${command} has a line ${END}`);
  return `${command} <<'${END}'\n${text}\n${END}`;
}

/** Words of a command line for a POSIX shell, each literal. */
export const shellWords = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
