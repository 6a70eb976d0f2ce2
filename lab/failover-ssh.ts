import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../components/core/config/finding";
import type { Plan } from "../components/core/plan/plan";
import { PROJECT } from "../stacks/stack-file";
import { lastWords, runCommand } from "./docker/command";
import { type Addresses, isKnownBefore, type SshRoute, sshRoute } from "./failover-route";

const outputs = z.record(
  z.string(),
  z.looseObject({
    addresses: z.object({ public: z.string().exactOptional(), cluster: z.string() }),
  }),
);

/** How OpenSSH ends where it is the connection that failed. */
const NO_CONNECTION = 255;
const DIAL_SECONDS = 10;

/** Runs a command on hosts of a stack that is up. Throws a `UserError` where it is not, or a host cannot be reached. */
export async function stackSsh(
  plan: Plan,
): Promise<(host: string, words: readonly string[]) => Promise<number>> {
  const addresses = isKnownBefore(plan) ? {} : await addressesOf(plan.stack);
  return async (host, words) => {
    const route = sshRoute(plan, addresses, host);
    const status = await ssh(route, words);
    if (status !== NO_CONNECTION) return status;
    const other = `, or is not the machine whose key target.bare-metal.hosts.${host}.hostKey is`;
    throw new UserError(`${host} cannot be reached by ssh${route.known === undefined ? "" : other}`);
  };
}

/** As the stack's own outputs tell them. */
async function addressesOf(stack: string): Promise<Addresses> {
  const words = ["stack", "output", "hosts", "--json", "--stack", stack, "--non-interactive"];
  const { status, stdout, stderr } = await runCommand("pulumi", words, { cwd: PROJECT });
  if (status === 127) throw new UserError("the hosts' addresses are in the stack's outputs: install pulumi");
  if (status !== 0)
    throw new UserError(`the stack "${stack}" does not tell its hosts, is it up? ${lastWords(stderr)}`);
  const hosts = outputs.parse(JSON.parse(stdout));
  return Object.fromEntries(Object.entries(hosts).map(([name, { addresses }]) => [name, addresses]));
}

/** On this terminal, so that ssh can ask for what opens the operator's key. */
async function ssh({ words, known }: SshRoute, command: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-ssh-"));
  try {
    const file = join(folder, "known_hosts");
    if (known !== undefined) writeFileSync(file, known);
    const only = [
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${file}`,
      "GlobalKnownHostsFile=/dev/null",
    ];
    const options = [`ConnectTimeout=${DIAL_SECONDS}`, ...(known === undefined ? [] : only)];
    const all = [...options.flatMap((option) => ["-o", option]), ...words, "--", ...command];
    return await new Promise((resolve, reject) => {
      const child = spawn("ssh", all, { stdio: "inherit" });
      child.once("error", (cause: NodeJS.ErrnoException) =>
        reject(
          cause.code === "ENOENT" ? new UserError("ssh is not on PATH: install OpenSSH's client") : cause,
        ),
      );
      child.once("close", (code) => resolve(code ?? NO_CONNECTION));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
