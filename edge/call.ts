import { foldCase, JsonError, Scanner } from "./json/scan";

/** One call, its parts as the client wrote them. */
export interface Call {
  method: string;
  /** JSON text; undefined in a notification, which is not answered. */
  id: string | undefined;
  /** JSON text of "jsonrpc": it goes on as it came. */
  version: string | undefined;
  /** JSON text, if there are any. */
  params: string | undefined;
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
export function readBody(text: string, mostElements: number): Body {
  const scanner = new Scanner(text);
  try {
    return scanner.whole(() =>
      scanner.next() === "["
        ? readBatch(scanner, mostElements)
        : { kind: "single", element: readElement(scanner, 0) },
    );
  } catch (error) {
    if (error instanceof JsonError)
      return { kind: "refused", code: PARSE_ERROR, message: `no JSON: ${error.message}` };
    throw error;
  }
}

function readBatch(scanner: Scanner, most: number): Body {
  const elements: Element[] = [];
  let count = 0;
  scanner.array((depth) => {
    if (++count <= most) elements.push(readElement(scanner, depth));
    else scanner.value(depth);
  });
  const refused = (message: string): Body => ({ kind: "refused", code: INVALID_REQUEST, message });
  if (count === 0) return refused("empty batch");
  if (count > most) return refused(`batch of ${count} calls, at most ${most} are allowed`);
  return { kind: "batch", elements };
}

const KEYS = ["jsonrpc", "id", "method", "params"] as const;
type Parts = Partial<Record<(typeof KEYS)[number], string>>;

const misfit = (message: string, id = "null"): Misfit => ({ id, code: INVALID_REQUEST, message });

function readElement(scanner: Scanner, depth: number): Element {
  if (scanner.next() !== "{") {
    scanner.value(depth);
    return misfit("a call is an object");
  }
  const parts: Parts = {};
  let odd: Misfit | undefined;
  scanner.object((key, inner) => {
    const value = scanner.value(inner);
    const known = KEYS.find((each) => each === key) ?? KEYS.find((each) => each === foldCase(key));
    if (!known) return;
    if (known !== key) odd ??= misfit(`write "${known}" in lower case`);
    else if (parts[known] !== undefined) odd ??= misfit(`"${known}" stands twice`);
    else parts[known] = scanner.slice(value);
  }, depth);
  return odd ?? callOf(parts);
}

function callOf({ id, jsonrpc: version, method, params }: Parts): Element {
  if (id !== undefined && !/^["\-\dn]/.test(id)) return misfit("an id is a string, a number or null");
  if (version !== undefined && version !== '"2.0"') return misfit('"jsonrpc" is "2.0"', id);
  if (method === undefined || !method.startsWith('"')) return misfit('a call has a "method"', id);
  if (params !== undefined && !/^[[{n]/.test(params)) return misfit('"params" is an array or an object', id);
  return { method: JSON.parse(method) as string, id, version, params };
}

/** An error as JSON text; `id` is JSON text, too. */
export const errorText = (id: string | undefined, code: number, message: string): string =>
  `{"jsonrpc":"2.0","id":${id ?? "null"},"error":{"code":${code},"message":${JSON.stringify(message)}}}`;

export const resultText = (id: string | undefined, result: string): string =>
  `{"jsonrpc":"2.0","id":${id ?? "null"},"result":${result}}`;

/** The call as a node gets it. `id` in place of its own, as JSON text. */
export const callText = ({ method, version, params }: Call, id: string): string => {
  const first = version === undefined ? "" : `"jsonrpc":${version},`;
  const last = params === undefined ? "" : `,"params":${params}`;
  return `{${first}"id":${id},"method":${JSON.stringify(method)}${last}}`;
};
