import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runCommand } from "../../lab/docker/command";
import { freePort } from "./free-port";
import { goProgram } from "./go-program";

const PATIENCE_MS = 120_000;

export interface S3Login {
  access: string;
  secret: string;
}

/** A real S3 server (versitygw) on loopback, its buckets in a folder. */
export class S3Server {
  private readonly folder = mkdtempSync(join(tmpdir(), "nodewright-s3-"));
  readonly owner: S3Login = { access: "owner", secret: "it:has/colons+and/slashes" };
  private constructor(
    private readonly program: string,
    private readonly port: number,
  ) {}
  private child: ChildProcess | undefined;

  /** Undefined where it cannot be built. */
  static async start(): Promise<S3Server | undefined> {
    const program = await goProgram("github.com/versity/versitygw/cmd/versitygw", "v1.8.0");
    if (program === undefined) return undefined;
    const server = new S3Server(program, await freePort());
    await server.up();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Path of what a bucket holds. */
  path = (...names: string[]): string => join(this.folder, "buckets", ...names);

  private async up(): Promise<void> {
    const accounts = join(this.folder, "accounts");
    for (const each of [accounts, this.path()]) mkdirSync(each, { recursive: true });
    const login = ["--access", this.owner.access, "--secret", this.owner.secret];
    const words = [...login, "--port", `127.0.0.1:${this.port}`, "--iam-dir", accounts, "posix", this.path()];
    let said = "";
    const child = spawn(this.program, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data) => {
        said = `${said}${data}`.slice(-4_000);
      });
    const begun = performance.now();
    while (!(await fetch(this.url).catch(() => undefined))) {
      if (child.exitCode !== null || performance.now() - begun > PATIENCE_MS)
        throw new Error(`versitygw does not answer: ${said}`);
      await pause(100);
    }
  }

  async bucket(name: string): Promise<void> {
    const empty = createHash("sha256").digest("hex");
    const words = [
      ...["--silent", "--show-error", "--fail", "--request", "PUT"],
      ...["--header", `x-amz-content-sha256: ${empty}`, `${this.url}/${name}`],
    ];
    const { access, secret } = this.owner;
    const signed = ["--user", `${access}:${secret}`, "--aws-sigv4", "aws:amz:us-east-1:s3", ...words];
    const { status, stderr } = await runCommand("curl", signed);
    if (status !== 0) throw new Error(`bucket ${name}: ${stderr}`);
  }

  /** An account that owns nothing. */
  async account(access: string): Promise<S3Login> {
    const secret = `${access}'s own`;
    const admin = ["--access", this.owner.access, "--secret", this.owner.secret, "--endpoint-url", this.url];
    const words = [
      "admin",
      ...admin,
      "create-user",
      "--access",
      access,
      "--secret",
      secret,
      "--role",
      "user",
    ];
    const { status, stdout, stderr } = await runCommand(this.program, words);
    if (status !== 0) throw new Error(`account ${access}: ${stdout}${stderr}`);
    return { access, secret };
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      const end = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await end;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
