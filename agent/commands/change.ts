import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { type Command, InvalidArgumentError } from "commander";
import { type Bundle, BundleError, decodeBundle } from "../bundle";
import { dieIfDrilled } from "../drill";
import { BUNDLE } from "../layout";
import { provision } from "../provision";
import { secretText, stepText, summaryText } from "../report-text";
import { rollbackTarget } from "../rollback";
import type { ProvisionOptions } from "../run";
import { putSecret } from "../secret";
import { HostError } from "../system";
import { locally, say, sayJson, system } from "./terminal";

/** Longer than any provision takes: a secret may come while the first boot still installs packages. */
const SECRET_WAIT_SECONDS = 900;

interface RunFlags {
  dryRun?: true;
  json?: true;
  /** Seconds. */
  wait?: number;
}

function seconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("it is a whole number of seconds, 900 say.");
  return Number(text);
}

/** The commands that change the host. */
export function addChangeCommands(program: Command): void {
  runCommand(program, "provision")
    .description(
      "Make the host what the bundle says. A second run changes nothing; a killed one can be run again.",
    )
    .option(
      "--bundle <file>",
      "host document as JSON, gzipped, or gzipped in base64; - reads standard input",
      BUNDLE,
    )
    .option("--allow-older", "take a document that is older than the host's, or brings an older agent")
    .option(
      "--wait <seconds>",
      "for another process that works on this host; without it that is an error at once",
      seconds,
    )
    .action(
      async ({ bundle: file, allowOlder, ...flags }: RunFlags & { bundle: string; allowOlder?: true }) => {
        const bundle = decodeBundle(
          file === "-" ? await buffer(process.stdin) : await readBundle(file),
          file === "-" ? "standard input" : file,
        );
        await run("provision", () => Promise.resolve(bundle), flags, { mayBeOlder: allowOlder === true });
      },
    );
  runCommand(program, "rollback")
    .description(
      "Make the host what its previous good bundle says; again, to go forward. The last five are kept.",
    )
    .option("--to <sha256>", "another kept bundle, by the first digits of its hash")
    .action(({ to, ...flags }: RunFlags & { to?: string }) =>
      run("rollback", () => rollbackTarget(system, to), flags, { origin: "rollback" }),
    );
  addSecret(program);
}

const runCommand = (program: Command, name: string): Command =>
  program
    .command(name)
    .option("--dry-run", "print what would change, line by line where it is text, and touch nothing")
    .option("--json", "print one JSON object at the end");

async function run(
  purpose: string,
  find: () => Promise<Bundle>,
  { dryRun, json, wait = 0 }: RunFlags,
  options: Partial<ProvisionOptions>,
): Promise<void> {
  const isDryRun = dryRun === true;
  const work = async () =>
    provision(system, await find(), {
      ...options,
      isDryRun,
      onStep: (step) => {
        if (!json) say(stepText(step, isDryRun));
        dieIfDrilled(system, step.name);
      },
    });
  const report = await (isDryRun ? work() : locally(purpose, work, wait));
  if (json) sayJson(report);
  else say(summaryText(report));
  if (report.result === "failed") process.exitCode = 1;
}

const readBundle = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: Error) => {
    throw new BundleError(`${file}: cannot be read (${error.message}); name the bundle with --bundle`);
  });

function addSecret(program: Command): void {
  program
    .command("secret")
    .description("Secrets of this host.")
    .command("put <name>")
    .description(
      "Store the secret on standard input, byte for byte, encrypted for this host; start what needs it.",
    )
    .option("--json", "print one JSON object at the end")
    .action(async (name: string, { json }: { json?: true }) => {
      if (process.stdin.isTTY)
        throw new HostError("send the value on standard input: nodewright-host secret put NAME < file");
      const value = await buffer(process.stdin);
      const report = await locally(
        `secret put ${name}`,
        () => putSecret(system, name, value),
        SECRET_WAIT_SECONDS,
      );
      if (json) sayJson(report);
      else say(secretText(report));
      if (report.failed.length > 0) process.exitCode = 1;
    });
}
