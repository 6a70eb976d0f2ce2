/** Where a piece of the text lies: `text.slice(start, end)`. */
export interface Span {
  start: number;
  end: number;
}

export interface Member {
  /** The key, its escapes resolved. */
  key: string;
  value: Span;
}

/** The text is no JSON as RFC 8259 has it, or nests deeper than allowed. */
export class JsonError extends Error {}

/** As deep as a call may nest. Geth's own decoder stops at 10,000, nlohmann's recursion has no limit. */
export const DEPTH_LIMIT = 64;

const LITERALS = ["true", "false", "null"];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 wants these escaped inside a string.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** The common string, without an escape: found in one step, however long it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Walks JSON text strictly and tells where its pieces are, so that they can be sent on as they came: parsing and printing
 * again would change big integers and the form of numbers. Throws JsonError.
 */
export class Scanner {
  private at = 0;
  /** Whether some object holds two keys that a reader without case takes for one. */
  private doubled = false;

  constructor(private readonly text: string) {}

  /** The whole text is one value; gives where. */
  whole(): Span {
    const span = this.value(0);
    if (this.at !== this.text.length) throw this.error("text after the value");
    return span;
  }

  /** Members of the object at `span`, in their order, twice where a key stands twice. */
  members(span: Span): Member[] {
    this.at = span.start;
    const found: Member[] = [];
    this.object(0, (key, value) => found.push({ key: JSON.parse(this.slice(key)) as string, value }));
    return found;
  }

  /** Elements of the array at `span`. */
  elements(span: Span): Span[] {
    this.at = span.start;
    const found: Span[] = [];
    this.array(0, (element) => found.push(element));
    return found;
  }

  /** Whether an object at or below `span` has two keys that differ at most in case. */
  hasDoubleKeys(span: Span): boolean {
    this.at = span.start;
    this.doubled = false;
    this.value(0, true);
    return this.doubled;
  }

  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  private value(depth: number, watchKeys = false): Span {
    if (depth > DEPTH_LIMIT) throw this.error(`nested deeper than ${DEPTH_LIMIT}`);
    this.space();
    const start = this.at;
    const first = this.text[start];
    if (first === "{") this.object(depth, undefined, watchKeys);
    else if (first === "[") this.array(depth, undefined, watchKeys);
    else if (first === '"') this.string();
    else this.scalar();
    const span = { start, end: this.at };
    this.space();
    return span;
  }

  private object(depth: number, each?: (key: Span, value: Span) => void, watchKeys = false): void {
    const seen = new Set<string>();
    this.list("}", () => {
      this.space();
      const key = { start: this.at, end: this.string() };
      this.space();
      if (this.text[this.at] !== ":") throw this.error("a key without a value");
      this.at++;
      if (watchKeys) this.notice(key, seen);
      const value = this.value(depth + 1, watchKeys);
      each?.(key, value);
    });
  }

  private array(depth: number, each?: (element: Span) => void, watchKeys = false): void {
    this.list("]", () => {
      const element = this.value(depth + 1, watchKeys);
      each?.(element);
    });
  }

  private notice(key: Span, seen: Set<string>): void {
    const folded = foldCase(JSON.parse(this.slice(key)) as string);
    if (seen.has(folded)) this.doubled = true;
    seen.add(folded);
  }

  /** What stands between two brackets, parted by commas. */
  private list(close: string, item: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      const mark = this.text[this.at++];
      if (mark === close) return;
      if (mark !== ",") throw this.error("neither a comma nor an end");
    }
  }

  /** Moves past a string; gives where it ends. */
  private string(): number {
    if (!this.passes(PLAIN_STRING) && !this.passes(STRING)) throw this.error("no string");
    return this.at;
  }

  private scalar(): void {
    const literal = LITERALS.find((each) => this.text.startsWith(each, this.at));
    if (literal) this.at += literal.length;
    else if (!this.passes(NUMBER)) throw this.error("no value");
  }

  private space(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === 32 || code === 10 || code === 13 || code === 9) this.passes(SPACE);
  }

  private passes(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  private error(what: string): JsonError {
    return new JsonError(`${what} at position ${this.at}`);
  }
}

/** As readers without case compare keys (Go's encoding/json folds the long s and the Kelvin sign, too). */
export const foldCase = (key: string): string => key.toUpperCase().toLowerCase();
