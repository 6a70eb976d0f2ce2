const PATIENCE_MS = 180_000;
const LOOK_MS = 50;

/** Looks until it holds, as long as a very busy machine may take. Throws with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`it did not come to hold in ${PATIENCE_MS / 1000} s: ${what}`);
}
