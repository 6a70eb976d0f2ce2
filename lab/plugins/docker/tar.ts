/** One file of an archive. */
export interface TarEntry {
  /** Absolute path in the container. */
  readonly file: string;
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const BLOCK = 512;

/**
 * A ustar archive (POSIX.1-1988) of plain files, the only thing the daemon's upload takes. Its times are zero: the same
 * files give the same bytes. Missing folders are made by the daemon.
 */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const files = entries.flatMap((entry) => {
    const padding = Buffer.alloc((BLOCK - (entry.content.length % BLOCK)) % BLOCK);
    return [header(entry), entry.content, padding];
  });
  return Buffer.concat([...files, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { prefix, name } = splitPath(entry.file.replace(/^\/+/, ""));
  block.write(name, 0);
  block.write(octal(entry.mode, 8), 100);
  block.write(octal(entry.uid, 8), 108);
  block.write(octal(entry.gid, 8), 116);
  block.write(octal(entry.content.length, 12), 124);
  block.write(octal(0, 12), 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  block.write(prefix, 345);
  // The checksum counts its own field as blanks, and is written as six digits, NUL, blank.
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

/** Digits and the closing NUL, as long as the field. */
function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}

/** ustar keeps 100 bytes of name and 155 of the folders before it. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  for (let cut = path.indexOf("/"); cut >= 0; cut = path.indexOf("/", cut + 1)) {
    const [prefix, name] = [path.slice(0, cut), path.slice(cut + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, name };
  }
  throw new Error(
    `the path /${path} is too long for an upload: shorten it to 250 bytes, its last part to 100`,
  );
}
