import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Engine, prepareEngine } from "../../../lab/engine/prepare";

/** The project folder: its cached engine serves every test. */
export const PROJECT_ROOT = resolve(__dirname, "..", "..", "..");
/** Time for one engine build, should no test have needed the engine before. */
export const ENGINE_TIME_LIMIT_MS = 600_000;

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Pulumi project in a folder of its own, with its own state and passphrase. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-engine-"));
  private readonly env: NodeJS.ProcessEnv;

  constructor(engine: Engine, files: Readonly<Record<string, string>>) {
    this.write(files);
    mkdirSync(join(this.folder, "state"));
    this.env = {
      ...process.env,
      ...engine.env,
      PULUMI_BACKEND_URL: `file://${this.folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "only for this test",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
  }

  static async create(files: Readonly<Record<string, string>>): Promise<Sandbox> {
    const sandbox = new Sandbox(await prepareEngine({ root: PROJECT_ROOT, progress: () => {} }), files);
    sandbox.linkPackages(".");
    await sandbox.pulumi("stack", "init", "organization/sandbox/test");
    return sandbox;
  }

  /** Lets programs in `folder` resolve this project's npm packages. */
  linkPackages(folder: string): void {
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.folder, folder, "node_modules"));
  }

  unlinkPackages(folder: string): void {
    rmSync(join(this.folder, folder, "node_modules"));
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  start(...args: string[]) {
    return spawn("pulumi", ["--non-interactive", ...args], { cwd: this.folder, env: this.env });
  }

  pulumi(...args: string[]): Promise<Finished> {
    const child = this.start(...args);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => {
      output.stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      output.stderr += data.toString();
    });
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (status) => done({ status, ...output }));
    });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
