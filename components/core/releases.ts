import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits, as sha256sum prints them");
const relativePath = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./@+-]+$/, "a path inside the unpacked artifact");

/** A program of an artifact, put at `/opt/nodewright/bin/<name>`. */
const programSchema = z.strictObject({
  /** Path of the executable inside the unpacked artifact. */
  path: relativePath,
  /** Arguments that always come first. */
  args: z.array(z.string()).default([]),
  /** A program of another release that runs it, with the path as first argument: `node` for a bundle. */
  interpreter: z.string().optional(),
  /** Environment it needs. `{root}` stands for the folder where the artifact was unpacked. */
  env: z.record(z.string(), z.string()).default({}),
});

const entrySchema = z.strictObject({
  /** The name that services ask for: `nodeos`, `eos-evm-node`. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string().min(1),
  /** Pinned for everything that comes from outside; computed for what is built from this repository. */
  sha256: sha256.optional(),
  /**
   * `tar.gz`, `zip` and `deb` are unpacked; of a Debian package the files alone: its scripts never run. `file` is kept as
   * it is, under its program's path.
   */
  format: z.enum(["tar.gz", "zip", "deb", "file"]),
  /** Only these paths (and what lies below) are unpacked. Empty: all. */
  keep: z.array(relativePath).default([]),
  programs: z.record(z.string(), programSchema),
  /** The makers' word, over the artifact's bytes, that they are theirs: ed25519, in base64. Checked by every host. */
  signature: z
    .strictObject({
      /** Public key: SPKI in DER, or its 32 bytes alone. */
      key: z.base64(),
      value: z.base64(),
    })
    .optional(),
  /** Packages of the operating system that its programs need, by Debian's names: what a Debian package depends on. */
  packages: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, "a package's name")).optional(),
  /** Programs of other releases that it starts itself. */
  needs: z.array(z.string()).default([]),
  source: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("npm"), package: z.string() }),
    z.strictObject({
      kind: z.literal("pypi"),
      package: z.string(),
      python: z.string(),
      platform: z.string(),
    }),
    z.strictObject({ kind: z.literal("url"), url: z.url() }),
    /** Built from this repository, by the entry point named. */
    z.strictObject({ kind: z.literal("project"), entry: z.string() }),
  ]),
  /** Set where this is not the real software but takes its place: the reason, for people. */
  standIn: z.string().optional(),
});

export const releaseLockSchema = z.strictObject({
  releases: z.array(
    entrySchema.refine(({ sha256, source }) => (sha256 === undefined) === (source.kind === "project"), {
      path: ["sha256"],
      error: "pins everything but what is built from this repository",
    }),
  ),
});

export type LockEntry = z.infer<typeof entrySchema>;
export type Program = z.infer<typeof programSchema>;

/** One piece of software with its hash known: where it comes from, what its bytes hash to, what it runs. */
export type Release = LockEntry & { sha256: string };

/** What a host needs to know of a release: everything but where it came from. */
export type Artifact = Pick<Release, "name" | "version" | "sha256" | "format" | "keep" | "programs">;

export const programsOf = (release: Pick<Release, "programs">): string[] => Object.keys(release.programs);

/** The release that brings a program. */
export const releaseOf = (releases: readonly Release[], program: string): Release | undefined =>
  releases.find((release) => programsOf(release).includes(program));

/** The releases that bring these programs and all that they need in turn, each once, needed ones first. */
export function releasesFor(releases: readonly Release[], programs: readonly string[]): Release[] {
  const found: Release[] = [];
  const visit = (program: string, trail: readonly string[]): void => {
    const release = releaseOf(releases, program);
    if (!release || found.includes(release) || trail.includes(program)) return;
    const interpreters = Object.values(release.programs).flatMap(({ interpreter }) => interpreter ?? []);
    for (const need of [...interpreters, ...release.needs]) visit(need, [...trail, program]);
    found.push(release);
  };
  for (const program of programs) visit(program, []);
  return found;
}
