import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";

/** Where the engine room keeps what it made; all of it may be deleted at any time and is made again. */
export interface EnginePlace {
  /** The whole room: `<root>/.nodewright/engine`. */
  readonly root: string;
  /** Own builds of the engine, a folder each, named by key. */
  readonly builds: string;
  /** Generated executables: stand-ins that an official installation lacks, and offline plugins. */
  readonly bin: string;
  /** PULUMI_HOME of an own build. */
  readonly home: string;
  /** One file for each plugin download that failed, so that it is not tried at every start. */
  readonly failedDownloads: string;
}

/** The folders below the project folder `projectRoot`; none of them is created here. */
export function enginePlace(projectRoot: string): EnginePlace {
  const root = resolve(projectRoot, ".nodewright", "engine");
  return {
    root,
    builds: join(root, "build"),
    bin: join(root, "bin"),
    home: join(root, "home"),
    failedDownloads: join(root, "failed-downloads"),
  };
}

/**
 * The user's own PATH folders. A program that was started with the environment of an earlier preparation has our
 * folders in front: taken for the user's, an own build would pass for an official installation.
 */
export function userPath(place: EnginePlace, environment: NodeJS.ProcessEnv): string[] {
  const own = place.root + sep;
  return (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder && !resolve(folder).startsWith(own));
}

/** The first executable file of that name in the folders, as an absolute path. */
export function findExecutable(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
