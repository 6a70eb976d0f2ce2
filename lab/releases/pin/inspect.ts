import { open, stat } from "node:fs/promises";
import { UserError } from "../../../components/core/config/finding";
import type { Release } from "../../../components/core/releases";
import { lastWords, type Run } from "../../docker/command";
import { sha256Of } from "../mirror";

export interface PackedFile {
  /** Without a leading `./`. */
  path: string;
  bytes: number;
  isExecutable: boolean;
}

/** A Debian package's own word on itself. */
export interface DebianFields {
  name: string;
  version: string;
  architecture: string;
  /** Names alone; of alternatives the first. */
  depends: string[];
  /** Its maintainer scripts, which hosts never run. */
  scripts: string[];
}

/** What a downloaded file is. */
export interface Inspection {
  bytes: number;
  sha256: string;
  format: Release["format"];
  /** Of an archive: its regular files. */
  files: PackedFile[];
  debian?: DebianFields;
}

/** Looks at a file by its content, whatever its name says, and unpacks nothing. Throws a `UserError` for what no host can take. */
export async function inspectFile(file: string, run: Run): Promise<Inspection> {
  const { size: bytes } = await stat(file);
  if (bytes === 0) throw new UserError("the file is empty: is the URL right?");
  const format = formatOf(await head(file));
  const sha256 = await sha256Of(file);
  const common = { bytes, sha256, format };
  switch (format) {
    case "file":
      return { ...common, files: [] };
    case "tar.gz":
      return { ...common, files: listed(await mustSay(run, "tar", ["-tvzf", file])) };
    case "zip":
      return { ...common, files: listed(await mustSay(run, "unzip", ["-Z", file])) };
    case "deb":
      return {
        ...common,
        files: listed(await mustSay(run, "dpkg-deb", ["--contents", file])),
        debian: await debianFields(file, run),
      };
  }
}

async function head(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** By the first bytes: file(1)'s magic numbers. */
function formatOf(start: Buffer): Release["format"] {
  const begins = (...bytes: number[]) => start.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (begins(0x1f, 0x8b)) return "tar.gz";
  if (begins(0x50, 0x4b, 3, 4)) return "zip";
  if (start.toString("latin1", 0, 8) === "!<arch>\n") return "deb";
  const packed = begins(0xfd, 0x37, 0x7a) ? "xz" : begins(0x28, 0xb5, 0x2f, 0xfd) ? "zstd" : undefined;
  if (packed !== undefined)
    throw new UserError(
      `the file is packed with ${packed}, which hosts cannot unpack: pack it as tar.gz or zip`,
    );
  if (/^\s*<(!doctype|html|\?xml)/i.test(start.toString("latin1")))
    throw new UserError("the server gave a web page, not the file: use the download's own URL");
  return "file";
}

async function mustSay(run: Run, program: string, words: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(program, words);
  if (status === 0) return stdout;
  throw new UserError(
    status === 127
      ? `${program} is needed to look into the file: install it (Debian, Ubuntu: apt-get install ${program === "dpkg-deb" ? "dpkg" : program}), then run this again`
      : `the file cannot be read, by ${program}: it is damaged, or was cut short\n${lastWords(stderr, 3)}`,
  );
}

/** Lines of GNU tar (dpkg-deb's too), of BSD tar, and of zipinfo: mode, size and path of each file. */
const LINES = [
  /^-([-\w]{9})\S*\s+\S+\/\S+\s+(\d+)\s+\S+\s+\S+\s+(.+)$/,
  /^-([-\w]{9})\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\w+\s+\d+\s+\S+\s+(.+)$/,
  /^-([-\w]{9})\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\S+\s+\S+\s+(.+)$/,
];

const listed = (text: string): PackedFile[] =>
  text.split("\n").flatMap((line) => {
    const [, mode = "", bytes, path] = LINES.map((each) => each.exec(line)).find((found) => found) ?? [];
    return path === undefined
      ? []
      : [{ path: path.replace(/^\.\//, ""), bytes: Number(bytes), isExecutable: mode.includes("x") }];
  });

const SCRIPTS = ["preinst", "postinst", "prerm", "postrm", "config"];

async function debianFields(file: string, run: Run): Promise<DebianFields> {
  const fields = new Map(
    (await mustSay(run, "dpkg-deb", ["--field", file, "Package", "Version", "Architecture", "Depends"]))
      .replaceAll(/\n\s+/g, " ")
      .split("\n")
      .flatMap((line): [string, string][] => {
        const [, key, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value]];
      }),
  );
  const control = await mustSay(run, "dpkg-deb", ["--info", file]);
  return {
    name: fields.get("Package") ?? "",
    version: fields.get("Version") ?? "",
    architecture: fields.get("Architecture") ?? "",
    depends: (fields.get("Depends") ?? "")
      .split(",")
      .flatMap((each) => /^\s*([a-z0-9][a-z0-9+.-]+)/.exec(each)?.[1] ?? []),
    scripts: SCRIPTS.filter((script) => new RegExp(`^ .*\\b${script}\\b`, "m").test(control)),
  };
}
