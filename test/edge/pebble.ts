import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../lab/docker/command";
import { freePort } from "../support/free-port";

const A = 1;
/** Seconds that a certificate is good. */
export const LIFETIME = 3600;

/** Let's Encrypt's own authority for tests, which asks for tokens as the real one does, on the port that it is given. */
export class Pebble {
  readonly folder = mkdtempSync(join(tmpdir(), "pebble-"));
  output = "";
  directory = "";
  private child: ChildProcess | undefined;
  private names: Server | undefined;

  async start(program: string, httpPort: number): Promise<this> {
    const [port, management] = [await freePort(), await freePort()];
    const [certificate, privateKey] = [join(this.folder, "cert.pem"), join(this.folder, "key.pem")];
    const made = await runCommand("openssl", [
      ...["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-newkey", "rsa:2048"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", privateKey, "-out", certificate],
    ]);
    if (made.status !== 0) throw new Error(made.stderr);
    const pebble = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${management}`,
      ...{ certificate, privateKey, httpPort, tlsPort: await freePort() },
      profiles: { default: { description: "short", validityPeriod: LIFETIME } },
    };
    const config = join(this.folder, "pebble.json");
    writeFileSync(config, JSON.stringify({ pebble }));
    this.names = await answerAll();
    this.child = spawn(
      program,
      ["-config", config, "-dnsserver", `127.0.0.1:${(this.names.address() as AddressInfo).port}`],
      {
        env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output = `${this.output}${text}`.slice(-100_000);
      });
    this.directory = `https://localhost:${port}/dir`;
    await this.listens();
    return this;
  }

  /** What a client must trust to speak to it. */
  get trusted(): string {
    return join(this.folder, "cert.pem");
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    this.names?.close();
    this.names = undefined;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    for (let attempt = 0; attempt < 1200; attempt++) {
      if (this.output.includes("ACME directory available")) return;
      if (this.child?.exitCode !== null) throw new Error(`pebble ended: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`pebble does not say that it listens: ${this.output}`);
  }
}

/** A name server for which every name is this machine (RFC 1035, 4.1); Pebble asks by TCP. */
async function answerAll(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    let held: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length > 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0);
        const answer = answerTo(held.subarray(2, end));
        socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
        held = held.subarray(end);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function answerTo(query: Buffer): Buffer {
  let end = 12;
  while (query[end] !== 0) end += (query[end] ?? 0) + 1;
  const question = query.subarray(12, end + 5);
  const isAddress = query.readUInt16BE(end + 1) === A;
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0]);
  const address = Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat([header, question, ...(isAddress ? [address] : [])]);
}
