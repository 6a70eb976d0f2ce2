import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { STACK_AUTHORITY } from "../components/core/tls/certificate";
import { PROJECT, readStackFile, stackPath } from "../stacks/stack-file";
import { told } from "../stacks/told";
import { makeAuthority } from "./authority";

const NAMESPACE = "nodewright:secrets";

/** Whether the stack's file names an authority, encrypted or not. */
const hasAuthority = (raw: Record<string, unknown> | undefined): boolean =>
  JSON.stringify(raw?.secrets ?? {}).includes(`"${STACK_AUTHORITY.certificate}"`);

/** Each half on standard input: an argument could be read by others on this machine. */
function store(stack: string, name: string, value: string): void {
  const words = ["config", "set", "--secret", "--stack", stack, "--path", `${NAMESPACE}["${name}"]`];
  const { status, stderr, error } = spawnSync("pulumi", words, {
    cwd: PROJECT,
    input: value,
    encoding: "utf8",
  });
  if (error)
    throw new UserError(`pulumi cannot be run (${error.message}): install it, or give its folder on PATH`);
  if (status !== 0) throw new UserError(`pulumi ${words.join(" ")} ended with ${status}:\n${stderr.trim()}`);
}

function main(): void {
  new Command("npm run tls --")
    .description(
      "Makes the authority that signs the certificates of a stack's hosts, and keeps both its halves as secrets of the stack. Needed once, by stacks with a monitor; the certificates themselves come and renew with pulumi up.",
    )
    .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml)")
    .option(
      "--renew",
      "take the place of the authority that there is: every host gets a new certificate at the next pulumi up",
    )
    .action((nameOrPath: string, options: { renew?: boolean }) => {
      const { stack, raw } = readStackFile(stackPath(nameOrPath));
      if (hasAuthority(raw) && !options.renew)
        throw new UserError(`${stack} has an authority already: --renew makes another in its place`);
      const { certificate, key } = makeAuthority(stack, new Date());
      store(stack, STACK_AUTHORITY.key, key);
      store(stack, STACK_AUTHORITY.certificate, certificate);
      process.stdout.write(
        `${stack}: an authority for ten years is among its secrets, ${STACK_AUTHORITY.certificate} and ${STACK_AUTHORITY.key}. pulumi up brings the certificates to the hosts.\n`,
      );
    })
    .parse();
}

try {
  main();
} catch (cause) {
  told(cause);
}
