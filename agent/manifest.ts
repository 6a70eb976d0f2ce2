import { z } from "zod";
import type { HostDocument } from "../cloud-init/document";
import type { Artifact } from "../components/core/releases";
import { readState, writeState } from "./disk";
import { MANIFEST } from "./layout";
import type { System } from "./system";

const manifestSchema = z.object({
  units: z.array(z.string()),
  masked: z.array(z.string()),
  files: z.array(z.string()),
  programs: z.array(z.string()),
  /** Folders of each artifact, newest first. */
  artifacts: z.record(z.string(), z.array(z.string())),
});

/** What documents put on this host, by name: the only things that a later document's silence removes. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Generations of an artifact that stay on the disk. */
const GENERATIONS = 2;
const EMPTY: Manifest = { units: [], masked: [], files: [], programs: [], artifacts: {} };

export const readManifest = (system: System): Promise<Manifest> =>
  readState(system, MANIFEST, (value) => manifestSchema.parse(value), EMPTY);

/** The folder of an artifact's content, inside the folder of its name. */
export const generation = ({ sha256 }: Pick<Artifact, "sha256">): string => sha256.slice(0, 12);

/** What there will be once the document is in force. */
export function after(manifest: Manifest, document: HostDocument): Manifest {
  return {
    units: document.units.map(({ name }) => name),
    masked: document.masked,
    files: document.files.map(({ path }) => path),
    programs: document.artifacts.flatMap(({ programs }) => Object.keys(programs)),
    artifacts: Object.fromEntries(
      document.artifacts.map((artifact) => [
        artifact.name,
        generations(manifest, artifact).slice(0, GENERATIONS),
      ]),
    ),
  };
}

/** What there may be while the work goes on: killed at any point, the next run still knows what to remove. */
export function during(manifest: Manifest, document: HostDocument): Manifest {
  const next = after(manifest, document);
  const union = (one: string[], other: string[]) => [...new Set([...one, ...other])];
  return {
    units: union(next.units, manifest.units),
    masked: union(next.masked, manifest.masked),
    files: union(next.files, manifest.files),
    programs: union(next.programs, manifest.programs),
    artifacts: {
      ...manifest.artifacts,
      ...Object.fromEntries(
        document.artifacts.map((artifact) => [artifact.name, generations(manifest, artifact)]),
      ),
    },
  };
}

function generations(manifest: Manifest, artifact: Artifact): string[] {
  const current = generation(artifact);
  return [current, ...(manifest.artifacts[artifact.name] ?? []).filter((each) => each !== current)];
}

export async function writeManifest(system: System, manifest: Manifest): Promise<void> {
  if (JSON.stringify(await readManifest(system)) !== JSON.stringify(manifest))
    await writeState(system, MANIFEST, manifest);
}
