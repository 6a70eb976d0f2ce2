import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, createWriteStream } from "node:fs";

interface UnitOptions {
  name: string;
  /** What comes before each start but the first. */
  before?(): Promise<void>;
  command(): readonly [string, ...string[]];
  env?: Record<string, string>;
  log: string;
  /** What follows its end, before it is started again. */
  onEnd?(code: number | null, signal: NodeJS.Signals | null): void;
}

const RESTART_MS = 500;

/** A process that is started again whenever it ends, as systemd does it. */
export class Unit {
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = true;
  starts = 0;
  constructor(private readonly options: UnitOptions) {}

  start(): void {
    this.isStopped = false;
    this.starts++;
    const { command, env, log, onEnd } = this.options;
    const [program, ...args] = command();
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const file = createWriteStream(log, { flags: "a" });
    child.stdout?.pipe(file, { end: false });
    child.stderr?.pipe(file, { end: false });
    child.once("close", (code, signal) => {
      file.end();
      appendFileSync(log, `unit: ended with ${code ?? signal}\n`);
      if (this.child !== child) return;
      this.child = undefined;
      onEnd?.(code, signal);
      if (!this.isStopped) this.timer = setTimeout(() => void this.again(), RESTART_MS);
    });
    this.child = child;
  }

  private async again(): Promise<void> {
    await this.options.before?.();
    if (!this.isStopped) this.start();
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it for good. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGCONT");
    child.kill(signal);
    await ended;
  }
}
