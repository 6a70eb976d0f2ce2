import { mkdirSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { machinesOf } from "../components/core/plan/plan";
import { planOf } from "../stacks/load";
import { MIRROR } from "../stacks/stack-file";
import { fetchReleases } from "./releases/fetch";

/** `npm run mirror -- STACK`: what the hosts of a stack install, verified, for `pulumi up` to put where they reach it. */
async function mirror(nameOrPath: string): Promise<void> {
  const { plan } = planOf(nameOrPath);
  const releases = [
    ...new Map(
      machinesOf(plan).flatMap((host) => host.releases.map((each) => [each.sha256, each] as const)),
    ).values(),
  ];
  mkdirSync(MIRROR, { recursive: true });
  const progress = (line: string) => void process.stderr.write(`  ${line}\n`);
  const { fetched } = await fetchReleases({ releases, mirror: MIRROR, progress });
  process.stdout.write(`${releases.length} artifacts in .nodewright/mirror, ${fetched} of them new\n`);
}

new Command("npm run mirror --")
  .description(
    "Fetches and verifies what the hosts of a stack install. Run it before `pulumi up` on a cloud.",
  )
  .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file")
  .action(mirror)
  .parseAsync()
  .catch((cause: unknown) => {
    if (!(cause instanceof UserError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exitCode = 1;
  });
