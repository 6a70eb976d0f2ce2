import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { DATA_DISK, dataDiskScript } from "../../cloud-init/parts/data-disk";
import { hostOf, planOf } from "../support/sample";

interface CloudConfig {
  write_files: { path: string; permissions: string }[];
  runcmd: string[][];
}

describe("user data of a host with a data disk", () => {
  const plan = planOf();
  const host = hostOf(plan, "seed-a");
  const birthOf = (device?: string) => {
    const disk = { size: 50, type: "gp3", ...(device === undefined ? {} : { device }) };
    const changed = { ...host, disk };
    const { userData } = emitBirth({ ...plan, hosts: [changed] }, changed);
    return parse(userData) as CloudConfig;
  };

  it("mounts the disk, and provisions only if that went well", () => {
    const { write_files, runcmd } = birthOf("/dev/disk/by-id/google-data");
    expect(write_files.map(({ path }) => path)).to.include(DATA_DISK);
    expect(runcmd).to.have.length(1);
    expect(runcmd[0]?.slice(0, 3)).to.deep.equal([
      DATA_DISK,
      "/dev/disk/by-id/google-data",
      "/usr/lib/nodewright/bootstrap",
    ]);
    expect(runcmd[0]?.at(-1)).to.equal("provision");
  });

  it("has nothing of it where the disk is there already", () => {
    const { write_files, runcmd } = birthOf();
    expect(write_files.map(({ path }) => path)).not.to.include(DATA_DISK);
    expect(runcmd[0]?.[0]).to.equal("/usr/lib/nodewright/bootstrap");
  });
});

/** Whether this machine lets us attach a file as a disk, and mount it where nobody else sees it. */
const canMount = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync("sh", ["-c", "losetup -f && unshare --mount true && command -v mkfs.ext4 wipefs"]).status === 0;

describe("the data disk", function () {
  this.timeout(60_000);
  let folder: string;
  let loop: string;
  let mountPoint: string;
  let link: string;

  before(function () {
    if (!canMount()) this.skip();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-disk-"));
    mountPoint = join(folder, "data");
    link = join(folder, "vol-0123");
    mkdirSync(mountPoint);
    // Reloading the real systemd is no business of a test, and the host's own folder must not become immutable.
    for (const name of ["systemctl", "chattr"])
      writeFileSync(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(join(folder, "fstab"), "");
    writeFileSync(join(folder, "disk"), "");
    truncateSync(join(folder, "disk"), 64 * 2 ** 20);
    loop = spawnSync("losetup", ["--find", "--show", join(folder, "disk")], {
      encoding: "utf8",
    }).stdout.trim();
    symlinkSync(loop, link);
  });
  afterEach(() => {
    spawnSync("losetup", ["--detach", loop]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the script, then the shell command, in a mount namespace of their own that ends with them. */
  const birth = (device: string, command: string, patience = 1) => {
    writeFileSync(
      join(folder, "script"),
      dataDiskScript({ mountPoint, fstab: join(folder, "fstab"), patience }),
      { mode: 0o755 },
    );
    const words = ["--mount", join(folder, "script"), device, "sh", "-c", command];
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync("unshare", words, { encoding: "utf8", env });
    return { status, stdout, stderr };
  };
  const write = (text: string) => `echo ${text} > ${mountPoint}/file`;
  const read = () => `cat ${mountPoint}/file`;

  it("is formatted when it is empty, and kept from then on", () => {
    expect(birth(link, write("first"))).to.deep.equal({ status: 0, stdout: "", stderr: "" });
    expect(birth(link, read())).to.deep.equal({ status: 0, stdout: "first\n", stderr: "" });
    expect(readFileSync(join(folder, "fstab"), "utf8")).to.equal(
      `LABEL=nodewright-data ${mountPoint} ext4 defaults,noatime,nofail,x-systemd.growfs,x-systemd.device-timeout=90s 0 2\n`,
    );
  });

  it("is left alone when somebody else's file system is on it", () => {
    spawnSync("mkfs.ext4", ["-q", "-L", "theirs", loop]);
    const before = readFileSync(join(folder, "disk"));
    const { status, stderr } = birth(link, write("ours"));
    expect(status).to.equal(1);
    expect(stderr).to.include("holds something that is not ours (ext4 theirs )").and.include("e2label");
    expect(readFileSync(join(folder, "disk")).equals(before)).to.equal(true);
  });

  it("is left alone when something else than a file system is on it", () => {
    spawnSync("mkswap", [loop]);
    const before = readFileSync(join(folder, "disk"));
    expect(birth(link, write("ours")).stderr).to.include("holds something that is not ours");
    expect(readFileSync(join(folder, "disk")).equals(before)).to.equal(true);
  });

  it("is found by a pattern, by however many names", () => {
    symlinkSync(loop, join(folder, "vol-0123_1"));
    expect(birth(join(folder, "vol-*"), write("found"))).to.deep.include({ status: 0, stderr: "" });
  });

  it("is waited for, and the missing one is named with the way out", () => {
    const missing = join(folder, "vol-9*");
    const { status, stderr, stdout } = birth(missing, "echo installed");
    expect(status).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.include(`no disk ${missing} after 1 s`).and.include(`sudo ${DATA_DISK} '${missing}'`);
  });
});
