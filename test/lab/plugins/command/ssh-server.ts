import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, connect } from "node:net";
import { type Connection as ClientConnection, Server, type ServerChannel, utils } from "ssh2";
import type { Connection } from "../../../../lab/plugins/command/schema";
import { sshKeyPair } from "../../../../lab/ssh-key";

/** A key pair made for one test run. */
export function keyPair() {
  return sshKeyPair();
}

export const hostKey = keyPair();
export const userKey = keyPair();

export interface TestServer {
  readonly port: number;
  /** Commands as the host saw them in its argument list. */
  readonly commands: string[];
  readonly logins: string[];
  /** Ports that connections went on to through this host. */
  readonly forwarded: number[];
  /** Ends every connection, as a host that dies. */
  readonly drop: () => void;
  readonly stop: () => Promise<void>;
}

/** A real SSH server on loopback that runs commands by /bin/sh, as a host would. */
export function startServer(port = 0): Promise<TestServer> {
  const commands: string[] = [];
  const logins: string[] = [];
  const forwarded: number[] = [];
  const clients = new Set<ClientConnection>();
  const children = new Set<ChildProcess>();
  const server = new Server({ hostKeys: [hostKey.private] }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    client.on("error", () => {});
    acceptUser(client, logins);
    client.on("tcpip", (acceptForward, rejectForward, { destIP, destPort }) => {
      const far = connect(destPort, destIP);
      far.once("error", () => rejectForward());
      far.once("connect", () => {
        forwarded.push(destPort);
        const near = acceptForward();
        near.on("error", () => far.destroy());
        far.on("error", () => near.end());
        near.pipe(far).pipe(near);
      });
    });
    client.on("session", (acceptSession) => {
      acceptSession().on("exec", (acceptExec, _reject, { command }) => {
        commands.push(command);
        children.add(runFor(acceptExec(), command));
      });
    });
  });
  const drop = () => {
    for (const client of clients) client.end();
    for (const child of children) endGroup(child);
  };
  const stop = () => {
    drop();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve({ port: bound, commands, logins, forwarded, drop, stop });
    });
  });
}

function acceptUser(client: ClientConnection, logins: string[]): void {
  const known = utils.parseKey(userKey.public);
  client.on("authentication", (context) => {
    logins.push(context.method);
    if (context.method !== "publickey" || known instanceof Error) return context.reject(["publickey"]);
    const right = context.key.data.equals(known.getPublicSSH());
    if (!right) return context.reject(["publickey"]);
    if (
      context.signature &&
      context.blob &&
      !known.verify(context.blob, context.signature, context.hashAlgo)
    ) {
      return context.reject();
    }
    context.accept();
  });
}

function runFor(channel: ServerChannel, command: string): ChildProcess {
  const child = spawn("/bin/sh", ["-c", command], {
    env: { PATH: process.env.PATH ?? "" },
    stdio: "pipe",
    detached: true,
  });
  child.stdin.on("error", () => {});
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code, signal) => {
    if (signal) channel.exit(signal);
    else channel.exit(code ?? 0);
    channel.end();
  });
  return child;
}

/** Ends a command and what it started; one that has ended already is no error. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  } catch {}
}

/** How a client reaches a test server. */
export function connectionTo(port: number, changes: Partial<Connection> = {}): Connection {
  return {
    host: "127.0.0.1",
    port,
    user: "root",
    privateKey: userKey.private,
    dialErrorLimit: 10,
    perDialTimeout: 15,
    ...changes,
  };
}
