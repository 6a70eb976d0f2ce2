import { Command } from "commander";
import { UserError } from "../../components/core/config/finding";
import { planOf } from "../../stacks/load";
import { told } from "../../stacks/told";
import { bringArtifacts } from "./artifacts";
import { preparePreview } from "./engine";
import { openPreviewRoom } from "./room";
import { runPulumi } from "./run";

interface Options {
  json?: boolean;
  diff?: boolean;
  simulate?: boolean;
  fresh?: boolean;
  up?: boolean;
  refresh?: boolean;
  destroy?: boolean;
}

const tell = (line: string) => void process.stderr.write(`  ${line}\n`);

/** What the engine would do, or with `--up` does to a simulated cloud. Answers with the engine's exit code. */
async function preview(nameOrPath: string, options: Options): Promise<number> {
  // Warnings come from the program, by the engine.
  const { plan } = planOf(nameOrPath);
  await bringArtifacts(plan, tell);
  const { setup, simulated } = await preparePreview(plan, options.simulate === true, tell);
  tell(setup.summary);
  const verb = verbOf(options);
  if (verb !== "preview" && !simulated)
    throw new UserError(
      `--${verb} is for simulated clouds: the official plugins are here, so run \`pulumi ${verb}\` itself, or add --simulate`,
    );
  const room = openPreviewRoom(nameOrPath, plan, {
    fresh: options.fresh === true,
    applies: verb !== "preview",
  });
  const status = await runPulumi(setup, room, verb, options);
  if (simulated)
    tell(
      `${plan.target.name} is simulated here: nothing real was asked, made or changed. It refuses what the real one is known to refuse; quotas and stock it cannot know.`,
    );
  return status;
}

function verbOf({ up, refresh, destroy }: Options): "preview" | "up" | "refresh" | "destroy" {
  const verbs = [up && "up", refresh && "refresh", destroy && "destroy"].filter((verb) => verb !== undefined);
  if (verbs.length > 1)
    throw new UserError("--up, --refresh and --destroy do not go together: give one of them");
  return (verbs[0] as "up" | "refresh" | "destroy" | undefined) ?? "preview";
}

new Command("npm run preview --")
  .description(
    "What `pulumi up` would do for a stack, by the real engine. Where the cloud's official plugin is missing, a simulated cloud answers.",
  )
  .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file")
  .option("--diff", "show every property")
  .option("--json", "print the engine's own JSON")
  .option("--simulate", "take the simulated cloud even where the official plugin is installed")
  .option("--up", "apply to the simulated cloud, so that the next preview shows the difference")
  .option("--refresh", "look at what was made in the simulated cloud, as pulumi refresh does")
  .option("--destroy", "take down what was applied to the simulated cloud")
  .option("--fresh", "forget what was applied before")
  .action(async (stack: string, options: Options) => {
    process.exitCode = await preview(stack, options);
  })
  .parseAsync()
  .catch(told);
