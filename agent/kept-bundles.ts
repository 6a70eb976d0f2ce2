import { join } from "node:path";
import { z } from "zod";
import { type Bundle, BundleError, decodeBundle } from "./bundle";
import { list, readBytes, readState, readText, remove, writeAtomic, writeState } from "./disk";
import { KEPT, KEPT_ORDER } from "./layout";
import type { System } from "./system";

/** Good bundles that a host can be taken back to. Their artifacts stay on its disk too. */
const KEEP = 5;

const orderSchema = z.array(z.string().regex(/^[0-9a-f]{64}$/));
const fileOf = (sha256: string): string => join(KEPT, `${sha256}.json`);
/** Their hashes, newest first, without a look at their content. */
export const readOrder = (system: System): Promise<string[]> =>
  readState(system, KEPT_ORDER, (value) => orderSchema.parse(value), []);

/** The order once a bundle is the newest good one. */
export const orderAfter = (order: readonly string[], sha256: string): string[] =>
  [sha256, ...order.filter((each) => each !== sha256)].slice(0, KEEP);

/** The last good bundles, newest first. One that is damaged, or that this program cannot read, is left out. */
export async function readKept(system: System): Promise<Bundle[]> {
  const found = await Promise.all(
    (await readOrder(system)).map(async (sha256) => {
      const bytes = await readBytes(system, fileOf(sha256));
      const bundle = bytes && readable(bytes, fileOf(sha256));
      return bundle?.sha256 === sha256 ? [bundle] : [];
    }),
  );
  return found.flat();
}

function readable(bytes: Buffer, path: string): Bundle | undefined {
  try {
    return decodeBundle(bytes, path);
  } catch (error) {
    if (error instanceof BundleError) return undefined;
    throw error;
  }
}

/** Makes a bundle the newest good one, and forgets those beyond the last five. Touches nothing if it is that already. */
export async function keep(system: System, { sha256, text }: Bundle): Promise<void> {
  const order = await readOrder(system);
  const next = orderAfter(order, sha256);
  if ((await readText(system, fileOf(sha256))) !== text) await writeAtomic(system, fileOf(sha256), text);
  if (String(next) !== String(order)) await writeState(system, KEPT_ORDER, next);
  const names = next.map((each) => `${each}.json`);
  for (const name of await list(system, KEPT)) {
    if (!names.includes(name)) await remove(system, join(KEPT, name));
  }
}
