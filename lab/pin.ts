import { relative, resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../components/core/config/finding";
import { PROJECT } from "../stacks/stack-file";
import { told } from "../stacks/told";
import { pin } from "./releases/pin/pin";
import { pinText } from "./releases/pin/text";

interface Flags {
  name?: string;
  version?: string;
  programs?: string;
  lock: string;
  signature?: string;
  key?: string;
  acceptChange?: true;
  dryRun?: true;
  json?: true;
}

const DEFAULT_LOCK = "stacks/config/releases.json";

/** `npm run pin -- URL`: what a stack's hosts shall install, looked at and recorded by its hash. */
async function main(url: string, { json, lock, programs, ...flags }: Flags): Promise<void> {
  if (!URL.canParse(url)) throw new UserError(`"${url}" is no URL: write it as https://… or file:///…`);
  const path = relative(process.cwd(), resolve(PROJECT, lock));
  const pinned = await pin({
    ...flags,
    url,
    lock: path,
    ...(programs === undefined ? {} : { programs: programs.split(",").map((each) => each.trim()) }),
    ...(json ? {} : progress()),
  });
  process.stdout.write(json ? `${JSON.stringify(pinned)}\n` : pinText(pinned));
  const { comparison, isRecorded } = pinned;
  if (comparison.alarms.length > 0 && !isRecorded) process.exitCode = 1;
}

/** One line that counts, on a terminal alone. */
function progress() {
  if (!process.stderr.isTTY) return {};
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return {
    onBytes: (received: number, total: number | undefined) => {
      const all = total === undefined ? "" : ` of ${megabytes(total)}`;
      process.stderr.write(received === total ? "\r\u001b[K" : `\r  ${megabytes(received)}${all} MB`);
    },
  };
}

new Command("npm run pin --")
  .description("Downloads a file, shows what it is, and records its hash in a release lock.")
  .argument("<url>", "https://… or file:///…: a .deb, .tar.gz or .zip, or a program by itself")
  .option("--name <name>", "name of the release; default: the package's own, or from the file's name")
  .option("--version <version>", "its version; default: the package's own, or from the file's name")
  .option(
    "--programs <names>",
    "programs that it brings: nodeos,cleos or NAME=PATH/IN/THE/ARCHIVE, with commas",
  )
  .option("--lock <file>", "release lock, relative to the project; begun where there is none", DEFAULT_LOCK)
  .option("--signature <base64-or-file>", "its makers' ed25519 signature over the file's bytes")
  .option("--key <base64-or-file>", "their public key (PEM, SPKI or 32 bytes)")
  .option("--accept-change", "record it although the same version changed, or its signer did")
  .option("--dry-run", "show, and record nothing")
  .option("--json", "print one JSON object")
  .action(main)
  .parseAsync()
  .catch(told);
