import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

export const labelsSchema = z.array(z.strictObject({ label: z.string().min(1), value: z.string() }));

type Labels = Readonly<Record<string, string>>;

export function labelsRecord(labels: z.infer<typeof labelsSchema> | undefined): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}

export function labelsList(labels: Labels | undefined): z.infer<typeof labelsSchema> {
  return Object.entries(labels ?? {}).map(([label, value]) => ({ label, value }));
}

/**
 * Whether what was found under a wanted name was left by an interrupted run of the same resource: it carries exactly
 * the same labels, and at least one that this resource set. Without labels nothing proves whose it is.
 * @param inherited labels that come with the image.
 */
export function isOwn(
  wanted: Labels,
  found: Labels | null | undefined,
  inherited: Labels | null = {},
): boolean {
  return Object.keys(wanted).length > 0 && isDeepStrictEqual({ ...inherited, ...wanted }, { ...found });
}
