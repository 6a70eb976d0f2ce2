import ssh2 from "ssh2";
import { LOGIN } from "../cloud-init/emit/user-data";
import { UserError } from "../components/core/config/finding";
import { knownAddress } from "../components/core/network/address-ref";
import type { Plan } from "../components/core/plan/plan";
import type { LabKeys } from "./keys";
import { readJson } from "./read-json";
import type { Room } from "./room";

const { Client } = ssh2;

/**
 * Opens a shell on a host, or runs one command there. Answers with its exit code. Throws a `UserError` for a host that
 * the lab does not have. No ssh program is needed on the machine.
 */
export async function labSsh(room: Room, name: string, command: readonly string[]): Promise<number> {
  const [plan, keys] = [readJson<Plan>(room.plan), readJson<LabKeys>(room.keys)];
  if (!plan || !keys) throw new UserError(`the lab "${room.stack}" is not up: start it with \`npm run lab\``);
  const host = plan.hosts.find((each) => each.name === name);
  if (!host)
    throw new UserError(
      `the lab has no host "${name}". Hosts: ${plan.hosts.map((each) => each.name).join(", ")}`,
    );
  const client = await connect(knownAddress(host.addresses.cluster).ipv4, keys, name);
  try {
    return await attach(client, command.join(" "));
  } finally {
    client.end();
  }
}

function connect(address: string, keys: LabKeys, name: string): Promise<ssh2.Client> {
  const pinned = keys.hosts[name]?.public.split(" ")[1] ?? "";
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.once("ready", () => resolve(client));
    client.once("error", (cause) =>
      reject(new UserError(`cannot reach ${name} at ${address}: ${cause.message}`)),
    );
    client.connect({
      host: address,
      username: LOGIN,
      privateKey: keys.ssh.private,
      readyTimeout: 10_000,
      hostVerifier: (key: Buffer) => key.toString("base64") === pinned,
    });
  });
}

/** Joins this terminal with a remote shell, or with one command. */
function attach(client: ssh2.Client, command: string): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const window = { term: process.env.TERM ?? "xterm", rows: stdout.rows ?? 24, cols: stdout.columns ?? 80 };
  return new Promise((resolve, reject) => {
    const joined = (cause: Error | undefined, channel: ssh2.ClientChannel) => {
      if (cause) return reject(cause);
      let code = 0;
      channel.on("exit", (status: number | null) => {
        code = status ?? 255;
      });
      channel.on("close", () => {
        if (stdin.isTTY) stdin.setRawMode(false);
        stdin.destroy();
        resolve(code);
      });
      if (stdin.isTTY) stdin.setRawMode(true);
      stdin.pipe(channel);
      channel.pipe(stdout, { end: false });
      channel.stderr.pipe(stderr, { end: false });
      stdout.on("resize", () => channel.setWindow(stdout.rows, stdout.columns, 0, 0));
    };
    if (command === "") client.shell(window, joined);
    else client.exec(command, joined);
  });
}
