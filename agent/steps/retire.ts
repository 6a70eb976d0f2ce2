import { join } from "node:path";
import type { Difference } from "../difference";
import { inspect, list, readBytes, remove, sha256 } from "../disk";
import { PROGRAMS, SOFTWARE, UNITS } from "../layout";
import { after, during, type Manifest } from "../manifest";
import { mustRun, type System } from "../system";
import { type Change, type Context, documentsKept, type Step } from "./step";

/** Takes away what an earlier document put here and this one does not name: units first, they may read the files. */
export const retire: Step = {
  name: "retire",
  async plan({ system, bundle: { document }, manifest }) {
    const next = after(document, []);
    const unnamed = (kind: "units" | "masked" | "files" | "programs") =>
      manifest[kind].filter((name) => !next[kind].includes(name));
    const units = [...unnamed("units")].reverse();
    const paths = [...unnamed("files"), ...unnamed("programs").map((name) => join(PROGRAMS, name))];
    const removed = await Promise.all(paths.map((path) => removeFile(system, path)));
    return [
      ...(await Promise.all(units.map((name) => retireUnit(system, name)))).flat(),
      ...(units.length > 0 ? [reload(system)] : []),
      ...removed.flat(),
      ...unnamed("masked").map((name) => ({
        what: `unmask ${name}`,
        apply: async () => void (await mustRun(system, ["systemctl", "unmask", "--quiet", name])),
      })),
    ];
  },
};

async function removeFile(system: System, path: string): Promise<Change[]> {
  if (!(await inspect(system, path))) return [];
  const apply = () => remove(system, path);
  return [{ what: `remove ${path}`, apply, difference: await gone(system, path) }];
}

/** The hash of what is removed; none where a folder took the file's place. */
async function gone(system: System, path: string): Promise<Difference> {
  const isFile = (await inspect(system, path))?.kind === "file";
  return isFile ? { before: sha256((await readBytes(system, path)) ?? "") } : {};
}

async function retireUnit(system: System, name: string): Promise<Change[]> {
  const path = join(UNITS, name);
  if (!(await inspect(system, path))) return [];
  const apply = async () => {
    await mustRun(system, ["systemctl", "disable", "--quiet", "--now", name]);
    await remove(system, path);
  };
  return [{ what: `stop and remove ${name}`, apply, difference: await gone(system, path) }];
}

const reload = (system: System): Change => ({
  what: "daemon-reload",
  apply: async () => void (await mustRun(system, ["systemctl", "daemon-reload"])),
});

/** Takes away software that neither this nor a kept bundle names: going back to one of those needs no mirror. */
export const prune: Step = {
  name: "prune",
  async plan(context) {
    const kept = after(context.bundle.document, documentsKept(context)).artifacts;
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
