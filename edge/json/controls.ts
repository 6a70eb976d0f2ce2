const SPACE = 0x20;
const HIGHEST = 0x80808080;
const SPACES = 0x20202020;

/**
 * Whether a byte below the space is among them, which belongs into no string of JSON. Four at a time, and four of these: a
 * pattern takes five times as long. (By subtraction a byte below the space gets its highest bit, and had none before.)
 */
export function hasControls(bytes: Buffer): boolean {
  const isControl = (byte: number) => byte < SPACE;
  if (bytes.length < SPACE) return bytes.some(isControl);
  // Words lie at addresses that four divides.
  const lead = -bytes.byteOffset & 3;
  const count = (bytes.length - lead) >> 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, count);
  const most = count & ~3;
  let found = 0;
  for (let at = 0; at < most; at += 4) {
    const a = words[at] ?? 0;
    const b = words[at + 1] ?? 0;
    const c = words[at + 2] ?? 0;
    const d = words[at + 3] ?? 0;
    found |= ((a - SPACES) & ~a) | ((b - SPACES) & ~b) | ((c - SPACES) & ~c) | ((d - SPACES) & ~d);
  }
  if (found & HIGHEST) return true;
  return bytes.subarray(0, lead).some(isControl) || bytes.subarray(lead + most * 4).some(isControl);
}
