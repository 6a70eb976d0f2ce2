import type { z } from "zod";
import { type Path, pathText } from "./path";
import { isObject, type Properties, plainProperties, UNKNOWN } from "./value";

/** One refused property: where, as the program's author wrote it, and why. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

interface Issue {
  readonly path: Path;
  readonly reason: string;
}

const UNSUPPORTED =
  "is not a property that this project's own plugin supports; leave it out, or use the official plugin";

/**
 * All mistakes of `properties` under `schema`; `unsupported` is the reason against one that it does not name. What is not known yet (in a preview) counts as right: the same check
 * runs again with the real value before anything is done.
 */
export function problemsOf(
  schema: z.ZodType,
  properties: Properties,
  unsupported: string = UNSUPPORTED,
): Problem[] {
  const value = plainProperties(properties);
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues
    .flatMap((issue) => issuesOf(issue, unsupported))
    .filter((issue) => !leadsToUnknown(value, issue.path))
    .map((issue) => ({ property: pathText(issue.path), reason: issue.reason }));
}

function issuesOf(issue: z.core.$ZodIssue, unsupported: string): Issue[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], reason: unsupported }));
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ path, reason: `missing required property (${issue.expected})` }];
  }
  return [{ path, reason: issue.message }];
}

function leadsToUnknown(value: unknown, path: Path): boolean {
  let part = value;
  for (const step of path) {
    if (part === UNKNOWN) return true;
    part = Array.isArray(part) ? part[Number(step)] : isObject(part) ? part[String(step)] : undefined;
  }
  return part === UNKNOWN;
}
