import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dataFault, sizeDifference } from "../../agent/data-disk";
import { dataDisk } from "../../agent/steps/data-disk";
import type { HostDocument } from "../../cloud-init/document";
import { DATA_DISK } from "../../cloud-init/parts/data-disk";
import { document as empty } from "../agent/fake-host";
import { DiskRoom, whyNoDisks, whyNoGrowth } from "./disk-room";
import { unpackPackages } from "./unpacked-packages";

const ARCHITECTURE = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
const OWN = "eos/seed-1";
const write = (text: string) => `echo ${text} > /data/file`;
/** Writes them, as printf(1) spells them. */
const bytes = (disk: string, at: number, words: string): string[] => [
  ...["sh", "-c", `printf '${words}' | dd of=${disk} bs=1 seek=${at} status=none`],
];
const READ = "cat /data/file";

describe("the data disk", function () {
  this.timeout(120_000);
  let room: DiskRoom;
  let device: string;
  let link: string;

  before(function () {
    const reason = whyNoDisks();
    if (reason === undefined) return;
    console.log(`      skipped: ${reason}`);
    this.skip();
  });
  beforeEach(async () => {
    room = new DiskRoom();
    device = room.attach(64);
    link = join(room.folder, "vol-0123");
    symlinkSync(device, link);
    await room.boot();
  });
  afterEach(() => room.remove());

  const FSTAB = () =>
    `LABEL=${room.label} /data ext4 defaults,noatime,nofail,x-systemd.growfs,x-systemd.device-timeout=90s 0 2\n`;

  it("is formatted when it is empty, mounted without access times, and kept from then on", async () => {
    expect(room.birth([OWN, link], write("first"))).to.deep.equal({ status: 0, stdout: "", stderr: "" });
    expect(room.run("findmnt", "-no", "OPTIONS", "/data").stdout).to.include("noatime");
    expect(room.run("cat", "/fstab").stdout).to.equal(FSTAB());
    await room.boot();
    expect(room.birth([OWN, link], READ)).to.deep.equal({ status: 0, stdout: "first\n", stderr: "" });
  });

  it("is mounted once however often that is asked for", () => {
    for (const _ of "again") expect(room.birth([OWN, link], write("x")).status).to.equal(0);
    expect(room.run("findmnt", "-no", "SOURCE", "/data").stdout).to.equal(`${device}\n`);
    expect(room.run("cat", "/fstab").stdout).to.equal(FSTAB());
  });

  const OTHERS: [what: string, make: (disk: string) => string[][], seen: string][] = [
    ["another file system", (disk) => [["mkfs.ext4", "-q", "-L", "theirs", disk]], "(ext4 theirs)"],
    [
      "one whose label is nearly ours",
      (disk) => [["mkfs.ext4", "-q", "-L", `x${room.label}`, disk]],
      "(ext4 x",
    ],
    ["swap", (disk) => [["mkswap", "--quiet", disk]], "(swap)"],
    [
      "a partition table",
      (disk) => [
        // The boot record's only entry, of type 83 from sector 2048 on, and its mark.
        bytes(disk, 446, "\\0\\0\\0\\0\\203\\0\\0\\0\\0\\10\\0\\0\\0\\100"),
        bytes(disk, 510, "\\125\\252"),
      ],
      "(dos",
    ],
    ["something encrypted", (disk) => [bytes(disk, 0, "LUKS\\272\\276\\0\\2")], "(crypto_LUKS"],
  ];
  for (const [what, make, seen] of OTHERS)
    it(`is refused, byte for byte as it was, where it holds ${what}; with the way out`, () => {
      for (const words of make(device)) expect(room.run(...words).status).to.equal(0);
      const before = room.head(device);
      const { status, stderr, stdout } = room.birth([OWN, link], "echo installed");
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
      expect(stderr)
        .to.include(`${device} holds something that is not ours ${seen}`)
        .and.include(`sudo wipefs --all ${device}. Then run: sudo ${DATA_DISK} ${OWN} '${link}'`);
      expect(room.head(device)).to.equal(before);
    });

  it("is taken when its owner gives up what it held, by the words of the refusal", () => {
    room.run("mkswap", "--quiet", device);
    const { stderr } = room.birth([OWN, link]);
    const [, command = ""] = /: (sudo wipefs[^.]*)\./.exec(stderr) ?? [];
    expect(room.run("sh", "-c", command.replace("sudo ", "")).status).to.equal(0);
    expect(room.birth([OWN, link], write("ours")).status).to.equal(0);
  });

  describe("of another host", () => {
    beforeEach(async () => {
      expect(room.birth(["wax/history", link], write("theirs")).status).to.equal(0);
      await room.boot();
    });

    it("is refused, with whose it is", () => {
      const before = room.head(device);
      const { status, stderr } = room.birth([OWN, link], write("ours"));
      expect(status).to.equal(1);
      expect(stderr)
        .to.include(`${device} holds the data of wax/history, and this is ${OWN}`)
        .and.include(`sudo ${DATA_DISK} --adopt ${OWN} '${link}'`);
      expect(room.head(device)).to.equal(before);
    });

    it("is taken over, with all that is on it, where that is said", async () => {
      expect(room.birth(["--adopt", OWN, link], READ).stdout).to.equal("theirs\n");
      await room.boot();
      expect(room.birth([OWN, link], READ)).to.deep.equal({ status: 0, stdout: "theirs\n", stderr: "" });
    });
  });

  it("is refused beside a copy of it, which a boot could mount in its place", async () => {
    expect(room.birth([OWN, link], write("newest")).status).to.equal(0);
    await room.boot();
    const copy = room.attach(64);
    room.run("dd", `if=${device}`, `of=${copy}`, "bs=1M", "status=none");
    const { status, stderr } = room.birth([OWN, link]);
    expect(status).to.equal(1);
    expect(stderr).to.include(`${copy} bears the label ${room.label} as well`);
    expect(room.run("e2label", copy, "").status).to.equal(0);
    expect(room.birth([OWN, link], READ).stdout).to.equal("newest\n");
  });

  it("is found by a pattern, by however many names, and not where there are two", () => {
    symlinkSync(device, join(room.folder, "vol-0123_1"));
    const pattern = join(room.folder, "vol-*");
    expect(room.birth([OWN, pattern])).to.deep.include({ status: 0, stderr: "" });
    room.run("umount", "/data");
    const second = room.attach(64);
    symlinkSync(second, join(room.folder, "vol-0456"));
    const { stderr } = room.birth([OWN, pattern]);
    expect(stderr).to.include("is more than one disk").and.include(device).and.include(second);
  });

  it("is waited for, and the missing one is named with the way out", () => {
    const missing = join(room.folder, "vol-9*");
    const { status, stderr, stdout } = room.birth([OWN, missing], "echo installed");
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
    expect(stderr)
      .to.include(`no disk ${missing} after 1 s`)
      .and.include(`sudo ${DATA_DISK} ${OWN} '${missing}'`);
  });

  describe("at each provision", () => {
    const documentOf = (changes: Partial<HostDocument> = {}) =>
      empty({ stack: "eos", host: "seed-1", directories: [{ path: "/data", mode: "0755" }], ...changes });
    const stepOn = async (document: HostDocument) => {
      const bundle = { document, text: "", sha256: "" };
      const context = { system: room.system, bundle, manifest: { files: [], units: [] } as never, kept: [] };
      const changes = await dataDisk.plan(context);
      for (const { apply } of changes) await apply();
      return changes.map(({ what }) => what);
    };
    const sized = (size: number) => documentOf({ disk: { device: link, size } });
    const mib = () =>
      Number(room.run("df", "--output=size", "-BM", "/data").stdout.match(/^\s*(\d+)M$/m)?.[1]);

    beforeEach(() => {
      room.resize(device, 1024);
      expect(room.birth([OWN, link], write("kept")).status).to.equal(0);
    });

    /** Adds numbered lines to a file until it is stopped, each tenth of them safe on the disk. */
    const LOOP =
      "i=0; while echo $i >>/data/log; do i=$((i+1)); [ $((i % 10)) != 0 ] || sync -d /data/log; done";
    const lines = () => Number(room.run("sh", "-c", "cat /data/log | wc -l").stdout);

    const growsUnderAWriter = async (fileSystem: string) => {
      const writer = room.start("sh", "-c", LOOP);
      const more = async () => {
        const seen = lines();
        while (lines() <= seen) await new Promise((resolve) => setTimeout(resolve, 20));
      };
      try {
        await more();
        expect(await stepOn(sized(1))).to.deep.equal([]);
        const before = mib();
        room.resize(device, 3072);
        expect(await sizeDifference(room.system, sized(3))).to.equal(undefined);
        expect(await stepOn(sized(3))).to.deep.equal([`/data (${fileSystem}, 2.0 GiB more)`]);
        expect(mib()).to.be.above(before + 1800);
        expect(await stepOn(sized(3))).to.deep.equal([]);
        await more();
        expect(writer.exitCode).to.equal(null);
      } finally {
        const ended = new Promise((resolve) => writer.once("close", resolve));
        writer.kill("SIGKILL");
        await ended;
      }
      const log = room.run("cat", "/data/log").stdout.trimEnd().split("\n").map(Number);
      expect(log.every((value, index) => value === index)).to.equal(true);
      expect(room.run("sh", "-c", READ).stdout).to.equal("kept\n");
    };

    it("grows in place, once, under a process that writes: ext4", async function () {
      const reason = whyNoGrowth();
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        return this.skip();
      }
      await growsUnderAWriter("ext4");
      room.run("umount", "/data");
      expect(room.run("e2fsck", "-fn", device).status).to.equal(0);
    });

    it("and xfs, of an operator who made it so", async function () {
      const tree = await unpackPackages(room.folder, ["xfsprogs", "libinih1", "liburcu8"]);
      if (tree === undefined) return this.skip();
      const path = `${tree}/sbin:${tree}/usr/sbin:${process.env.PATH}`;
      room.settings = [
        `LD_LIBRARY_PATH=${tree}/usr/lib/${ARCHITECTURE}:${tree}/lib/${ARCHITECTURE}`,
        `PATH=${path}`,
      ];
      room.run("umount", "/data");
      const made = room.run("mkfs.xfs", "-q", "-f", device);
      expect(made.status, made.stderr).to.equal(0);
      expect(room.run("mount", device, "/data").status).to.equal(0);
      room.run("sh", "-c", `${write("kept")}; echo ${OWN} >/data/.nodewright-owner`);
      await growsUnderAWriter("xfs");
    });

    it("tells of a disk that is smaller or larger than the stack file wants, and keeps its data", async () => {
      expect(await stepOn(sized(2))).to.deep.equal([]);
      expect(await sizeDifference(room.system, sized(2))).to.match(
        /has 1\.0 GiB, .* wants 2: it was not enlarged/,
      );
      room.resize(device, 1088);
      expect(await stepOn(sized(1))).to.deep.equal([]);
      expect(await sizeDifference(room.system, sized(1))).to.include(
        "a disk never shrinks, and its data is kept",
      );
      expect(room.run("sh", "-c", READ).stdout).to.equal("kept\n");
    });

    it("is refused as another host's, as a copy, and where it is missing", async () => {
      expect(await dataFault(room.system, sized(1))).to.equal(undefined);
      expect(await dataFault(room.system, { ...sized(1), host: "seed-2" })).to.match(
        /holds the data of eos\/seed-1, and this is eos\/seed-2.*sudo rm \/data\/\.nodewright-owner/,
      );
      const elsewhere = documentOf({ disk: { device: join(room.folder, "vol-0999"), size: 1 } });
      expect(await dataFault(room.system, elsewhere)).to.include(
        `/data is ${device}, and the document wants`,
      );
      room.run("umount", "/data");
      expect(await dataFault(room.system, sized(1))).to.include(`the disk ${link} is missing`);
    });
  });
});
