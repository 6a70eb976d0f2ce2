import { join } from "node:path";
import { removeExecutable, typescriptArguments, writeNodeExecutable } from "./executable";

const SHIMS = join(__dirname, "shims");
const SDK_PROGRAM = join(SHIMS, "sdk-program.cjs");

/** The executables an official installation ships beside `pulumi`, with the Node arguments of our own. */
const STAND_INS: Readonly<Record<string, () => string[]>> = {
  "pulumi-language-nodejs": () => typescriptArguments(join(SHIMS, "language-host.ts")),
  "pulumi-analyzer-policy": () => [SDK_PROGRAM, "run-policy-pack"],
  "pulumi-resource-pulumi-nodejs": () => [SDK_PROGRAM, "dynamic-provider"],
};

/**
 * Puts a stand-in into `folder` for everything that `isOfficial` does not know, and takes away the others.
 * Returns the names written.
 */
export function placeStandIns(folder: string, isOfficial: (name: string) => boolean): string[] {
  const missing = Object.keys(STAND_INS).filter((name) => !isOfficial(name));
  for (const [name, nodeArguments] of Object.entries(STAND_INS)) {
    const path = join(folder, name);
    if (missing.includes(name)) writeNodeExecutable(path, nodeArguments());
    else removeExecutable(path);
  }
  return missing;
}
