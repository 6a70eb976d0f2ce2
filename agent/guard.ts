import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import type { HostDocument } from "../cloud-init/document";
import { type Bundle, BundleError, currentBundle } from "./bundle";
import { clockFault } from "./clock";
import { dataFault } from "./data-disk";
import { inspect } from "./disk";
import { BUNDLE, DOWNLOADS, JOURNAL, SOFTWARE, UNITS } from "./layout";
import { remedyFor } from "./remedy";
import type { System } from "./system";
import { isOlder } from "./version-order";

/** The host or the bundle is in no state to be worked with. Nothing on the host was changed. */
export class RefusedError extends Error {}

const AGENT = "nodewright-host";
/** Room that state, units and configuration need; artifacts come on top of it. */
const LEAST_FREE_BYTES = 32 * 1024 * 1024;

interface Plan {
  bundle: Bundle;
  /** A rollback, or an operator who says so. */
  mayBeOlder: boolean;
}

/** Why the first change must not be made, each with its remedy; empty where nothing speaks against it. */
export async function refusals(system: System, { bundle, mayBeOlder }: Plan): Promise<string[]> {
  const current = await currentBundle(system).catch((error: unknown) => {
    if (error instanceof BundleError) return undefined;
    throw error;
  });
  const found = await Promise.all([
    mayBeOlder || !current ? undefined : downgrade(current.document, bundle.document),
    clockFault(system, bundle.document.mirror),
    dataFault(system, bundle.document),
    diskFaults(system, [BUNDLE, UNITS, SOFTWARE, JOURNAL, DOWNLOADS]),
  ]);
  return found.flatMap((fault) => fault ?? []);
}

function downgrade(now: HostDocument, next: HostDocument): string | undefined {
  const remedy =
    "to go back, use `nodewright-host rollback`; to send it all the same, `provision --allow-older`";
  if (now.revision !== undefined && next.revision !== undefined && next.revision < now.revision)
    return `the document has revision ${next.revision}, the host's is ${now.revision}: it is an older one; ${remedy}`;
  const [running, brought] = [now, next].map(
    ({ artifacts }) => artifacts.find(({ name }) => name === AGENT)?.version,
  );
  return running !== undefined && brought !== undefined && isOlder(brought, running)
    ? `the document brings ${AGENT} ${brought}, the host has ${running}: it is an older one; ${remedy}`
    : undefined;
}

/** One line for all places that have the same fault: most hosts have one disk for them. */
async function diskFaults(system: System, paths: readonly string[]): Promise<string[]> {
  const folders = [...new Set(await Promise.all(paths.map((path) => nearest(system, path))))];
  const found = await Promise.all(
    folders.map(async (folder) => ({ folder, fault: await diskFault(system, folder) })),
  );
  return [...new Set(found.flatMap(({ fault }) => fault ?? []))].map((fault) => {
    const concerned = found.filter((each) => each.fault === fault).map(({ folder }) => folder);
    return `${concerned.join(", ")}: ${fault}`;
  });
}

async function diskFault(system: System, folder: string): Promise<string | undefined> {
  const { freeBytes } = await system.space(folder);
  if (freeBytes < LEAST_FREE_BYTES)
    return `${Math.floor(freeBytes / 1024)} KiB are free, ${LEAST_FREE_BYTES / 1024 ** 2} MiB are needed; ${remedyFor("ENOSPC")}`;
  try {
    await access(system.path(folder), constants.W_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    // Whoever only looks, in a dry run, need not be able to write.
    if (code === "EACCES") return undefined;
    return `cannot be written (${code}); ${remedyFor(code) ?? "correct that, then run this again"}`;
  }
}

/** The path itself, or the folder above it that is there already. */
async function nearest(system: System, path: string): Promise<string> {
  return path === "/" || (await inspect(system, path)) ? path : nearest(system, dirname(path));
}
