import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { planOf } from "../../stacks/load";
import { told } from "../../stacks/told";
import { bringArtifacts } from "../preview/artifacts";
import { preparePreview } from "../preview/engine";
import { openPreviewRoom } from "../preview/room";
import { junitOf, printText, sarifOf } from "./report";
import { judgeStack } from "./run";

interface Options {
  sarif?: string;
  junit?: string;
  json?: boolean;
  simulate?: boolean;
}

const tell = (line: string) => void process.stderr.write(`  ${line}\n`);

/** Judges what `pulumi up` would make of a stack. Answers with the exit code: 1 where a mandatory rule does not hold. */
async function policy(nameOrPath: string, options: Options): Promise<number> {
  const { plan } = planOf(nameOrPath);
  await bringArtifacts(plan, tell);
  const { setup } = await preparePreview(plan, options.simulate === true, tell);
  tell(setup.summary);
  const room = openPreviewRoom(nameOrPath, plan, { fresh: false, applies: false });
  const { report, status } = await judgeStack(nameOrPath, setup, room);
  if (options.sarif !== undefined)
    writeFileSync(options.sarif, `${JSON.stringify(sarifOf(report), null, 2)}\n`);
  if (options.junit !== undefined) writeFileSync(options.junit, junitOf(report));
  const findings = report.findings.map(({ rule: { id }, ...finding }) => ({ policy: id, ...finding }));
  process.stdout.write(
    options.json ? `${JSON.stringify({ stack: report.stack, findings }, null, 2)}\n` : printText(report),
  );
  return status;
}

new Command("npm run policy --")
  .description(
    "Whether what `pulumi up` would make of a stack keeps every rule of docs/policies.md, by a preview on the real engine. Ends with 1 where it does not.",
  )
  .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file")
  .option("--sarif <file>", "also write the findings as SARIF 2.1.0, which code hosts show beside the code")
  .option("--junit <file>", "also write them as JUnit XML, a case for each rule")
  .option("--json", "print them as JSON")
  .option("--simulate", "take the simulated cloud even where the official plugin is installed")
  .action(async (stack: string, options: Options) => {
    process.exitCode = await policy(stack, options);
  })
  .parseAsync()
  .catch(told);
