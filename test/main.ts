import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import Mocha from "mocha";
import { PROJECT } from "../stacks/stack-file";

/** `npm test`: every suite in one run, the quick ones first. `npm test -- PATH …` runs those below the paths alone. */
const SLOW = join(PROJECT, "test", "host");

function suites(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(path, file))
    .sort();
}

const chosen = process.argv.slice(2).map((path) => join(PROJECT, path));
const files = [...new Set((chosen.length > 0 ? chosen : [join(PROJECT, "test")]).flatMap(suites))];
const mocha = new Mocha({
  reporter: "spec",
  timeout: 60_000,
  slow: 10_000,
  color: process.stdout.isTTY === true,
});
for (const file of [
  ...files.filter((each) => !each.startsWith(SLOW)),
  ...files.filter((each) => each.startsWith(SLOW)),
])
  mocha.addFile(file);
if (files.length === 0) {
  process.stderr.write(
    `no suite below ${process.argv.slice(2).join(", ") || relative(PROJECT, __dirname)}\n`,
  );
  process.exit(1);
}

const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  process.stdout.write(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}\n`);
  // A suite that left a socket or a child behind must not keep CI waiting.
  process.exit(failures === 0 ? 0 : 1);
});
