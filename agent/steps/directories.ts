import type { Directory } from "../../cloud-init/document";
import { ensureFolder, inspect, isOwned, ownFolder } from "../disk";
import type { System } from "../system";
import { mustOwn, ownerOf } from "./ownership";
import type { Step } from "./step";

/** Makes folders and sets their owner and mode; never what lies in them, and none is ever removed. */
export const directories: Step = {
  name: "directories",
  async plan({ system, bundle: { document } }) {
    const wrong = await Promise.all(
      document.directories.map(async (each) => ((await isRight(system, each)) ? [] : [each])),
    );
    return wrong.flat().map((directory) => ({
      what: directory.path,
      apply: async () => {
        await ensureFolder(system, directory.path);
        await ownFolder(system, directory.path, await mustOwn(system, directory.path, directory));
      },
    }));
  },
};

async function isRight(system: System, directory: Directory): Promise<boolean> {
  const [entry, owner] = await Promise.all([inspect(system, directory.path), ownerOf(system, directory)]);
  return entry?.kind === "directory" && owner !== undefined && isOwned(entry, owner);
}
