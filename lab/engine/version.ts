/** Finds the first `major.minor[.patch]` in a text; a missing patch counts as 0. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** True when `text` holds a version that is `minimum` or newer. Pre-release tags are ignored. */
export function isAtLeast(text: string, minimum: string): boolean {
  const found = parseVersion(text);
  const wanted = parseVersion(minimum);
  if (!found || !wanted) return false;
  const order = found
    .map((part, index) => part - (wanted[index] ?? 0))
    .find((difference) => difference !== 0);
  return (order ?? 0) >= 0;
}
