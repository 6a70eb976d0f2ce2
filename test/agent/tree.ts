import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeHost } from "./fake-host";

/** Every path of a host that outlives a boot with what lies there; folders end with a slash. */
export function treeOf(
  { root }: FakeHost,
  { times = false, without = [] as RegExp[] } = {},
): Record<string, string> {
  const paths = (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => !path.startsWith("run/") && path !== "run")
    .filter((path) => !without.some((pattern) => pattern.test(`/${path}`)))
    .sort();
  return Object.fromEntries(
    paths.map((path) => {
      const found = lstatSync(join(root, path));
      const about = `${found.mode.toString(8)}${times ? ` ${found.ino} ${found.mtimeMs} ${found.ctimeMs}` : ""}`;
      return found.isDirectory()
        ? [`/${path}/`, about]
        : [`/${path}`, `${about} ${readFileSync(join(root, path), "utf8")}`];
    }),
  );
}
