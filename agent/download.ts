import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureFolder, inspect, move, remove } from "./disk";
import { remedyFor } from "./remedy";
import { HostError, type System } from "./system";

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;
/** Without a byte for that long, the mirror is taken for gone. */
const SILENCE_MS = 30_000;

/** A failure that the same request would meet again. */
class FinalError extends HostError {}

/**
 * Fetches `<mirror>/<sha256>` to a path. What is there afterwards has that hash, and passed `check` before it got its name;
 * else it throws and nothing is there.
 */
export async function download(
  system: System,
  mirror: string,
  sha256: string,
  to: string,
  check?: (path: string) => Promise<void>,
): Promise<void> {
  await downloadFrom(system, `${mirror.replace(/\/+$/, "")}/${sha256}`, sha256, to, check);
}

/** The same of any URL. */
export async function downloadFrom(
  system: System,
  url: string,
  sha256: string,
  to: string,
  check: (path: string) => Promise<void> = async () => {},
): Promise<void> {
  const part = `${to}.part`;
  await ensureFolder(system, dirname(to));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetchOnce(system, url, sha256, part);
      break;
    } catch (error) {
      await remove(system, part);
      if (attempt === ATTEMPTS || error instanceof FinalError || isOfDisk(error)) throw error;
      await system.sleep(PAUSE_MS);
    }
  }
  try {
    await check(part);
    await move(system, part, to);
  } finally {
    await remove(system, part);
  }
}

/** The whole content of a small file, which the caller judges. */
export async function fetchSmall(system: System, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unbroken(url, await source(system, url, AbortSignal.timeout(SILENCE_MS))))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

const isOfDisk = (error: unknown): boolean => remedyFor(codeOf(error)) !== undefined;
const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

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
    for await (const chunk of unbroken(url, await source(system, url, silence.signal))) {
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

/** A body that ends too early is the mirror's fault, and said so. */
async function* unbroken(url: string, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError(`${url}: the connection broke off (${reasonOf(error)}); is the mirror's file whole?`);
  }
}

async function source(system: System, url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  if (new URL(url).protocol === "file:") {
    const path = fileURLToPath(url);
    if (!(await inspect(system, path)))
      throw new FinalError(
        `${path}: the mirror does not have it; put the file there, or correct the release lock`,
      );
    return createReadStream(system.path(path));
  }
  const headers = await identityFor(url, signal);
  const response = await fetch(url, { signal, headers }).catch((error: unknown) => {
    throw signal.aborted
      ? signal.reason
      : new HostError(
          `${url}: no answer (${reasonOf(error)}); ${remedyFor(reasonOf(error)) ?? "is the mirror up, and may this host reach it?"}`,
        );
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
export async function identityFor(url: string, signal: AbortSignal): Promise<Record<string, string>> {
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
