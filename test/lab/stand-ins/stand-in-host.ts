import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { computeAddress } from "ethers";
import { lab } from "../../../components/core/networks/lab";
import { bundleProgram, loadReleases } from "../../../stacks/releases";
import { anvilProgram } from "./anvil-program";
import { ShipServer } from "./ship-server";

/** The account of the test chain's genesis that has something to spend, and its key: of this test alone. */
export const RICH_KEY = `0x${"42".repeat(32)}`;
export const RICH = computeAddress(RICH_KEY);

/** The native development key that upstream prints in every sample. */
export const PRIVATE_KEY = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3";

/** A running stand-in and what it has printed. */
export interface Program {
  child: ChildProcess;
  output: () => string;
  /** Its exit status, once it has ended and all it printed was read. */
  ended: Promise<number | null>;
  stop: () => Promise<number | null>;
  says: (text: string) => Promise<void>;
}

/** A folder with the bundle as hosts get it, anvil, and the processes that a test starts. `close` ends them all. */
export class StandInHost {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-stand-ins-"));
  readonly genesis = join(this.folder, "genesis.json");
  private readonly running: Program[] = [];
  private readonly servers: { close: () => unknown }[] = [];

  private constructor(
    readonly bundle: string,
    private readonly anvil: { path: string; remove: () => void },
  ) {
    const { genesis } = lab.evm;
    writeFileSync(
      this.genesis,
      JSON.stringify({ ...genesis, alloc: { [RICH]: { balance: "1000000000000000000" } } }),
    );
  }

  static async open(): Promise<StandInHost> {
    const release = loadReleases("lab/releases/lock.json").releases.find(({ name }) => name === "stand-ins");
    if (!release) throw new Error("the lab's release lock has no stand-ins");
    const bundle = join(mkdtempSync(join(tmpdir(), "nodewright-bundle-")), "stand-ins.js");
    writeFileSync(bundle, bundleProgram(release));
    return new StandInHost(bundle, await anvilProgram());
  }

  /** The bundle as a program, before its own arguments; its environment names anvil. */
  get command(): string[] {
    return ["/usr/bin/env", `ANVIL=${this.anvil.path}`, process.execPath, this.bundle];
  }

  run(args: string[], env: NodeJS.ProcessEnv = {}): Program {
    const child = spawn(process.execPath, [this.bundle, ...args], {
      env: { PATH: process.env.PATH, ANVIL: this.anvil.path, ...env },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        text += data.toString();
      });
    const ended = once(child, "close").then(([status]) => status as number | null);
    const program: Program = {
      child,
      output: () => text,
      ended,
      stop: () => {
        child.kill("SIGTERM");
        return ended;
      },
      says: (wanted) =>
        until(() => {
          if (child.exitCode !== null && !text.includes(wanted))
            throw new Error(`ended, having said: ${text}`);
          return text.includes(wanted);
        }),
    };
    this.running.push(program);
    return program;
  }

  /** A native chain that grows, and its state history in the place of nodeos'. */
  async ship(port = 0): Promise<ShipServer> {
    return (await this.stillShip(port)).run();
  }

  /** One that grows only when it is told to. */
  async stillShip(port = 0): Promise<ShipServer> {
    const ship = await ShipServer.listen(port);
    this.servers.push(ship);
    return ship;
  }

  /** An HTTP server that answers each path with its JSON, and keeps the bodies it got. */
  async http(answers: Readonly<Record<string, unknown>>, port = 0) {
    const bodies: string[] = [];
    const server: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        bodies.push(Buffer.concat(chunks).toString());
        const answer = answers[request.url ?? ""];
        response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
      });
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    this.servers.push({ close });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, close };
  }

  async close(): Promise<void> {
    await Promise.all(
      this.running.map((program) => (program.child.exitCode === null ? program.stop() : undefined)),
    );
    for (const server of this.servers) server.close();
    this.anvil.remove();
    rmSync(join(this.bundle, ".."), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks again and again; the test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

/** One JSON-RPC exchange over HTTP. */
export async function send(url: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    body: text,
    headers: { "content-type": "application/json" },
  });
  return { status: response.status, answer: await response.json() };
}

/** The result of one call. */
export async function call(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const { answer } = await send(url, { jsonrpc: "2.0", id: 1, method, params });
  return (answer as { result?: unknown }).result;
}
