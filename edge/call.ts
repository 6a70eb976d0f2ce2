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
  /** Whether some object in the parameters has two keys that differ at most in case. */
  ambiguous: boolean;
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
  try {
    const scanner = new Scanner(text);
    const whole = scanner.whole();
    if (text[whole.start] !== "[") return { kind: "single", element: readElement(scanner, whole) };
    const spans = scanner.elements(whole);
    if (spans.length === 0) return { kind: "refused", code: INVALID_REQUEST, message: "empty batch" };
    if (spans.length > mostElements)
      return {
        kind: "refused",
        code: INVALID_REQUEST,
        message: `batch of ${spans.length} calls, at most ${mostElements} are allowed`,
      };
    return { kind: "batch", elements: spans.map((span) => readElement(scanner, span)) };
  } catch (error) {
    if (error instanceof JsonError)
      return { kind: "refused", code: PARSE_ERROR, message: `no JSON: ${error.message}` };
    throw error;
  }
}

const KEYS = ["jsonrpc", "id", "method", "params"];

function readElement(scanner: Scanner, span: Span): Element {
  const misfit = (message: string, id = "null"): Misfit => ({ id, code: INVALID_REQUEST, message });
  if (scanner.slice({ start: span.start, end: span.start + 1 }) !== "{") return misfit("a call is an object");
  const parts = new Map<string, string>();
  for (const { key, value } of scanner.members(span)) {
    const known = KEYS.find((each) => each === foldCase(key));
    if (!known) continue;
    if (known !== key) return misfit(`write "${known}" in lower case`);
    if (parts.has(known)) return misfit(`"${known}" stands twice`);
    parts.set(known, scanner.slice(value));
  }
  const id = parts.get("id");
  if (id !== undefined && !/^["\-\dn]/.test(id)) return misfit("an id is a string, a number or null");
  const version = parts.get("jsonrpc");
  if (version !== undefined && version !== '"2.0"') return misfit('"jsonrpc" is "2.0"', id);
  const method = parts.get("method");
  if (method === undefined || !method.startsWith('"')) return misfit('a call has a "method"', id);
  const params = parts.get("params");
  if (params !== undefined && !/^[[{n]/.test(params)) return misfit('"params" is an array or an object', id);
  const ambiguous =
    params !== undefined && new Scanner(params).hasDoubleKeys({ start: 0, end: params.length });
  return { method: JSON.parse(method) as string, id, version, params, ambiguous };
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

/** An answer of a node with the id that the client chose. Undefined where the text is no answer. */
export function withId(answer: string, id: string): string | undefined {
  try {
    const scanner = new Scanner(answer);
    const span = scanner.whole();
    const found = scanner.members(span).find(({ key }) => key === "id");
    if (!found) return undefined;
    return `${answer.slice(span.start, found.value.start)}${id}${answer.slice(found.value.end, span.end)}`;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/** The answers of a batch by the numbers that its calls were given as ids. */
export function answersOf(text: string): Map<number, string> {
  const found = new Map<number, string>();
  const scanner = new Scanner(text);
  const whole = scanner.whole();
  if (text[whole.start] !== "[") throw new JsonError("the answer to a batch is no array");
  for (const span of scanner.elements(whole)) {
    const answer = scanner.slice(span);
    const id = new Scanner(answer).members({ start: 0, end: answer.length }).find(({ key }) => key === "id");
    if (id) found.set(Number(answer.slice(id.value.start, id.value.end)), answer);
  }
  return found;
}
