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
  /** Folders of each artifact, that of the document first. */
  artifacts: z.record(z.string(), z.array(z.string())),
});

/** What documents put on this host, by name: the only things that a later document's silence removes. */
export type Manifest = z.infer<typeof manifestSchema>;

const EMPTY: Manifest = { units: [], masked: [], files: [], programs: [], artifacts: {} };

export const readManifest = (system: System): Promise<Manifest> =>
  readState(system, MANIFEST, (value) => manifestSchema.parse(value), EMPTY);

/** The folder of an artifact's content, inside the folder of its name. */
export const generation = ({ sha256 }: Pick<Artifact, "sha256">): string => sha256.slice(0, 12);

/** What there will be once the document is in force: of artifacts also what the kept documents need. */
export function after(document: HostDocument, kept: readonly HostDocument[]): Manifest {
  return {
    units: document.units.map(({ name }) => name),
    masked: document.masked,
    files: document.files.map(({ path }) => path),
    programs: document.artifacts.flatMap(({ programs }) => Object.keys(programs)),
    artifacts: generations([document, ...kept].flatMap(({ artifacts }) => artifacts)),
  };
}

/** What there may be while the work goes on: killed at any point, the next run still knows what to remove. */
export function during(manifest: Manifest, document: HostDocument): Manifest {
  const next = after(document, []);
  const names = [...Object.keys(next.artifacts), ...Object.keys(manifest.artifacts)];
  return {
    units: union(next.units, manifest.units),
    masked: union(next.masked, manifest.masked),
    files: union(next.files, manifest.files),
    programs: union(next.programs, manifest.programs),
    artifacts: Object.fromEntries(
      names.map((name) => [name, union(next.artifacts[name] ?? [], manifest.artifacts[name] ?? [])]),
    ),
  };
}

const union = (one: readonly string[], other: readonly string[]): string[] => [
  ...new Set([...one, ...other]),
];

function generations(artifacts: readonly Artifact[]): Manifest["artifacts"] {
  const found: Manifest["artifacts"] = {};
  for (const artifact of artifacts)
    found[artifact.name] = union(found[artifact.name] ?? [], [generation(artifact)]);
  return found;
}

export async function writeManifest(system: System, manifest: Manifest): Promise<void> {
  if (JSON.stringify(await readManifest(system)) !== JSON.stringify(manifest))
    await writeState(system, MANIFEST, manifest);
}
