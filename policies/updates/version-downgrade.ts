import type { HostDocument } from "../../cloud-init/document";
import { documentIn } from "../documents";
import type { Resource } from "../resource";
import { violation } from "../rule";
import { textOf } from "../value";
import type { UpdateRule } from "./step";

export const versionDowngrade: UpdateRule = {
  id: "version-downgrade",
  level: "mandatory",
  title: "no host gets an older version of what it runs",
  reason: "nodeos does not read the state of a newer one: it would stop, and replay from a snapshot",
  remedy:
    "go forward; to go back, restore the state of that version first (docs/recovery.md), with an exception of a day",
  check: (steps) =>
    steps.flatMap(({ before, after }) => {
      const [old, next] = [documentOf(before), documentOf(after)];
      if (!old || !next || !after) return [];
      return next.artifacts.flatMap(({ name, version }) => {
        const had = old.artifacts.find((artifact) => artifact.name === name)?.version;
        return had !== undefined && isOlder(version, had)
          ? [violation(after, `${next.host} would go from ${name} ${had} back to ${version}`)]
          : [];
      });
    }),
};

const documentOf = (resource: Resource | undefined): HostDocument | undefined => {
  const stdin = textOf(resource?.props.stdin);
  return stdin === undefined ? undefined : documentIn(stdin);
};

/** By the numbers of a version from the left; what follows a dash decides nothing. */
export function isOlder(left: string, right: string): boolean {
  const numbers = (version: string) => (version.split("-")[0] ?? "").match(/\d+/g)?.map(Number) ?? [];
  const [one, other] = [numbers(left), numbers(right)];
  for (let place = 0; place < Math.max(one.length, other.length); place++) {
    const [a, b] = [one[place] ?? 0, other[place] ?? 0];
    if (a !== b) return a < b;
  }
  return false;
}
