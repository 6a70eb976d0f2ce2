/** A command and its input, with the environment inside. */
interface Delivered {
  readonly command: string;
  readonly stdin: string;
}

// `read` takes one line and not a byte more, so that the rest of the input stays for the command.
const PRELUDE = 'IFS= read -r _env && eval "$(printf %s "$_env" | base64 -d)"; unset _env';

/**
 * Brings environment variables to a remote command as the first line of its input. sshd takes variables by protocol
 * only where AcceptEnv names them (Debian: LANG and LC_*) and drops the others without a word; written before the command
 * they could be read in the host's process list. Needs a POSIX shell and base64 on the host.
 */
export function withEnvironment(
  command: string,
  stdin: string,
  environment: Readonly<Record<string, string>>,
): Delivered {
  const exports = Object.entries(environment).map(
    ([key, value]) => `export ${key}='${value.replaceAll("'", "'\\''")}'`,
  );
  if (exports.length === 0) return { command, stdin };
  const line = Buffer.from(exports.join("\n")).toString("base64");
  return { command: `${PRELUDE}\n${command}`, stdin: `${line}\n${stdin}` };
}
