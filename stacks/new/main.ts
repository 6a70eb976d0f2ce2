import { existsSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { UserError } from "../../components/core/config/finding";
import type { Plan } from "../../components/core/plan/plan";
import { CONFIG_DIR, PROJECT } from "../stack-file";
import { told } from "../told";
import type { Answers } from "./answers";
import { asked, withDefaults } from "./ask";
import { compose, KNOWN } from "./compose";

/** `npm run new -- STACK`: a stack file that holds, from a few answers; or every mistake, and no file. */
async function create(nameOrPath: string, flags: Answers): Promise<void> {
  const path = /\.ya?ml$/.test(nameOrPath)
    ? resolve(nameOrPath)
    : join(CONFIG_DIR, `Pulumi.${nameOrPath}.yaml`);
  const shown = relative(PROJECT, path).startsWith("..") ? path : relative(PROJECT, path);
  const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(path))?.[1];
  if (stack === undefined) throw new UserError(`${shown} is no stack file's name: write Pulumi.<stack>.yaml`);
  if (existsSync(path)) throw new UserError(`${shown} is there already: nothing was written`);
  const answers = process.stdin.isTTY ? await atTerminal(flags) : withDefaults(flags);
  const { text, plan, warnings } = compose(stack, answers);
  // Another run may have made it since.
  writeFileSync(path, text, { flag: "wx" });
  if (warnings !== "") process.stderr.write(`${warnings}\n\n`);
  process.stdout.write(written(shown, nameOrPath, plan));
}

async function atTerminal(flags: Answers): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await asked(flags, (question) => terminal.question(question));
  } finally {
    terminal.close();
  }
}

function written(file: string, stack: string, { hosts, pools, cost }: Plan): string {
  const most = Math.ceil(cost?.most ?? 0);
  return [
    `${file}: ${hosts.length + pools.length} hosts and pools${most > 0 ? `, at most ${most} USD a month` : ""}`,
    "",
    `  npm run plan -- ${stack}      what it comes to`,
    `  npm run doctor -- ${stack}    what is missing before the first pulumi up`,
    `  npm run preview -- ${stack}   what Pulumi would make`,
    "",
  ].join("\n");
}

new Command("npm run new --")
  .description(
    "Writes a commented stack file, after a few questions or from flags. It is checked before it is written; where anything is wrong, all of it is told and nothing is written.",
  )
  .argument("<stack>", "name of the stack (stacks/config/Pulumi.<stack>.yaml), or path of its file")
  .option("--target <name>", KNOWN.targets)
  .option("--network <name>", KNOWN.networks)
  .option("--region <name>", "region of the cloud")
  .option("--project <id>", "project of Google Cloud")
  .option("--domain <name>", "domain of your own")
  .option("--producer <account>", "account that produces blocks")
  .option("--no-producer", "no block producer, and no question about one")
  .option("--admins <cidr...>", "networks that SSH and `pulumi up` come from")
  .option("--ssh-key <key>", "your OpenSSH public key, or the path of its file")
  .option("--budget <money>", "the most it may cost a month: 9000 USD")
  .action(create)
  .parseAsync()
  .catch(told);
