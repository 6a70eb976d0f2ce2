import { mkdirSync } from "node:fs";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import { MIRROR } from "../../stacks/stack-file";
import { fetchReleases } from "../releases/fetch";

/** The program registers each artifact that the cloud keeps for its hosts, and the engine wants to see the file. */
export async function bringArtifacts(plan: Plan, progress: (line: string) => void): Promise<void> {
  mkdirSync(MIRROR, { recursive: true });
  const all = machinesOf(plan).flatMap(({ releases }) =>
    releases.map((release) => [release.sha256, release] as const),
  );
  await fetchReleases({ releases: [...new Map(all).values()], mirror: MIRROR, progress });
}
