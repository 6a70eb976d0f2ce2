import { UserError } from "../components/core/config/finding";

/**
 * Ends a command on what its user must mend: the message alone on standard error, and exit code 1. Anything else is a
 * fault of ours and is thrown on, with its stack.
 */
export function told(cause: unknown): void {
  if (!(cause instanceof UserError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
