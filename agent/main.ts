#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { BundleError, decodeBundle } from "./bundle";
import { BUNDLE } from "./layout";
import { LockedError, locked } from "./lock";
import { provision } from "./provision";
import { secretText, stepText, summaryText } from "./report-text";
import { putSecret } from "./secret";
import { parseAddress, serve } from "./serve";
import { hostStatus, isHealthy } from "./status";
import { statusTable } from "./status-table";
import { HostError, machine } from "./system";
import { TimeoutError, waitUntilReady } from "./wait";

const EXITS = `
Exit codes: 0 done; 1 something failed, its reason was printed; 2 wrong use, or a bundle that is refused (nothing was
changed); 3 another process works on this host; 4 the time was over.`;

/** Longer than any provision takes: a secret may come while the first boot still installs packages. */
const SECRET_WAIT_SECONDS = 900;

const system = machine();
const say = (text: string) => void process.stdout.write(`${text}\n`);
const sayJson = (value: unknown) => say(JSON.stringify(value));

/** Work on the host itself: by root, one process at a time. */
function locally<Result>(purpose: string, work: () => Promise<Result>, waitSeconds = 0): Promise<Result> {
  if (process.getuid?.() !== 0) throw new HostError("this changes the host: run it as root, with sudo say");
  return locked(system, purpose, work, waitSeconds);
}

const program = new Command("nodewright-host")
  .description("Makes this host what its document says, and tells how it is.")
  .addHelpText("after", EXITS)
  .exitOverride();

interface ProvisionFlags {
  bundle: string;
  dryRun?: true;
  json?: true;
}

program
  .command("provision")
  .description(
    "Make the host what the bundle says. A second run changes nothing; a killed one can be run again.",
  )
  .option(
    "--bundle <file>",
    "host document as JSON, gzipped, or gzipped in base64; - reads standard input",
    BUNDLE,
  )
  .option("--dry-run", "print what would change, touch nothing")
  .option("--json", "print one JSON object at the end")
  .action(async ({ bundle: file, dryRun, json }: ProvisionFlags) => {
    const bundle = decodeBundle(
      file === "-" ? await buffer(process.stdin) : await readBundle(file),
      file === "-" ? "standard input" : file,
    );
    const isDryRun = dryRun === true;
    const work = () =>
      provision(system, bundle, {
        isDryRun,
        onStep: (step) => (json ? undefined : say(stepText(step, isDryRun))),
      });
    const report = await (isDryRun ? work() : locally("provision", work));
    if (json) sayJson(report);
    else say(summaryText(report));
    if (report.result === "failed") process.exitCode = 1;
  });

const readBundle = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: Error) => {
    throw new BundleError(`${file}: cannot be read (${error.message}); name the bundle with --bundle`);
  });

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

program
  .command("status")
  .description("Tell how the host and its services are. Exit code 1 if something is not well.")
  .option("--json", "print one JSON object")
  .action(async ({ json }: { json?: true }) => {
    const status = await hostStatus(system);
    if (json) sayJson(status);
    else process.stdout.write(statusTable(status));
    if (!isHealthy(status)) process.exitCode = 1;
  });

program
  .command("serve")
  .description("Serve GET /status, /healthz and /metrics over HTTP until SIGTERM. Needs no privilege.")
  .requiredOption("--listen <address:port...>", "where to listen; may be given several times, IPv6 in [ ]")
  .action(async ({ listen }: { listen: string[] }) => {
    process.once("SIGTERM", () => process.exit(0));
    process.once("SIGINT", () => process.exit(0));
    await serve(system, listen.map(parseAddress));
  });

program
  .command("wait")
  .description("Wait until cloud-init has ended, the last provision is good and every service does its work.")
  .option("--timeout <time>", "how long at most: 300s, 5m", seconds, 300)
  .option("--json", "print the status as one JSON object at the end")
  .action(async ({ timeout, json }: { timeout: number; json?: true }) => {
    const status = await waitUntilReady(system, timeout, json ? () => {} : say);
    const waiting = status.services.filter(({ waitingFor }) => waitingFor.length > 0);
    if (json) return sayJson(status);
    say(["ready", ...waiting.map(({ unit, state }) => `${unit} is ${state}`)].join("; "));
  });

function seconds(text: string): number {
  const [, number, unit = "s"] = /^(\d+)(s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("write it as 300s or 5m");
  return Number(number) * (unit === "m" ? 60 : 1);
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BundleError) return 2;
  if (error instanceof LockedError) return 3;
  return error instanceof TimeoutError ? 4 : 1;
}

// Whoever reads the output may leave (a lost SSH connection); the work goes on to its end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCode(error);
  if (error instanceof CommanderError) return;
  const isExpected = [HostError, BundleError, LockedError, TimeoutError].some(
    (kind) => error instanceof kind,
  );
  console.error(isExpected && error instanceof Error ? `nodewright-host: ${error.message}` : error);
});
