import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine, type System } from "../../agent/system";
import { dataDiskScript } from "../../cloud-init/parts/data-disk";

const MIB = 2 ** 20;
/** Number of a capability (capabilities(7), linux/capability.h). */
const SYS_RESOURCE = 24n;

/** A root of its own, of the machine's folders, with a `/data` that the machine has not. All mounts end with its process. */
const ENTER = `set -eu
mount -t tmpfs none "$1"
for entry in /*; do
  case $entry in /data | /lost+found) continue ;; esac
  if [ -L "$entry" ]; then cp -P "$entry" "$1/"; continue; fi
  [ -d "$entry" ] || continue
  mkdir "$1$entry"
  mount --rbind "$entry" "$1$entry"
done
mkdir "$1/data"
touch "$1/fstab"
echo ready
exec chroot "$1" cat`;

const PROGRAMS = "mkfs.ext4 wipefs debugfs dumpe2fs resize2fs e2label nsenter mkswap";

/** Why this machine cannot attach a file as a disk, and mount it where nobody else sees it; undefined if it can. */
export function whyNoDisks(): string | undefined {
  if (process.getuid?.() !== 0) return "only root attaches disks";
  const probe = `losetup --find && unshare --mount true && for each in ${PROGRAMS}; do command -v $each || exit 1; done`;
  const { status, stderr } = spawnSync("sh", ["-c", probe], { encoding: "utf8" });
  return status === 0 ? undefined : `no loop devices, mount namespaces or programs here ${stderr}`.trim();
}

/** Why the kernel lets nobody here grow an ext4 that is mounted (ext4_resize_begin); undefined if it does. */
export function whyNoGrowth(): string | undefined {
  const [, effective = "0"] =
    /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return (BigInt(`0x${effective}`) >> SYS_RESOURCE) & 1n ? undefined : "no CAP_SYS_RESOURCE here";
}

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A machine to which disks are attached that are files in truth. It shares nothing that it mounts with this one. */
export class DiskRoom {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-disk-"));
  /** Unlike that of real hosts, so that no other test's disk passes for a copy. */
  readonly label = `t-${Math.random().toString(36).slice(2, 12)}`;
  /** Words for env(1) before every command. */
  settings: string[] = [];
  private readonly loops: string[] = [];
  private holder: ChildProcess | undefined;

  /** Starts it anew, as a reboot does: nothing is mounted. */
  async boot(): Promise<void> {
    await this.halt();
    const root = mkdtempSync(join(this.folder, "root-"));
    const words = ["--mount", "--propagation", "private", "sh", "-c", ENTER, "sh", root];
    const holder = spawn("unshare", words, { stdio: ["pipe", "pipe", "inherit"] });
    this.holder = holder;
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => resolve());
      holder.once("close", (code) => reject(new Error(`no room for disks: exit ${code}`)));
    });
  }

  /** A disk of so many MiB; its device. */
  attach(size: number): string {
    const file = join(this.folder, `disk-${this.loops.length}`);
    writeFileSync(file, "");
    truncateSync(file, size * MIB);
    const { stdout } = spawnSync("losetup", ["--find", "--show", file], { encoding: "utf8" });
    this.loops.push(stdout.trim());
    return stdout.trim();
  }

  /** The cloud has enlarged it, or made it smaller, while it is in use. */
  resize(device: string, size: number): void {
    truncateSync(join(this.folder, `disk-${this.loops.indexOf(device)}`), size * MIB);
    spawnSync("losetup", ["--set-capacity", device]);
  }

  /** The first MiB, where everything has its mark. */
  head(device: string): string {
    const file = openSync(join(this.folder, `disk-${this.loops.indexOf(device)}`), "r");
    const bytes = Buffer.alloc(MIB);
    readSync(file, bytes, 0, MIB, 0);
    closeSync(file);
    return bytes.toString("base64");
  }

  /** A command as the machine's root. */
  run(...words: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync("nsenter", [...this.inside, ...words], { encoding: "utf8" });
    return { status, stdout, stderr };
  }

  /** One that goes on. */
  start(...words: string[]): ChildProcess {
    return spawn("nsenter", [...this.inside, ...words], { stdio: "ignore" });
  }

  /** First boot's script for this host, and the command behind it. */
  birth(words: string[], command = "true", patience = 1): Outcome {
    const script = join(this.folder, "data-disk");
    const text = dataDiskScript({ mountPoint: "/data", fstab: "/fstab", patience, label: this.label });
    // Reloading the real systemd is no business of a test.
    writeFileSync(join(this.folder, "systemctl"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(script, text, { mode: 0o755 });
    const path = `PATH=${this.folder}:${process.env.PATH}`;
    return this.run("env", path, script, ...words, "sh", "-c", command);
  }

  get system(): System {
    const here = machine(`/proc/${this.holder?.pid}/root`);
    return {
      ...here,
      // Nothing that a test waits for comes by itself.
      sleep: () => Promise.resolve(),
      run: ([program, ...args], input) => here.run(["nsenter", ...this.inside, program, ...args], input),
    };
  }

  /** To the end of everything that was mounted. */
  async halt(): Promise<void> {
    const { holder } = this;
    this.holder = undefined;
    if (!holder) return;
    const ended = new Promise((resolve) => holder.once("close", resolve));
    holder.stdin?.end();
    await ended;
  }

  async remove(): Promise<void> {
    await this.halt();
    for (const loop of this.loops) spawnSync("losetup", ["--detach", loop]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get inside(): string[] {
    return ["--target", String(this.holder?.pid), "--mount", "--root", "env", "--chdir=/", ...this.settings];
  }
}
