import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printContent } from "../../cloud-init/emit/file-content";
import type { EdgePlan } from "../../components/core/edge/edge-plan";
import { haproxyFiles } from "../../components/core/edge/haproxy-config";
import { PROJECT } from "../../stacks/stack-file";
import { until } from "./until";

/** With what it loads that a small system lacks. */
const PACKAGES = ["haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1"];
const UNPACKED = join(PROJECT, ".nodewright/haproxy");

/** The HAProxy that hosts run: this machine's own, or Debian's package unpacked beside the lab's files. */
export function haproxyProgram(): { program: string; env: NodeJS.ProcessEnv } {
  if (existsSync("/usr/sbin/haproxy")) return { program: "/usr/sbin/haproxy", env: process.env };
  if (!existsSync(UNPACKED)) unpack();
  const [library] = readdirSync(join(UNPACKED, "usr/lib")).filter((name) => name.endsWith("-linux-gnu"));
  const env = { ...process.env, LD_LIBRARY_PATH: join(UNPACKED, "usr/lib", library ?? "") };
  return { program: join(UNPACKED, "usr/sbin/haproxy"), env };
}

function unpack(): void {
  const work = `${UNPACKED}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const run = (program: string, words: string[]) =>
    spawnSync(program, words, { cwd: work, encoding: "utf8" });
  try {
    let said = run("apt-get", ["download", ...PACKAGES]);
    // A machine that has never asked for lists has none.
    if (said.status !== 0 && run("apt-get", ["update"]).status === 0)
      said = run("apt-get", ["download", ...PACKAGES]);
    if (said.status !== 0)
      throw new Error(`no haproxy on this machine, nor from its packages: ${said.stderr}`);
    for (const name of readdirSync(work).filter((each) => each.endsWith(".deb")))
      if (run("dpkg-deb", ["-x", name, join(work, "root")]).status !== 0)
        throw new Error(`${name} does not unpack`);
    renameSync(join(work, "root"), UNPACKED);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Longer than a reload takes on a very busy machine. */
const SIGNAL_MS = 60_000;

export class Haproxy {
  readonly folder = mkdtempSync(join(tmpdir(), "edge-"));
  output = "";
  /** How often a worker has come up. */
  private loads = 0;
  private child: ChildProcess | undefined;

  /** Writes what the plan says, as a host does, and starts it with master and worker. */
  async start(plan: Omit<EdgePlan, "folder">): Promise<this> {
    this.write(plan);
    const { program, env } = haproxyProgram();
    this.child = spawn(program, ["-W", "-db", "-f", join(this.folder, "haproxy.cfg")], { env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      // A piece may end within the words.
      let line = "";
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output = `${this.output}${text}`.slice(-1_000_000);
        const lines = `${line}${text}`.split("\n");
        line = lines.pop() ?? "";
        this.loads += lines.filter((each) => each.includes("Loading success")).length;
      });
    }
    await this.answers(plan.tls?.plainPort ?? plan.port);
    await until("HAProxy has started", () => this.loads > 0);
    return this;
  }

  write(plan: Omit<EdgePlan, "folder">): void {
    for (const { path, content } of haproxyFiles(
      { state: { folder: this.folder }, ...plan, folder: this.folder },
      join(this.folder, "haproxy.cfg"),
    ))
      writeFileSync(path, printContent(content));
  }

  /** As `systemctl reload` does, which keeps the next reload back until this one is through. */
  async reload(): Promise<void> {
    const before = this.loads;
    let next = 0;
    await until("HAProxy has reloaded", () => {
      // A signal that comes while it reads its files is lost.
      if (Date.now() >= next && this.loads === before) this.child?.kill("SIGUSR2");
      if (Date.now() >= next) next = Date.now() + SIGNAL_MS;
      return this.loads > before;
    });
  }

  /** Megabytes that master and workers hold. */
  memory(): number {
    const pages = (pid: number) => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8");
    const pids = [this.pid, ...children.split(" ").filter(Boolean).map(Number)];
    return (pids.reduce((sum, pid) => sum + pages(pid), 0) * 4096) / 1e6;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(port: number): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (this.child?.exitCode !== null) throw new Error(`haproxy ended: ${this.output}`);
      const isThere = await fetch(`http://127.0.0.1:${port}`, { method: "OPTIONS", redirect: "manual" }).then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`haproxy does not answer: ${this.output}`);
  }
}
