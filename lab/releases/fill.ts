import { stat } from "node:fs/promises";
import type { HostPlan } from "../../components/core/plan/plan";
import type { Release } from "../../components/core/releases";
import { type FetchOptions, fetchReleases } from "./fetch";
import { openMirror, sha256Of } from "./mirror";

/** `there`: and whole. */
export type ArtifactState = "fetched" | "there" | "missing" | "damaged";

export interface Filled {
  mirror: string;
  artifacts: (Pick<Release, "name" | "version" | "sha256"> & { bytes: number; state: ArtifactState })[];
  /** Files that were taken away. */
  pruned: string[];
}

export interface FillOptions extends Omit<FetchOptions, "releases"> {
  releases: readonly Release[];
  /** Only look, fetch and remove nothing. */
  check?: boolean;
  /** Take away what these releases do not name. */
  prune?: boolean;
}

/** Every release that these hosts install, once. */
export const releasesOf = (hosts: readonly HostPlan[]): Release[] => [
  ...new Map(hosts.flatMap(({ releases }) => releases.map((each) => [each.sha256, each] as const))).values(),
];

/** Brings a mirror to hold all of these releases, each verified; or says what it lacks. Throws a `UserError` where some cannot be had. */
export async function fillMirror({ check, prune, ...options }: FillOptions): Promise<Filled> {
  const { releases, mirror: folder } = options;
  const mirror = await openMirror(folder);
  const before = new Map<string, ArtifactState>();
  for (const { sha256 } of releases) before.set(sha256, await stateOf(mirror.path(sha256), sha256));
  if (!check) await fetchReleases(options);
  const pruned = prune && !check ? await mirror.prune(releases.map(({ sha256 }) => sha256)) : [];
  const artifacts = releases.map(async ({ name, version, sha256 }) => {
    const found = before.get(sha256) ?? "missing";
    const bytes = await stat(mirror.path(sha256)).then(
      ({ size }) => size,
      () => 0,
    );
    return { name, version, sha256, bytes, state: check || found === "there" ? found : ("fetched" as const) };
  });
  return { mirror: folder, artifacts: await Promise.all(artifacts), pruned };
}

const stateOf = (path: string, sha256: string): Promise<ArtifactState> =>
  sha256Of(path).then(
    (found) => (found === sha256 ? "there" : "damaged"),
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return "missing";
      throw cause;
    },
  );
