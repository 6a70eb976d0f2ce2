import { foldCase, JsonError, Scanner, type Span } from "./json/scan";

/** One call, its parts as the client wrote them. */
export interface Call {
  method: string;
  /** JSON text; undefined in a notification, which is not answered. */
  id: string | undefined;
  /** JSON text of "jsonrpc": it goes on as it came. */
  version: string | undefined;
  /** JSON text, if there are any. */
  params: string | undefined;
  /** What stands before and behind its id, where nothing is escaped and no key is strange: a node reads what was read here. */
  around: readonly [string, string] | undefined;
  /** All of it, where it is long and goes to a node as it came. */
  source?: Buffer;
}

/** What cannot be a call, and why: answered by an error of its own. */
export interface Misfit {
  id: string;
  code: number;
  message: string;
}

export type Element = Call | Misfit;

export type Body =
  | { kind: "single"; element: Element }
  | { kind: "batch"; elements: Element[] }
  | { kind: "refused"; code: number; message: string };

export const isCall = (element: Element): element is Call => "method" in element;

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
/** EIP-1474. */
export const LIMIT_EXCEEDED = -32005;
/** As geth numbers it. */
export const RESPONSE_TOO_LARGE = -32003;

/** Reads a body. Whatever could be read in two ways is refused: what the edge decides on is what a node will execute. */
export function readBody(text: string, mostElements: number, isClean = false): Body {
  const scanner = new Scanner(text, isClean);
  const isPlain = !text.includes("\\");
  try {
    return scanner.whole(() =>
      scanner.next() === "["
        ? readBatch(scanner, mostElements, isPlain)
        : { kind: "single", element: readElement(scanner, 0, isPlain) },
    );
  } catch (error) {
    if (error instanceof JsonError)
      return { kind: "refused", code: PARSE_ERROR, message: `no JSON: ${error.message}` };
    throw error;
  }
}

function readBatch(scanner: Scanner, most: number, isPlain: boolean): Body {
  const elements: Element[] = [];
  let count = 0;
  scanner.array((depth) => {
    if (++count <= most) elements.push(readElement(scanner, depth, isPlain));
    else scanner.value(depth);
  });
  const refused = (message: string): Body => ({ kind: "refused", code: INVALID_REQUEST, message });
  if (count === 0) return refused("empty batch");
  if (count > most) return refused(`batch of ${count} calls, at most ${most} are allowed`);
  return { kind: "batch", elements };
}

const misfit = (message: string, id = "null"): Misfit => ({ id, code: INVALID_REQUEST, message });

const KEYS: readonly string[] = ["jsonrpc", "id", "method", "params"];

/** What stands for each key, as JSON text. One shape for all: batches are read call by call. */
class Parts {
  jsonrpc: string | undefined = undefined;
  id: string | undefined = undefined;
  idAt: Span | undefined = undefined;
  method: string | undefined = undefined;
  params: string | undefined = undefined;
  odd: Misfit | undefined = undefined;
  hasStrangeKey = false;

  set(key: string, value: string, at: Span): void {
    if (key === "params") this.params = this.once(key, this.params, value);
    else if (key === "method") this.method = this.once(key, this.method, value);
    else if (key === "id") {
      this.id = this.once(key, this.id, value);
      this.idAt = at;
    } else if (key === "jsonrpc") this.jsonrpc = this.once(key, this.jsonrpc, value);
    else {
      this.hasStrangeKey = true;
      const known = KEYS.find((each) => each === foldCase(key));
      if (known !== undefined) this.odd ??= misfit(`write "${known}" in lower case`);
    }
  }

  private once(key: string, before: string | undefined, value: string): string {
    if (before !== undefined) this.odd ??= misfit(`"${key}" stands twice`);
    return value;
  }
}

function readElement(scanner: Scanner, depth: number, isPlain: boolean): Element {
  const start = scanner.position;
  if (scanner.next() !== "{") {
    scanner.value(depth);
    return misfit("a call is an object");
  }
  const parts = new Parts();
  scanner.object((key, inner) => {
    const at = scanner.value(inner);
    parts.set(key, scanner.slice(at), at);
  }, depth);
  if (parts.odd) return parts.odd;
  const call = callOf(parts);
  const { idAt } = parts;
  if (isPlain && idAt && !parts.hasStrangeKey && isCall(call))
    call.around = [
      scanner.slice({ start, end: idAt.start }),
      scanner.slice({ start: idAt.end, end: scanner.position }),
    ];
  return call;
}

/** What JSON texts begin with: a string, a number or null; an array, an object or null. */
const ID = '"-0123456789n';
const PARAMS = "[{n";
const startsWith = (any: string, text: string): boolean => any.includes(text.charAt(0));

function callOf({ id, jsonrpc: version, method, params }: Parts): Element {
  if (id !== undefined && !startsWith(ID, id)) return misfit("an id is a string, a number or null");
  if (version !== undefined && version !== '"2.0"') return misfit('"jsonrpc" is "2.0"', id);
  if (method === undefined || !method.startsWith('"')) return misfit('a call has a "method"', id);
  if (params !== undefined && !startsWith(PARAMS, params))
    return misfit('"params" is an array or an object', id);
  const name = method.includes("\\") ? (JSON.parse(method) as string) : method.slice(1, -1);
  return { method: name, id, version, params, around: undefined };
}

/** An error as JSON text; `id` is JSON text, too. */
export const errorText = (id: string | undefined, code: number, message: string): string =>
  `{"jsonrpc":"2.0","id":${id ?? "null"},"error":{"code":${code},"message":${JSON.stringify(message)}}}`;

export const resultText = (id: string | undefined, result: string): string =>
  `{"jsonrpc":"2.0","id":${id ?? "null"},"result":${result}}`;

/** The call as a node gets it. `id` in place of its own, as JSON text. */
export const callText = ({ method, version, params, around }: Call, id: string): string => {
  if (around) return `${around[0]}${id}${around[1]}`;
  const first = version === undefined ? "" : `"jsonrpc":${version},`;
  const last = params === undefined ? "" : `,"params":${params}`;
  return `{${first}"id":${id},"method":${JSON.stringify(method)}${last}}`;
};
