import { type Bundle, currentBundle } from "./bundle";
import { readKept } from "./kept-bundles";
import { HostError, type System } from "./system";

/**
 * The bundle to take the host back to: the last good one that is not the current one, so that a rollback of a rollback
 * leads forward again. `to` names another by its hash, or by the start of it.
 */
export async function rollbackTarget(system: System, to?: string): Promise<Bundle> {
  const [kept, current] = [await readKept(system), (await currentBundle(system))?.sha256];
  const names = kept.map(({ sha256 }) => sha256.slice(0, 12)).join(", ") || "none";
  if (to !== undefined) {
    const found = kept.filter(({ sha256 }) => sha256.startsWith(to.toLowerCase()));
    const [only] = found;
    if (only && found.length === 1 && to.length >= 6) return only;
    throw new HostError(
      `${to} names none, or not exactly one, of the bundles that this host keeps (${names}); give 6 hex digits or more, or send the document with provision --bundle`,
    );
  }
  const previous = kept.find(({ sha256 }) => sha256 !== current);
  if (previous) return previous;
  throw new HostError(
    `this host has no good bundle but its current one (kept: ${names}); send the document that you want with provision --bundle`,
  );
}
