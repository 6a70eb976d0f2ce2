import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { PROJECT } from "../stacks/stack-file";
import { told } from "../stacks/told";
import { problemWith, recorded } from "./api-record";
import { apiReport, digestOf, printReport } from "./api-report";

const FILE = join(PROJECT, "library", "api.md");
const CHANGELOG = join(PROJECT, "CHANGELOG.md");

const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");

/** `npm run api` writes the report; with a sentence it also records the change. `--check` says whether both are done. */
function main(what: string | undefined, { check }: { check?: true }): void {
  const report = printReport(apiReport());
  if (check) {
    const problem = problemWith({ report, checkedIn: read(FILE), changelog: read(CHANGELOG) });
    if (problem !== undefined) throw new UserError(problem);
    return;
  }
  writeFileSync(FILE, report);
  if (what !== undefined) writeFileSync(CHANGELOG, recorded(read(CHANGELOG), digestOf(report), what));
  const problem = problemWith({ report, checkedIn: report, changelog: read(CHANGELOG) });
  process.stdout.write(`library/api.md: ${digestOf(report)}${problem === undefined ? ", recorded" : ""}\n`);
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
}

try {
  new Command("npm run api --")
    .description("Writes library/api.md, what the package exports, from the compiler's own view of it.")
    .argument(
      "[what]",
      "what changed, for teams that build on the package: recorded in CHANGELOG.md under Unreleased",
    )
    .option("--check", "write nothing; exit code 1 where the report is old or its change is not recorded")
    .action(main)
    .parse();
} catch (cause) {
  told(cause);
}
