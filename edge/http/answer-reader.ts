import { type BodyReader, ChunkedBody, OpenBody, SizedBody, whole } from "./body";
import { HEAD_BYTES, type Head, HttpError, lengthOf, readHead } from "./head";

const END = "\r\n\r\n";
const NO_BODY = [204, 304];

/** Reads one answer to a POST, as it comes in. Throws HttpError. */
export class AnswerReader {
  status = 0;
  /** Whether the connection may carry another request. */
  keeps = false;
  isDone = false;
  private head: Buffer | undefined;
  private body: BodyReader | undefined;

  get hasBegun(): boolean {
    return this.head !== undefined || this.body !== undefined;
  }

  /** Bytes of the body so far. */
  get size(): number {
    return this.body?.size ?? 0;
  }

  /** The body; whole when `isDone`. */
  get bytes(): Buffer {
    return this.body ? whole(this.body) : Buffer.alloc(0);
  }

  take(chunk: Buffer): void {
    if (this.isDone) throw new HttpError("more than one answer");
    const rest = this.body ? chunk : this.takeHead(chunk);
    if (!this.body || !rest) return;
    const behind = this.body.take(rest);
    if (!behind) return;
    this.isDone = true;
    // Nobody asked for what comes then.
    if (behind.length > 0) this.keeps = false;
  }

  /** The other side has closed. Whether that is the answer's end. */
  close(): boolean {
    return this.body instanceof OpenBody;
  }

  /** What follows the head, once that is whole. */
  private takeHead(chunk: Buffer): Buffer | undefined {
    const all = this.head ? Buffer.concat([this.head, chunk]) : chunk;
    const end = all.indexOf(END);
    if (end > HEAD_BYTES || (end < 0 && all.length > HEAD_BYTES)) throw new HttpError("headers too large");
    this.head = all;
    if (end < 0) return undefined;
    this.head = undefined;
    const head = readHead(all.toString("latin1", 0, end));
    const rest = all.subarray(end + END.length);
    const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(head.first) ?? [];
    if (status === undefined) throw new HttpError("no answer of HTTP/1.1");
    this.status = Number(status);
    if (this.status === 101) throw new HttpError("another protocol");
    // "Continue", "early hints": the answer itself follows.
    if (this.status < 200) return this.takeHead(rest);
    const connection = head.headers.get("connection")?.toLowerCase() ?? "";
    this.keeps = minor === "1" ? connection !== "close" : connection === "keep-alive";
    this.body = bodyOf(head, this.status);
    if (this.body instanceof OpenBody) this.keeps = false;
    return rest;
  }
}

function bodyOf(head: Head, status: number): BodyReader {
  if (NO_BODY.includes(status)) return new SizedBody(0);
  const coding = head.headers.get("transfer-encoding")?.toLowerCase();
  if (coding !== undefined && coding !== "chunked") throw new HttpError("a coding other than chunked");
  if (coding !== undefined) return new ChunkedBody();
  const length = lengthOf(head);
  return length === undefined ? new OpenBody() : new SizedBody(length);
}
