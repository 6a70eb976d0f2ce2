import { setTimeout as pause } from "node:timers/promises";
import { type AuthenticationType, Client, type ClientChannel, type ConnectConfig, utils } from "ssh2";
import { fingerprint, pinnedKey } from "./host-key";
import type { Connection } from "./schema";

/** An error that no further dial can mend. */
class Refused extends Error {}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
// sshd starts after cloud-init has put the keys in place, so a refused key stays refused; fail2ban bans after five.
const AUTHENTICATION_TRIES = 3;
// A host that dies during a command is noticed after 40 s, not after the kernel's two hours.
const KEEPALIVE = { keepaliveInterval: 10_000, keepaliveCountMax: 3 };

interface DialOptions {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** The first pause between two dials; it doubles up to five seconds. Default 500 ms. */
  readonly firstPauseMs?: number;
}

/**
 * An authenticated connection. While the host is not up yet it dials again, with pauses, until `dialErrorLimit` dials
 * have failed; each takes at most `perDialTimeout` seconds, so that an unreachable host fails within
 * (limit + 1) × (timeout + 5 s). A wrong host key, an unreadable key and refused credentials fail early.
 */
export async function dial(connection: Connection, options: DialOptions): Promise<Client> {
  if (!connection.proxy) return dialFrom(undefined, connection, options);
  const proxy = await dialFrom(undefined, connection.proxy, options);
  try {
    const client = await dialFrom(proxy, connection, options);
    client.once("close", () => proxy.end());
    return client;
  } catch (error) {
    proxy.end();
    throw error;
  }
}

/** Dials from this machine, or from a host that lets the connection through. */
async function dialFrom(
  proxy: Client | undefined,
  connection: Connection,
  options: DialOptions,
): Promise<Client> {
  const where = `${connection.user}@${connection.host}:${connection.port}`;
  const config = connectConfig(connection);
  let wait = options.firstPauseMs ?? FIRST_PAUSE_MS;
  let refusals = 0;
  for (let failed = 1; ; failed++) {
    try {
      const way = proxy && { sock: await through(proxy, connection) };
      return await connect(connection, { ...config, ...way }, options.signal);
    } catch (error) {
      if (options.signal.aborted) throw new Error(`cancelled while connecting to ${where}`);
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof Refused) throw new Error(`${where}: ${reason}`);
      if (isRefusal(error) && ++refusals >= AUTHENTICATION_TRIES) {
        throw new Error(
          `${where} refuses the login: check connection.user and its key or password (${reason})`,
        );
      }
      if (connection.dialErrorLimit >= 0 && failed > connection.dialErrorLimit) {
        throw new Error(
          `cannot reach ${where} by SSH after ${failed} dials: ${reason}; check its address and firewall, or raise connection.dialErrorLimit for a host that boots slowly`,
        );
      }
      if (failed === 1) options.note(`waiting for SSH on ${where}: ${reason}`);
    }
    // An abort ends the pause; the next dial then says so.
    await pause(wait, undefined, { signal: options.signal }).catch(() => {});
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}

const through = (proxy: Client, { host, port }: Connection): Promise<ClientChannel> =>
  new Promise((resolve, reject) => {
    proxy.forwardOut("127.0.0.1", 0, host, port, (error, channel) =>
      error ? reject(new Error(`the proxy cannot reach it: ${error.message}`)) : resolve(channel),
    );
  });

function isRefusal(error: unknown): boolean {
  return error instanceof Error && "level" in error && error.level === "client-authentication";
}

function connectConfig(connection: Connection): ConnectConfig {
  const { host, port, user, password, hostKey } = connection;
  const credentials = {
    ...privateKey(connection),
    ...(password === undefined ? {} : { password }),
    ...agent(connection),
  };
  const methods: AuthenticationType[] = [];
  if ("privateKey" in credentials) methods.push("publickey");
  if ("password" in credentials) methods.push("password");
  if ("agent" in credentials) methods.push("agent");
  if (methods.length === 0) {
    throw new Error(
      "connection has no privateKey, password or agentSocketPath, and no SSH agent is running: give one",
    );
  }
  return {
    ...{ host, port, username: user },
    ...credentials,
    authHandler: methods,
    // One clock for the whole dial, TCP included: see connect().
    readyTimeout: 0,
    ...KEEPALIVE,
    ...(hostKey === undefined ? {} : { algorithms: { serverHostKey: pinnedKey(hostKey).algorithms } }),
  };
}

function privateKey({ privateKey: key, privateKeyPassword: passphrase }: Connection) {
  if (key === undefined) return {};
  const parsed = utils.parseKey(key, passphrase);
  if (parsed instanceof Error) throw new Error(`connection.privateKey cannot be read: ${parsed.message}`);
  return { privateKey: key, ...(passphrase === undefined ? {} : { passphrase }) };
}

function agent(connection: Connection) {
  const path = connection.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  const needless = connection.privateKey !== undefined || connection.password !== undefined;
  return !path || (needless && connection.agentSocketPath === undefined) ? {} : { agent: path };
}

function connect(connection: Connection, config: ConnectConfig, signal: AbortSignal): Promise<Client> {
  const pinned = connection.hostKey === undefined ? undefined : pinnedKey(connection.hostKey);
  const client = new Client();
  return new Promise<Client>((resolve, reject) => {
    let refused: Refused | undefined;
    const settle = (end: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      end();
    };
    const fail = (error: Error) =>
      settle(() => {
        client.destroy();
        reject(refused ?? error);
      });
    const abort = () => fail(new Error("cancelled"));
    const limit = connection.perDialTimeout;
    const timer =
      limit > 0 ? setTimeout(() => fail(new Error(`no answer within ${limit} s`)), limit * 1000) : undefined;
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    // Stays on for good: a connection that breaks later also raises "error", and is seen by its "close".
    client.on("error", (error) =>
      fail(pinned && /no matching host key/i.test(error.message) ? otherKind(pinned.algorithms) : error),
    );
    client.once("close", () => fail(new Error("the host closed the connection")));
    client.once("ready", () => settle(() => resolve(client)));
    client.connect({
      ...config,
      hostVerifier: (key: Buffer) => {
        if (!pinned || key.equals(pinned.blob)) return true;
        refused = new Refused(
          `the host shows the key ${fingerprint(key)}, but connection.hostKey pins ${fingerprint(pinned.blob)}: another machine answers, or the host was made anew and the pin must follow`,
        );
        return false;
      },
    });
  });
}

function otherKind(algorithms: readonly string[]): Refused {
  return new Refused(
    `the host has no key of the kind that connection.hostKey pins (${algorithms.join(", ")})`,
  );
}
