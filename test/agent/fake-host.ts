import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeBundle } from "../../agent/bundle";
import { provision } from "../../agent/provision";
import type { Report } from "../../agent/report";
import type { ProvisionOptions } from "../../agent/run";
import { type Command, machine, type Outcome, type System } from "../../agent/system";
import type { HostDocument, Unit } from "../../cloud-init/document";

/** What a unit was started with: its unit file as systemd had read it, and the files on disk at that time. */
interface Running {
  unit: string;
  files: Record<string, string>;
}

const UNITS = "/etc/systemd/system";
const answer = (code: number, stdout: string | Buffer = "", stderr = ""): Outcome => ({
  code,
  stdout: Buffer.from(stdout),
  stderr,
});

/** A host in a folder, owned by whoever runs the tests. systemd, dpkg and the like are played; tar, cp and sync are real. */
export class FakeHost {
  readonly root = mkdtempSync(join(tmpdir(), "nodewright-host-"));
  readonly commands: string[] = [];
  readonly running = new Map<string, Running>();
  readonly failed = new Set<string>();
  readonly enabled = new Set<string>();
  readonly masked = new Set<string>();
  readonly packages = new Set<string>(["nftables"]);
  time = new Date("2026-01-01T00:00:00Z");
  room = { freeBytes: 50e9, totalBytes: 100e9 };
  /** Names that have an address. */
  readonly names = new Set<string>();
  /** Lines that went to the system's journal. */
  readonly logged: string[] = [];
  /** What the host tells of itself. A list gives a fact several times; ports have their unit after a tab. */
  facts: Record<string, string | string[]> = {
    ...{ arch: "x86_64", systemd: "252", kernel: "6.1.0-40-amd64", privilege: "root", bundle: "test/h1" },
    ...{ cores: "16", clock_mhz: "4000", memory_gb: "125.6", ecc: "yes", room_gb: "7100.0" },
    ...{ gzip_mb_per_s: "41.0", clock_synchronised: "yes", port: "tcp/22 sshd\tssh.service" },
  };
  /** Arguments of each time it was asked for them: a clock, and whether to be quiet. */
  readonly asked: string[][] = [];
  /** Number of touches after which the process is dead: nothing it does reaches the host any more. */
  lifetime = Number.POSITIVE_INFINITY;
  private readonly loaded = new Map<string, string>();
  private touches = 0;

  constructor() {
    this.write("/etc/passwd", `root:x:${process.getuid?.()}:${process.getgid?.()}::/root:/bin/sh\n`);
    this.write("/etc/group", `root:x:${process.getgid?.()}:\n`);
    this.write("/etc/os-release", 'ID=debian\nVERSION_ID="12"\n');
  }

  readonly system: System = {
    path: (path) => {
      this.touch();
      return join(this.root, path);
    },
    run: async (command, input) => {
      this.touch();
      this.commands.push(command.map((word) => word.replaceAll(this.root, "")).join(" "));
      return this.play(command, input);
    },
    space: async () => ({ ...this.room }),
    now: () => this.time,
    sleep: async (milliseconds) => {
      this.time = new Date(this.time.getTime() + milliseconds);
    },
  };

  async provision(document: HostDocument, options: Partial<ProvisionOptions> = {}): Promise<Report> {
    const bundle = decodeBundle(Buffer.from(JSON.stringify(document)), "test");
    return provision(this.system, bundle, { isDryRun: false, onStep: () => {}, ...options });
  }

  /** Lets a process run until it has touched the host so often, then forgets it. True if it died of that. */
  async killedAfter(touches: number, work: () => Promise<unknown>): Promise<boolean> {
    this.touches = 0;
    this.lifetime = touches;
    await work().catch(() => {});
    const isDead = this.touches > this.lifetime;
    this.lifetime = Number.POSITIVE_INFINITY;
    return isDead;
  }

  /** A new process: the one before is dead. */
  revive(): void {
    this.lifetime = Number.POSITIVE_INFINITY;
  }

  /** As systemd does by itself: with what lies on the disk then, and the unit file it has read before. */
  restartByItself(name: string): void {
    if (this.running.has(name)) this.start(name);
  }

  /** Commands that changed a unit since the last call: `stop a.service`. */
  takeActions(): string[] {
    return this.commands
      .splice(0)
      .flatMap(
        (line) =>
          /^systemctl ((?:start|stop|reload|disable|mask|unmask|daemon-reload).*)$/.exec(line)?.[1] ?? [],
      );
  }

