import { HttpError } from "./head";

/** Takes the body of a message as it comes in. */
export interface BodyReader {
  /** What is left of `chunk` behind the body's end, or undefined while there is more to come. Throws HttpError. */
  take(chunk: Buffer): Buffer | undefined;
  /** Bytes that came so far. */
  size: number;
  parts: Buffer[];
}

export const whole = ({ parts }: BodyReader): Buffer => {
  const [only] = parts;
  return parts.length === 1 && only ? only : Buffer.concat(parts);
};

/** A body whose length was said before it. */
export class SizedBody implements BodyReader {
  size = 0;
  readonly parts: Buffer[] = [];

  constructor(private readonly length: number) {}

  take(chunk: Buffer): Buffer | undefined {
    const missing = this.length - this.size;
    const own = chunk.length > missing ? chunk.subarray(0, missing) : chunk;
    if (own.length > 0) this.parts.push(own);
    this.size += own.length;
    return this.size < this.length ? undefined : chunk.subarray(own.length);
  }
}

/** A body that ends with its connection. */
export class OpenBody implements BodyReader {
  size = 0;
  readonly parts: Buffer[] = [];

  take(chunk: Buffer): undefined {
    this.parts.push(chunk);
    this.size += chunk.length;
  }
}

/** A line that says a chunk's size, or one behind the last chunk: longer ones nobody sends in earnest. */
const LINE_BYTES = 8 * 1024;
const CRLF = "\r\n";

/** A body in chunks, each with its size before it (RFC 9112, 7.1). */
export class ChunkedBody implements BodyReader {
  size = 0;
  readonly parts: Buffer[] = [];
  /** Of the chunk under way, with the line end behind it. */
  private missing = 0;
  private state: "size" | "data" | "trailer" = "size";
  /** A line whose end has not come yet. */
  private begun: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): Buffer | undefined {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.state === "data") {
        rest = this.data(rest);
        continue;
      }
      const text = Buffer.concat([this.begun, rest]);
      const end = text.indexOf(CRLF);
      if (end > LINE_BYTES || (end < 0 && text.length > LINE_BYTES)) throw new HttpError("a line too long");
      this.begun = end < 0 ? text : Buffer.alloc(0);
      if (end < 0) return undefined;
      rest = text.subarray(end + CRLF.length);
      if (this.state === "size") this.start(text.toString("latin1", 0, end));
      else if (end === 0) return rest;
    }
    return undefined;
  }

  private start(line: string): void {
    const size = /^([0-9a-fA-F]{1,8})[\t ]*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) throw new HttpError("a chunk without a size");
    const length = Number.parseInt(size, 16);
    this.missing = length + CRLF.length;
    this.state = length === 0 ? "trailer" : "data";
  }

  private data(from: Buffer): Buffer {
    const own = Math.min(from.length, Math.max(0, this.missing - CRLF.length));
    if (own > 0) this.parts.push(from.subarray(0, own));
    this.size += own;
    this.missing -= own;
    let at = own;
    // Behind the chunk stands the end of its line.
    while (at < from.length && this.missing > 0) {
      if (from[at] !== CRLF.charCodeAt(CRLF.length - this.missing)) throw new HttpError("a chunk too long");
      at += 1;
      this.missing -= 1;
    }
    if (this.missing === 0) this.state = "size";
    return from.subarray(at);
  }
}
