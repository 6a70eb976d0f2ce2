import { existsSync, readFileSync } from "node:fs";

/** A file of our own making, or undefined where there is none. */
export const readJson = <Value>(path: string): Value | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Value) : undefined;
