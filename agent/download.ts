import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureFolder, inspect, remove } from "./disk";
import { HostError, type System } from "./system";

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;
/** Without a byte for that long, the mirror is taken for gone. */
const SILENCE_MS = 30_000;

/** A failure that the same request would meet again. */
class FinalError extends HostError {}

/** Fetches `<mirror>/<sha256>` to a path. What is there afterwards has that hash; else it throws and nothing is there. */
export async function download(system: System, mirror: string, sha256: string, to: string): Promise<void> {
  await ensureFolder(system, dirname(to));
  const url = `${mirror.replace(/\/+$/, "")}/${sha256}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(system, url, sha256, to);
    } catch (error) {
      await remove(system, to);
      if (attempt === ATTEMPTS || error instanceof FinalError) throw error;
      await system.sleep(PAUSE_MS);
    }
  }
}

async function fetchOnce(system: System, url: string, sha256: string, to: string): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(
    () =>
      silence.abort(
        new HostError(`${url}: the mirror is silent; is it up, and does the firewall let it in?`),
      ),
    SILENCE_MS,
  );
  const hash = createHash("sha256");
  const file = await open(system.path(to), "w", 0o600);
  try {
    for await (const chunk of await source(system, url, silence.signal)) {
      timer.refresh();
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  const found = hash.digest("hex");
  if (found !== sha256)
    throw new HostError(
      `${url}: its content has the hash ${found}; the mirror holds something else, put the pinned file there`,
    );
}

async function source(system: System, url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  if (new URL(url).protocol === "file:") {
    const path = fileURLToPath(url);
    if (!(await inspect(system, path))) throw new FinalError(`${path}: the mirror does not have it`);
    return createReadStream(system.path(path));
  }
  const headers = await identityFor(url, signal);
  const response = await fetch(url, { signal, headers }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : new HostError(`${url}: no answer (${reasonOf(error)})`);
  });
  if (response.status >= 400 && response.status < 500) {
    throw new FinalError(
      `${url}: the mirror answers ${response.status}; put the file there, or correct the release lock`,
    );
  }
  if (!response.ok || !response.body) throw new HostError(`${url}: the mirror answers ${response.status}`);
  return response.body;
}

const GOOGLE_TOKEN =
  "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";

/** Google Cloud Storage wants to know who asks; the machine says so by its own short-lived token. */
async function identityFor(url: string, signal: AbortSignal): Promise<Record<string, string>> {
  if (!url.startsWith("https://storage.googleapis.com/")) return {};
  const answer = await fetch(GOOGLE_TOKEN, { signal, headers: { "metadata-flavor": "Google" } }).catch(
    (error: unknown) => {
      throw new HostError(`${GOOGLE_TOKEN}: no answer (${reasonOf(error)})`);
    },
  );
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined)
    throw new HostError(`${GOOGLE_TOKEN}: gives no token; has the machine a service account?`);
  return { authorization: `Bearer ${token}` };
}

/** fetch hides the reason one level down. */
const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message || String(error.cause)
      : error.message
    : String(error);
