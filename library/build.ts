import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { releaseLockSchema } from "../components/core/releases";
import { builtProgram, bundleProgram, parseLock } from "../stacks/releases";
import { PROJECT } from "../stacks/stack-file";
import { emitDeclarations } from "./declarations";

const DIST = join(PROJECT, "dist");
/** The release lock that comes with the package, and names what is built from this repository. */
const LOCK = join(PROJECT, "lab", "releases", "lock.json");

/** `npm run build`: what `npm pack` packs. The program in one file, its types, and the programs that hosts run. */
function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  buildSync({
    entryPoints: [join(PROJECT, "library", "index.ts")],
    absWorkingDir: PROJECT,
    outfile: join(DIST, "index.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // A team's programs and ours must share one SDK, and one zod.
    packages: "external",
    logLevel: "warning",
  });
  for (const [path, text] of emitDeclarations()) write(join(DIST, "types", path), text);
  const { releases } = releaseLockSchema.parse(parseLock(readFileSync(LOCK, "utf8")).value);
  for (const release of releases)
    if (release.source.kind === "project") write(builtProgram(release.name), bundleProgram(release));
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

build();
