/** No HTTP/1.1, or something in it that two readers could take differently. */
export class HttpError extends Error {}

/** The first line of a message and what follows it, names in lower case. */
export interface Head {
  first: string;
  headers: ReadonlyMap<string, string>;
}

/** Of all lines together. */
export const HEAD_BYTES = 32 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 9110, 5.5: none of them belongs into a value.
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([^\u0000-\u0008\u000a-\u001f\u007f]*?)[\t ]*$/;
/** Which say where a message ends: said twice they are a way to hide another message in one. */
const FRAMING = ["content-length", "transfer-encoding"];

/** Reads the lines before a body, as latin-1 text without the empty line at their end. Throws HttpError. */
export function readHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new HttpError("a line that is no header");
    const key = name.toLowerCase();
    if (headers.has(key) && FRAMING.includes(key)) throw new HttpError(`${key} stands twice`);
    headers.set(key, value);
  }
  if (FRAMING.every((name) => headers.has(name)))
    throw new HttpError("a length and a coding, either of which may say where the body ends");
  return { first, headers };
}

/** Bytes of the body; undefined where no length is said. Throws HttpError. */
export function lengthOf({ headers }: Head): number | undefined {
  const text = headers.get("content-length");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError("a length that is no number");
  return Number(text);
}
