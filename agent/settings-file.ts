import { z } from "zod";
import { readText } from "./disk";
import { HostError, type System } from "./system";

/**
 * What the plan tells a part of the agent, in a file of its own. Throws a `HostError` where the file is not there, which says
 * what that means on this host (`absent`), and where it is not as it should be.
 */
export async function settingsFrom<Schema extends z.ZodType>(
  system: System,
  file: string,
  schema: Schema,
  absent: string,
): Promise<z.output<Schema>> {
  const text = await readText(system, file);
  if (text === undefined) throw new HostError(`${file} is not there: ${absent}`);
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new HostError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
