import { join } from "node:path";
import type { HostDocument } from "../../cloud-init/document";
import type { Artifact, Program } from "../../components/core/releases";
import { difference } from "../difference";
import { isWritten, readText, writeAtomic } from "../disk";
import { PROGRAMS } from "../layout";
import { supersede } from "../starts";
import { folderOf } from "./artifacts";
import { mustOwn, ownerOf } from "./ownership";
import type { Step } from "./step";

const EXECUTABLE = { mode: "0755" };

/** Writes the launchers: `/opt/nodewright/bin/<program>` runs the version that the document names. */
export const programs: Step = {
  name: "programs",
  prepare: supersede,
  async plan({ system, bundle: { document } }) {
    const changes = await Promise.all(
      launchers(document).map(async ({ path, content }) => {
        if (await isWritten(system, path, content, await ownerOf(system, EXECUTABLE))) return [];
        const apply = async () => writeAtomic(system, path, content, await mustOwn(system, path, EXECUTABLE));
        // A launcher says nothing but hashes in paths: the artifact's own line tells the change.
        return [{ what: path, apply, difference: difference(await readText(system, path), content, false) }];
      }),
    );
    return changes.flat();
  },
};

const launchers = ({ artifacts }: HostDocument): { path: string; content: string }[] =>
  artifacts.flatMap((artifact) =>
    Object.entries(artifact.programs).map(([name, program]) => ({
      path: join(PROGRAMS, name),
      content: launcher(artifact, program),
    })),
  );

/** A shell script that sets the program's environment and becomes the program. */
export function launcher(
  artifact: Pick<Artifact, "name" | "sha256">,
  { path, args, env, interpreter }: Program,
): string {
  const root = folderOf(artifact);
  const inPlace = (text: string) => text.replaceAll("{root}", root);
  const words = [
    ...(interpreter === undefined ? [] : [join(PROGRAMS, interpreter)]),
    join(root, path),
    ...args.map(inPlace),
  ];
  return [
    "#!/bin/sh",
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quote(inPlace(value))}`),
    `exec ${words.map(quote).join(" ")} "$@"`,
    "",
  ].join("\n");
}

/** Inside single quotes the shell takes every character as itself but the quote. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
