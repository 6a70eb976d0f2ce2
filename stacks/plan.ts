import { Command } from "commander";
import { explain } from "../components/core/plan/explain";
import { planOf } from "./load";
import { told } from "./told";

/** `npm run plan -- STACK`: what a stack file comes to, before anything is touched. */
function main(): void {
  new Command("npm run plan --")
    .description("Explains what a stack will be: hosts, services, ports, software. Touches nothing.")
    .argument("<stack>", "name of a stack (stacks/config/Pulumi.<stack>.yaml), or path of a stack file")
    .option("--json", "print the plan as JSON")
    .action((stack: string, options: { json?: boolean }) => {
      const { plan, warnings } = planOf(stack);
      if (warnings !== "") process.stderr.write(`${warnings}\n\n`);
      process.stdout.write(`${options.json ? JSON.stringify(plan, null, 2) : explain(plan)}\n`);
    })
    .parse();
}

try {
  main();
} catch (cause) {
  told(cause);
}
