import { createReadStream, createWriteStream } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface TransferOptions {
  signal?: AbortSignal | undefined;
  /** Why an address must not be asked, each redirect's too; undefined where it may. Default: any may. */
  refuse?: (url: URL) => string | undefined;
  /** Told as bytes come in. `total` is unknown where the server does not say. */
  onBytes?: (received: number, total: number | undefined) => void;
  /** Between attempts. Default 1 s. */
  pauseMs?: number;
}

/** A file did not come. What came of it lies where it was to be put, and the next transfer goes on from there. */
export class TransferError extends Error {
  constructor(
    message: string,
    /** Whether the same request would meet the same again. */
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

const ATTEMPTS = 4;
const MOST_REDIRECTS = 5;
/** Without a byte for that long, the server is taken for gone. */
const SILENCE_MS = 60_000;

/**
 * Fetches a URL (`https:`, `http:`, `file:`) to a path, and goes on where an earlier transfer broke off. Says nothing of the
 * content: verify it. Answers with the address that it came from in the end. Throws TransferError.
 */
export async function transfer(url: string, to: string, options: TransferOptions = {}): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transferOnce(new URL(url), to, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const isLast = !(error instanceof TransferError) || error.isFinal || attempt === ATTEMPTS;
      if (isLast) throw error;
      await sleep(options.pauseMs ?? 1_000, undefined, { signal: options.signal });
    }
  }
}

async function transferOnce(url: URL, to: string, options: TransferOptions): Promise<string> {
  if (url.protocol === "file:") return copy(url, to, options);
  const have = await sizeOf(to);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const signal = AbortSignal.any([silence.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const { response, from } = await ask(url, have, signal, options.refuse);
    const start = await startOf(response, have, to, from);
    if (start === "complete") return from.href;
    await write(response, to, start, options, () => timer.refresh());
    return from.href;
  } catch (cause) {
    if (cause instanceof TransferError || isOfDisk(cause)) throw cause;
    const reason = silence.signal.aborted ? "no byte came for a minute" : reasonOf(cause);
    throw new TransferError(`${url.href}: ${reason}`, false);
  } finally {
    clearTimeout(timer);
  }
}

async function copy(url: URL, to: string, options: TransferOptions): Promise<string> {
  const refusal = options.refuse?.(url);
  if (refusal !== undefined) throw new TransferError(`${url.href}: ${refusal}`, true);
  try {
    await pipeline(createReadStream(fileURLToPath(url)), createWriteStream(to));
  } catch (cause) {
    if (isOfDisk(cause)) throw cause;
    throw new TransferError(`${url.href}: ${reasonOf(cause)}`, true);
  }
  return url.href;
}

/** Follows redirects by hand: each address is looked at before it is asked. */
async function ask(
  url: URL,
  have: number,
  signal: AbortSignal,
  refuse: TransferOptions["refuse"],
): Promise<{ response: Response; from: URL }> {
  let from = url;
  for (let hops = 0; ; hops += 1) {
    const refusal = refuse?.(from);
    if (refusal !== undefined) throw new TransferError(`${from.href}: ${refusal}`, true);
    // Packed on the way, a length or a range would be of other bytes than the file's.
    const headers = { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
    const response = await fetch(from, { signal, headers, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return { response, from };
    await response.body?.cancel();
    if (hops === MOST_REDIRECTS)
      throw new TransferError(`${url.href}: is redirected more than ${MOST_REDIRECTS} times`, true);
    from = new URL(location, from);
  }
}

/** The byte that the answer begins with. */
async function startOf(
  response: Response,
  have: number,
  to: string,
  from: URL,
): Promise<number | "complete"> {
  const { status } = response;
  const range = response.headers.get("content-range") ?? "";
  if (status === 206 && range.startsWith(`bytes ${have}-`)) return have;
  if (status === 200 && response.body) return 0;
  await response.body?.cancel();
  if (status === 416 && range === `bytes */${have}`) return "complete";
  if (status === 416 || status === 206) {
    // What lies here is of another file than the server's.
    await truncate(to);
    throw new TransferError(`${from.href}: the file there is not the one that was begun`, false);
  }
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  throw new TransferError(`${from.href}: the server answers ${status}`, isFinal);
}

async function write(
  response: Response,
  to: string,
  start: number,
  { signal, onBytes }: TransferOptions,
  onChunk: () => void,
): Promise<void> {
  const length = response.headers.get("content-length");
  const total = length === null ? undefined : start + Number(length);
  let received = start;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      received += chunk.length;
      onChunk();
      onBytes?.(received, total);
      yield chunk;
    }
  };
  const body = Readable.fromWeb(response.body as NonNullable<typeof response.body>);
  await pipeline(body, counted, createWriteStream(to, { flags: start > 0 ? "a" : "w" }), { signal });
  if (total !== undefined && received !== total)
    throw new TransferError(`${response.url}: ${received} of ${total} bytes came`, false);
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const isOfDisk = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && /^(ENOSPC|EDQUOT|EROFS|EACCES|EIO)$/.test(String(cause.code));

/** fetch hides the reason one level down. */
const reasonOf = (cause: unknown): string =>
  cause instanceof Error
    ? cause.cause instanceof Error
      ? cause.cause.message || String(cause.cause)
      : cause.message
    : String(cause);
