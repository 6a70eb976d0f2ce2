import { join } from "node:path";
import type { HostDocument, HostFile } from "../../cloud-init/document";
import { difference } from "../difference";
import { isWritten, readText, writeAtomic } from "../disk";
import { UNITS } from "../layout";
import { supersede } from "../starts";
import { mustRun, type System } from "../system";
import { showUnits } from "../systemd";
import { mustOwn, ownerOf } from "./ownership";
import type { Change, Context, Step } from "./step";

/** Writes files whose content, owner or mode differ. */
export const files: Step = {
  name: "files",
  prepare: supersede,
  plan: (context) => writes(context, context.bundle.document.files),
};

/** Writes unit files, tells systemd, and enables them for the next boot. */
export const units: Step = {
  name: "units",
  prepare: supersede,
  async plan(context) {
    const written = await writes(
      context,
      context.bundle.document.units.map(({ name, content }) => unitFile(name, content)),
    );
    return [...written, ...(await reload(context, written.length > 0)), ...(await enables(context, written))];
  },
};

const unitFile = (name: string, content: string): HostFile => ({
  path: join(UNITS, name),
  content,
  mode: "0644",
});

async function writes({ system, kept }: Context, wanted: readonly HostFile[]): Promise<Change[]> {
  const changes = wanted.map(async (file): Promise<Change[]> => {
    if (await isRight(system, file)) return [];
    const old = await readText(system, file.path);
    const isOurs = kept.some(({ document }) => contentOf(document, file.path) === old);
    return [
      {
        what: file.path,
        apply: async () =>
          writeAtomic(system, file.path, file.content, await mustOwn(system, file.path, file)),
        difference: difference(old, file.content, isOurs),
      },
    ];
  });
  return (await Promise.all(changes)).flat();
}

/** What a document puts at a path. */
const contentOf = ({ files, units }: HostDocument, path: string): string | undefined =>
  files.find((file) => file.path === path)?.content ??
  units.find(({ name }) => join(UNITS, name) === path)?.content;

const isRight = async (system: System, file: HostFile): Promise<boolean> =>
  isWritten(system, file.path, file.content, await ownerOf(system, file));

/** systemd itself knows whether a run before this one was killed between writing and reloading. */
async function reload({ system, bundle: { document } }: Context, hasWritten: boolean): Promise<Change[]> {
  const states = await showUnits(
    system,
    document.units.map(({ name }) => name),
  );
  const isDue = hasWritten || [...states.values()].some(({ needsReload }) => needsReload);
  if (!isDue) return [];
  return [
    {
      what: "daemon-reload",
      apply: async () => void (await mustRun(system, ["systemctl", "daemon-reload"])),
    },
  ];
}

/** A rewritten unit is enabled anew: its [Install] section may name other targets than before. */
async function enables(
  { system, bundle: { document } }: Context,
  written: readonly Change[],
): Promise<Change[]> {
  const states = await showUnits(
    system,
    document.units.map(({ name }) => name),
  );
  const isNew = (name: string) => written.some(({ what }) => what === join(UNITS, name));
  return document.units
    .filter(({ content }) => /^\[Install\]$/m.test(content))
    .filter(({ name }) => isNew(name) || states.get(name)?.enabled !== "enabled")
    .map(({ name }) => ({
      what: `enable ${name}`,
      apply: async () => void (await mustRun(system, ["systemctl", "reenable", "--quiet", name])),
    }));
}
