/** Whether a version comes before another: number by number, and a pre-release (`1.2.0-rc1`) before its release. */
export function isOlder(version: string, other: string): boolean {
  const [[one, onePre], [two, twoPre]] = [split(version), split(other)];
  for (let index = 0; index < Math.max(one.length, two.length); index += 1) {
    const step = (one[index] ?? 0) - (two[index] ?? 0);
    if (step !== 0) return step < 0;
  }
  if (onePre === "" || twoPre === "") return onePre !== "" && twoPre === "";
  return onePre.localeCompare(twoPre, "en", { numeric: true }) < 0;
}

function split(version: string): [numbers: number[], pre: string] {
  const [core = "", ...rest] = version.replace(/^v/, "").replace(/\+.*$/, "").split("-");
  return [core.split(".").map((part) => Number.parseInt(part, 10) || 0), rest.join("-")];
}