  read = (path: string): string => readFileSync(join(this.root, path), "utf8");
  readBytes = (path: string): Buffer => readFileSync(join(this.root, path));
  list = (path: string): string[] => readdirSync(join(this.root, path)).sort();
  write(path: string, content: string | Buffer): void {
    mkdirSync(join(this.root, path, ".."), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }
  erase = (path: string): void => rmSync(join(this.root, path), { recursive: true });
  has(path: string): boolean {
    return readdirSync(join(this.root, path, "..")).includes(path.slice(path.lastIndexOf("/") + 1));
  }
  remove = (): void => rmSync(this.root, { recursive: true, force: true });

  private touch(): void {
    this.touches += 1;
    if (this.touches > this.lifetime) throw new Error("the process is dead");
  }

  private async play(command: Command, input?: Buffer): Promise<Outcome> {
    const [program, ...args] = command;
    switch (program) {
      case "systemctl":
        return this.systemctl(args);
      case "sh":
        // The script that asks a machine what it is; the judge of its answers is real.
        if (args[0] !== "-s") return machine().run(command, input);
        this.asked.push(args.slice(2));
        return answer(0, this.factLines());
      case "systemd-creds":
        return this.credentials(args, input);
      case "journalctl":
        return answer(0, `${args[1]} wrote this\n`);
      case "dpkg-query":
        return answer(
          1,
          args
            .slice(2)
            .flatMap((name) => (this.packages.has(name) ? [`${name} installed\n`] : []))
            .join(""),
        );
      case "apt-get":
        if (args[0] === "install")
          for (const name of args.filter((word) => /^[a-z]+$/.test(word)).slice(1)) this.packages.add(name);
        return answer(0);
      case "logger":
        this.logged.push(...(input ?? "").toString().trimEnd().split("\n"));
        return answer(0);
      case "timeout":
        return answer(this.names.has(args.at(-1) ?? "") ? 0 : 2);
      case "rpm":
      case "dnf":
        return answer(0);
      case "useradd":
        this.write(
          "/etc/passwd",
          `${this.read("/etc/passwd")}${args.at(-1)}:x:${process.getuid?.()}:${process.getgid?.()}::/:/bin/false\n`,
        );
        return answer(0);
      default:
        return machine().run(command, input);
    }
  }

  private factLines = (): string =>
    Object.entries(this.facts)
      .flatMap(([name, values]) => [values].flat().map((value) => `${name}\t${value}\n`))
      .join("");

  private systemctl([verb, ...args]: string[]): Outcome {
    const names = args.filter((word) => !word.startsWith("-"));
    if (verb === "show") return answer(0, names.map((name) => this.show(name)).join("\n"));
    if (verb === "daemon-reload") {
      for (const name of this.unitFiles()) this.loaded.set(name, this.read(`${UNITS}/${name}`));
      return answer(0);
    }
    for (const name of names) {
      if (verb === "mask") this.masked.add(name);
      if (verb === "unmask") this.masked.delete(name);
      if (verb === "reenable") this.enabled.add(name);
      if (verb === "disable") this.enabled.delete(name);
      if (verb === "reset-failed") this.failed.delete(name);
      if (verb === "stop" || verb === "disable") this.running.delete(name);
      if (verb === "reload") this.start(name);
      if (verb === "start" && !this.running.has(name) && !this.start(name))
        return answer(1, "", `Job for ${name} failed`);
    }
    return answer(0);
  }

  /** False, and a failed unit, where its file says `FAIL`. */
  private start(name: string): boolean {
    if (!this.loaded.has(name)) this.loaded.set(name, this.read(`${UNITS}/${name}`));
    const unit = this.loaded.get(name) ?? "";
    if (unit.includes("FAIL")) {
      this.failed.add(name);
      return false;
    }
    const files = Object.fromEntries(
      this.has("/etc/demo")
        ? this.list("/etc/demo").map((file) => [file, this.read(`/etc/demo/${file}`)])
        : [],
    );
    this.running.set(name, { unit, files });
    return true;
  }

  private unitFiles = (): string[] =>
    this.has("/etc/systemd") ? this.list(UNITS).filter((name) => !name.startsWith(".")) : [];

  private show(name: string): string {
    const isThere = this.unitFiles().includes(name);
    const isStale =
      isThere && this.loaded.has(name) && this.loaded.get(name) !== this.read(`${UNITS}/${name}`);
    const active = this.running.has(name) ? "active" : this.failed.has(name) ? "failed" : "inactive";
    return [
      `LoadState=${this.masked.has(name) ? "masked" : isThere ? "loaded" : "not-found"}`,
      `ActiveState=${active}`,
      `SubState=${active === "active" ? "running" : "dead"}`,
      `Result=${active === "failed" ? "exit-code" : "success"}`,
      "Type=exec",
      `UnitFileState=${this.enabled.has(name) ? "enabled" : "disabled"}`,
      `NeedDaemonReload=${isStale ? "yes" : "no"}`,
      "NRestarts=0",
      "",
    ].join("\n");
  }

  private credentials([verb, ...args]: string[], input: Buffer = Buffer.alloc(0)): Outcome {
    if (verb === "encrypt") return answer(0, `${Math.random()} ${input.toString("base64")}`);
    const path = args.find((word) => word.startsWith("/")) ?? "";
    return answer(0, Buffer.from(readFileSync(path, "utf8").split(" ")[1] ?? "", "base64"));
  }
}

/** A unit that starts whatever its file says, and reads `/etc/demo/<service>.conf`. */
export const unit = (service: string, changes: Partial<Unit> = {}): Unit => ({
  name: `${service}.service`,
  service,
  content: `[Service]\nExecStart=/bin/${service}\n[Install]\nWantedBy=multi-user.target\n`,
  onChange: "restart",
  reads: [`/etc/demo/${service}.conf`],
  runs: [],
  secrets: [],
  ...changes,
});

export const file = (service: string, content: string) => ({
  path: `/etc/demo/${service}.conf`,
  content,
  mode: "0640",
});

/** A small document; what is not given is empty. */
export const document = (changes: Partial<HostDocument> = {}): HostDocument => ({
  schema: 1,
  stack: "test",
  host: "h1",
  role: "rpc",
  mirror: "file:///mirror",
  packages: [],
  masked: [],
  users: [],
  directories: [],
  artifacts: [],
  files: [],
  units: [],
  ...changes,
});
