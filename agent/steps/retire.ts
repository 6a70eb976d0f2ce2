import { join } from "node:path";
import { inspect, list, remove } from "../disk";
import { PROGRAMS, SOFTWARE, UNITS } from "../layout";
import { after, during, type Manifest } from "../manifest";
import { mustRun, type System } from "../system";
import type { Change, Context, Step } from "./step";

/** Takes away what an earlier document put here and this one does not name: units first, they may read the files. */
export const retire: Step = {
  name: "retire",
  async plan({ system, bundle: { document }, manifest }) {
    const next = after(manifest, document);
    const gone = (kind: "units" | "masked" | "files" | "programs") =>
      manifest[kind].filter((name) => !next[kind].includes(name));
    const units = [...gone("units")].reverse();
    const paths = [...gone("files"), ...gone("programs").map((name) => join(PROGRAMS, name))];
    const present = await Promise.all(
      paths.map(async (path) => ((await inspect(system, path)) ? [path] : [])),
    );
    return [
      ...(await Promise.all(units.map((name) => retireUnit(system, name)))).flat(),
      ...(units.length > 0 ? [reload(system)] : []),
      ...present.flat().map((path) => ({ what: `remove ${path}`, apply: () => remove(system, path) })),
      ...gone("masked").map((name) => ({
        what: `unmask ${name}`,
        apply: async () => void (await mustRun(system, ["systemctl", "unmask", "--quiet", name])),
      })),
    ];
  },
};

async function retireUnit(system: System, name: string): Promise<Change[]> {
  const path = join(UNITS, name);
  if (!(await inspect(system, path))) return [];
  const apply = async () => {
    await mustRun(system, ["systemctl", "disable", "--quiet", "--now", name]);
    await remove(system, path);
  };
  return [{ what: `stop and remove ${name}`, apply }];
}

const reload = (system: System): Change => ({
  what: "daemon-reload",
  apply: async () => void (await mustRun(system, ["systemctl", "daemon-reload"])),
});

/** Takes away software that nothing runs any more, but the generation before: going back then needs no mirror. */
export const prune: Step = {
  name: "prune",
  async plan(context) {
    const kept = after(context.manifest, context.bundle.document).artifacts;
    const known = during(context.manifest, context.bundle.document).artifacts;
    const changes = await Promise.all(
      Object.keys(known).map((name) => pruneArtifact(context, name, kept[name])),
    );
    return changes.flat();
  },
};

async function pruneArtifact(
  { system }: Context,
  name: string,
  kept: Manifest["artifacts"][string] | undefined,
): Promise<Change[]> {
  const present = await list(system, join(SOFTWARE, name));
  const paths = kept
    ? present.filter((each) => !kept.includes(each)).map((each) => join(SOFTWARE, name, each))
    : present.length > 0
      ? [join(SOFTWARE, name)]
      : [];
  return paths.map((path) => ({ what: `remove ${path}`, apply: () => remove(system, path) }));
}
