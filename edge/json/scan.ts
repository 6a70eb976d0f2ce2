/** Where a piece of the text lies: `text.slice(start, end)`. */
export interface Span {
  start: number;
  end: number;
}

/** The text is no JSON as RFC 8259 has it, or nests deeper than allowed. */
export class JsonError extends Error {}

/** As deep as a call may nest. Geth's own decoder stops at 10,000, nlohmann's recursion has no limit. */
export const DEPTH_LIMIT = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
/** `.`, `e` and `E`. */
const MORE_OF_NUMBER = [0x2e, 0x65, 0x45];
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** A stretch of a string: by expression where it is long, by character where it is short, each is the fastest there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 wants these escaped inside a string.
const STRETCH = /[^"\\\u0000-\u001f]*/y;
const LONG = 128;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Walks JSON text strictly, once, and tells where its pieces are, so that they can be sent on as they came: parsing and
 * printing again would change big integers and the form of numbers. Each step starts where the one before ended. Throws
 * JsonError.
 */
export class Scanner {
  private at = 0;
  /** Where the next one is, at least as far on as the last look. */
  private backslash = -1;

  /** `isClean` where it is known that the text has no control character at all: then long strings are found by their end. */
  constructor(
    private readonly text: string,
    private readonly isClean = false,
  ) {}

  /** Reads the whole text by `read`, which has to take one value. */
  whole<T>(read: () => T): T {
    this.space();
    const result = read();
    this.space();
    if (this.at !== this.text.length) throw this.error("text after the value");
    return result;
  }

  /** What the value begins with: `{`, `[`, `"` or a letter of a scalar. */
  next(): string {
    return this.text[this.at] ?? "";
  }

  /** Where the next step begins. */
  get position(): number {
    return this.at;
  }

  /** Takes a value of any kind; `depth` is that of what it stands in. */
  value(depth = 0): Span {
    const start = this.at;
    this.pass(depth);
    return { start, end: this.at };
  }

  /** Takes an object; `member` gets each key, its escapes resolved, twice where it stands twice, and has to take its value. */
  object(member: (key: string, depth: number) => unknown, depth = 0): void {
    if (!this.enter(CLOSE_OBJECT, depth)) return;
    do {
      const key = this.key();
      this.colon();
      member(key, depth + 1);
    } while (this.another(CLOSE_OBJECT));
  }

  /** Takes an array; `element` has to take each of its values. */
  array(element: (depth: number) => unknown, depth = 0): void {
    if (!this.enter(CLOSE_ARRAY, depth)) return;
    do element(depth + 1);
    while (this.another(CLOSE_ARRAY));
  }

  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  private key(): string {
    const start = this.at;
    const hasEscapes = this.string();
    return hasEscapes
      ? (JSON.parse(this.text.slice(start, this.at)) as string)
      : this.text.slice(start + 1, this.at - 1);
  }

  /** Takes a value, and all that is in it. Most of a text is read here: nothing is made of it. */
  private pass(depth: number): void {
    const first = this.text.charCodeAt(this.at);
    if (first === QUOTE) this.string();
    else if (first === OPEN_OBJECT) {
      if (!this.enter(CLOSE_OBJECT, depth)) return;
      do {
        this.string();
        this.colon();
        this.pass(depth + 1);
      } while (this.another(CLOSE_OBJECT));
    } else if (first === OPEN_ARRAY) {
      if (!this.enter(CLOSE_ARRAY, depth)) return;
      do this.pass(depth + 1);
      while (this.another(CLOSE_ARRAY));
    } else if (!this.digits()) this.match(SCALAR, "no value");
  }

  /** Goes in between two brackets; false where nothing stands there. */
  private enter(close: number, depth: number): boolean {
    if (depth >= DEPTH_LIMIT) throw this.error(`nested deeper than ${DEPTH_LIMIT}`);
    this.at++;
    this.space();
    if (this.text.charCodeAt(this.at) !== close) return true;
    this.at++;
    return false;
  }

  /** Behind one item: whether another follows, or the bracket's end. */
  private another(close: number): boolean {
    this.space();
    const mark = this.text.charCodeAt(this.at++);
    if (mark === close) return false;
    if (mark !== COMMA) throw this.error("neither a comma nor an end");
    this.space();
    return true;
  }

  private colon(): void {
    this.space();
    if (this.text.charCodeAt(this.at) !== COLON) throw this.error("a key without a value");
    this.at++;
    this.space();
  }

  /** Takes a string; answers whether it has escapes. */
  private string(): boolean {
    const { text } = this;
    if (text.charCodeAt(this.at) !== QUOTE) throw this.error("no string");
    let hasEscapes = false;
    let at = this.at + 1;
    const long = at + LONG;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        hasEscapes = true;
        this.at = at;
        this.match(ESCAPE, "no escape");
        at = this.at;
      } else if (!(code >= 0x20)) throw this.error("no string");
      else if (at < long) at++;
      else at = this.stretch(at);
    }
    this.at = at + 1;
    return hasEscapes;
  }

  private stretch(from: number): number {
    if (this.isClean) {
      const quote = this.text.indexOf('"', from);
      if (this.backslash < from) this.backslash = endOr(this.text, this.text.indexOf("\\", from));
      return Math.min(endOr(this.text, quote), this.backslash);
    }
    STRETCH.lastIndex = from;
    STRETCH.test(this.text);
    return STRETCH.lastIndex;
  }

  /** Takes what nearly every id is, some digits and nothing else; where it is more the pattern takes all of it. */
  private digits(): boolean {
    const { text } = this;
    let at = this.at;
    let code = text.charCodeAt(at);
    if (!(code > ZERO && code <= NINE)) return false;
    while (code >= ZERO && code <= NINE) code = text.charCodeAt(++at);
    if (MORE_OF_NUMBER.includes(code)) return false;
    this.at = at;
    return true;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private match(pattern: RegExp, failure: string): void {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) throw this.error(failure);
    this.at = pattern.lastIndex;
  }

  private error(what: string): JsonError {
    return new JsonError(`${what} at position ${this.at}`);
  }
}

const endOr = (text: string, found: number): number => (found < 0 ? text.length : found);

/** As readers without case compare keys (Go's encoding/json folds the long s and the Kelvin sign, too). */
export const foldCase = (key: string): string => key.toUpperCase().toLowerCase();

/** Whether some object in a JSON text has two keys that a reader without case takes for one. */
export function hasDoubleKeys(text: string): boolean {
  const scanner = new Scanner(text);
  let isDouble = false;
  const walk = (depth: number): void => {
    const first = scanner.next();
    if (first === "[") scanner.array(walk, depth);
    else if (first === "{") {
      const seen = new Set<string>();
      scanner.object((key, inner) => {
        const folded = foldCase(key);
        if (seen.has(folded)) isDouble = true;
        seen.add(folded);
        walk(inner);
      }, depth);
    } else scanner.value(depth);
  };
  scanner.whole(() => walk(0));
  return isDouble;
}
