import { join } from "node:path";
import type { SignedArtifact as Artifact, HostDocument } from "../../cloud-init/document";
import { ensureFolder, inspect, list, move, readText, remove, writeAtomic } from "../disk";
import { download } from "../download";
import { DOWNLOADS, SOFTWARE } from "../layout";
import { generation } from "../manifest";
import { operatingSystem } from "../operating-system";
import { mustBeSigned } from "../signature";
import { type Command, HostError, mustRun, type System } from "../system";
import type { Step } from "./step";

/** Names the folder's content; written last, so a folder that has it is whole. */
const MARKER = ".nodewright";

export const folderOf = (artifact: Pick<Artifact, "name" | "sha256">): string =>
  join(SOFTWARE, artifact.name, generation(artifact));

/** Fetches and unpacks artifacts that are not there, each into a folder of its own. */
export const artifacts: Step = {
  name: "artifacts",
  async plan({ system, bundle: { document }, kept }) {
    const before = (name: string) => kept[0]?.document.artifacts.find((each) => each.name === name)?.sha256;
    return (await missingArtifacts(system, document)).map((artifact) => {
      const old = before(artifact.name);
      return {
        what: `${artifact.name} ${artifact.version}`,
        apply: () => install(system, document.mirror, artifact),
        difference: { ...(old === undefined ? {} : { before: old }), after: artifact.sha256 },
      };
    });
  },
};

/** Those that are not on the host, whole. */
export async function missingArtifacts(
  system: System,
  { artifacts: wanted }: Pick<HostDocument, "artifacts">,
): Promise<Artifact[]> {
  const missing = wanted.map(async (each) => ((await isThere(system, each)) ? [] : [each]));
  return (await Promise.all(missing)).flat();
}

const marker = ({ sha256, keep }: Artifact): string => `${JSON.stringify({ sha256, keep })}\n`;

async function isThere(system: System, artifact: Artifact): Promise<boolean> {
  return (await readText(system, join(folderOf(artifact), MARKER))) === marker(artifact);
}

async function install(system: System, mirror: string, artifact: Artifact): Promise<void> {
  const packed = join(DOWNLOADS, artifact.sha256);
  const folder = folderOf(artifact);
  // A name of this run's own: the tar of a run that was killed may still be writing to its.
  const fresh = `${folder}.${process.pid}`;
  try {
    await download(system, mirror, artifact.sha256, packed, async (path) => {
      if (artifact.signature) await mustBeSigned(system, path, artifact.name, artifact.signature);
    });
    await remove(system, fresh);
    await ensureFolder(system, fresh);
    await unpack(system, artifact, packed, fresh);
    await allowPrograms(system, artifact, fresh);
    await writeAtomic(system, join(fresh, MARKER), marker(artifact));
    // The name must not outlive a power cut that the content does not.
    await mustRun(system, ["sync", "--file-system", system.path(fresh)]);
    await remove(system, folder);
    await move(system, fresh, folder);
  } finally {
    await remove(system, packed);
    await remove(system, fresh);
  }
}

async function unpack(
  system: System,
  { format, keep, programs, name }: Artifact,
  packed: string,
  folder: string,
): Promise<void> {
  const [from, to] = [system.path(packed), system.path(folder)];
  switch (format) {
    case "tar.gz":
      await mustRun(system, [
        "tar",
        "--extract",
        "--gzip",
        `--file=${from}`,
        `--directory=${to}`,
        "--no-same-owner",
        "--",
        ...keep,
      ]);
      return;
    case "zip":
      await mustRun(system, ["bsdtar", "-x", "-f", from, "-C", to, "--no-same-owner", "--", ...keep]);
      return;
    case "deb":
      await mustRun(system, [
        "sh",
        "-c",
        await debReader(system),
        "sh",
        from,
        to,
        ...keep.map((path) => `./${path}`),
      ]);
      return;
    case "file": {
      const [target, ...others] = [...new Set(Object.values(programs).map(({ path }) => path))];
      if (target === undefined || others.length > 0)
        throw new HostError(`${name}: a release of one file has one program path`);
      await ensureFolder(system, join(folder, target, ".."));
      await mustRun(system, ["cp", "--", from, system.path(join(folder, target))]);
      return;
    }
    default:
      format satisfies never;
  }
}

/**
 * Takes the files out of a Debian package, as a pipe: unpacked they may be larger than memory. dpkg itself would run the
 * package's scripts as root, put files all over the host, and keep one version alone.
 */
async function debReader(system: System): Promise<string> {
  const { packageManager } = await operatingSystem(system);
  const source =
    packageManager === "apt" ? 'dpkg-deb --fsys-tarfile "$from"' : 'bsdtar -xOf "$from" "data.tar.*"';
  const reader =
    packageManager === "apt"
      ? 'tar --extract --file=- --directory="$to" --no-same-owner --'
      : 'bsdtar -x -f - -C "$to" --no-same-owner --';
  return `set -e; from=$1 to=$2; shift 2; ${source} | ${reader} "$@"`;
}

/** Whatever modes the archive has: root writes, anyone reads, and programs can be run. */
async function allowPrograms(system: System, { name, programs }: Artifact, folder: string): Promise<void> {
  const chmod: Command = [
    "chmod",
    "--recursive",
    "u=rwX,go=rX",
    ...(await list(system, folder)).map((entry) => system.path(join(folder, entry))),
  ];
  await mustRun(system, chmod);
  for (const [program, { path, interpreter }] of Object.entries(programs)) {
    if ((await inspect(system, join(folder, path)))?.kind !== "file") {
      throw new HostError(
        `${name}: the archive has no file ${path} for the program ${program}; correct the release lock`,
      );
    }
    if (interpreter === undefined) await mustRun(system, ["chmod", "0755", system.path(join(folder, path))]);
  }
}
