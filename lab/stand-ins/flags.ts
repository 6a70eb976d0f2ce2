import { type Command, InvalidArgumentError } from "commander";

/** A whole number that is not negative. */
export function whole(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

/** boost::program_options' words for a truth value. */
export function truth(text: string): boolean {
  if (["1", "yes", "on", "true"].includes(text)) return true;
  if (["0", "no", "off", "false"].includes(text)) return false;
  throw new InvalidArgumentError("Give 1 or 0.");
}

/** One of these, given once or several times. */
export const oneOf =
  (allowed: readonly string[]) =>
  (text: string, before: readonly string[] = []): string[] => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`It is one of ${allowed.join(", ")}.`);
    return [...before, text];
  };

/** What appbase and its sys_plugin take for either program. `--nocolor` is heard, and nothing is ever coloured. */
export const withCommonFlags = (command: Command): Command =>
  command
    .helpOption("-h, --help", "print this help")
    .version("stand-in", "-v, --version")
    .option("-d, --data-dir <folder>", "accepted without effect")
    .option("--config-dir <folder>", "accepted without effect")
    .option("--verbosity <level>", "0 quiet, 4 info, 5 debug", whole, 0)
    .option("--stdout <truth>", "log to stdout in place of stderr", truth, false)
    .option("--nocolor <truth>", "accepted without effect", truth, false)
    .option("--log-file <file>", "write the log to this file too");
