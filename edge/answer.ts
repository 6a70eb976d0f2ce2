import { METHOD_CLASSES, type MethodClass } from "../components/core/edge/methods";
import {
  type Body,
  type Call,
  callText,
  type Element,
  errorText,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  isCall,
  LIMIT_EXCEEDED,
  METHOD_NOT_FOUND,
  RESPONSE_TOO_LARGE,
  readBody,
  resultText,
} from "./call";
import type { EdgeContext } from "./context";
import { fallback } from "./fallbacks";
import type { GatheredReads } from "./gathered-reads";
import { hasControls } from "./json/controls";
import { refuseLogs } from "./log-range";
import { lost } from "./lost";
import { NodeAnswer } from "./node-answer";
import { askNodes } from "./nodes";
import { price } from "./price";
import { UpstreamError } from "./upstream";

export interface Answer {
  /** HTTP status. */
  status: number;
  /** Empty where only notifications came. */
  text: string;
  /** What its calls cost, where it was calls that were asked for. */
  units?: number;
}

/** Answers what only a WebSocket can ask for; the text of the answer, its id in place. */
export type Subscriber = (call: Call) => Promise<string> | string;

/** What a WebSocket brings beside its calls. */
export interface Socket {
  subscriber: Subscriber;
  gathered: GatheredReads;
  /** Takes units of its client's; false where that has spent too much. */
  spends: (units: number) => boolean;
}

/** Shorter ones cost less to put together anew. */
const LONG_BYTES = 8 * 1024;

/** Answers a body in UTF-8: a single call or a batch, each call by the way of its class. Never throws. */
export async function answer(bytes: Buffer, context: EdgeContext, socket?: Socket): Promise<Answer> {
  const text = bytes.toString();
  const isLong = bytes.length > LONG_BYTES;
  const body = readBody(text, context.settings.limits.batch, isLong && !hasControls(bytes));
  if (isLong && body.kind === "single" && isCall(body.element) && body.element.around)
    body.element.source = bytes;
  context.counters.add(`nodewright_edge_bodies_total{kind="${body.kind}"}`);
  try {
    return await answerBody(body, context, socket);
  } catch (error) {
    console.error(error);
    return { status: 500, text: errorText(undefined, INTERNAL_ERROR, "internal error") };
  }
}

async function answerBody(body: Body, context: EdgeContext, socket?: Socket): Promise<Answer> {
  if (body.kind === "refused")
    return { status: 400, text: errorText(undefined, body.code, body.message), units: 1 };
  const elements = body.kind === "single" ? [body.element] : body.elements;
  const units = unitsOf(elements, context);
  const answers =
    socket && !socket.spends(units) ? elements.map(tooMany) : await answerAll(elements, context, socket);
  const [first] = elements;
  if (body.kind === "single" && first)
    return { status: isCall(first) ? 200 : 400, text: answers[0] ?? "", units };
  return { ...joined(elements, answers, context.settings.limits.responseBytes), units };
}

/** What no node sees costs what the cheapest call does: it was read. */
function unitsOf(elements: readonly Element[], { methods }: EdgeContext): number {
  const cost = (element: Element): number => {
    const method = isCall(element) ? methods.get(element.method) : undefined;
    return method && method.class !== "denied" ? method.cost : 1;
  };
  return elements.reduce((sum, element) => sum + cost(element), 0);
}

/** In the order of the calls. What does not fit any more is answered by an error, so that each call has its answer. */
function joined(
  elements: readonly Element[],
  answers: readonly (string | undefined)[],
  most: number,
): Answer {
  let size = 2;
  const parts = answers.flatMap((text, index) => {
    if (text === undefined) return [];
    size += text.length + 1;
    return size <= most ? text : errorText(elements[index]?.id, RESPONSE_TOO_LARGE, "response too large");
  });
  return { status: 200, text: parts.length === 0 ? "" : `[${parts.join(",")}]` };
}

/** Names are made once: one that is put together for each call would be looked up by its letters. */
const CALLS = Object.fromEntries(
  METHOD_CLASSES.map((kind) => [kind, `nodewright_edge_calls_total{class="${kind}"}`]),
) as Record<MethodClass, string>;

/** The answer to each element, in their order; undefined for a notification. */
async function answerAll(
  elements: readonly Element[],
  context: EdgeContext,
  socket?: Socket,
): Promise<(string | undefined)[]> {
  const toNodes: Call[] = [];
  const pending = elements.map((element): Promise<string> | string | undefined => {
    if (!isCall(element)) return errorText(element.id, element.code, element.message);
    const kind = context.methods.get(element.method)?.class ?? "denied";
    context.counters.add(CALLS[kind]);
    const refused = refuseLogs(element, context);
    if (refused !== undefined) return refused;
    if (kind === "write") return write(element, context);
    if (kind === "price" && !context.writers.none) return price(element, context);
    if (kind === "subscription")
      return socket
        ? socket.subscriber(element)
        : errorText(element.id, METHOD_NOT_FOUND, "notifications not supported: use a WebSocket");
    if (kind === "denied") return notFound(element);
    toNodes.push(element);
    return undefined;
  });
  const [answered, ...settled] = await Promise.all([
    socket?.gathered.ask(toNodes) ?? fromNodes(toNodes, context),
    ...pending.filter((each) => typeof each === "object"),
  ]);
  let next = 0;
  return elements.map((element, index) => {
    const own = pending[index];
    const text = typeof own === "object" ? settled[next++] : (own ?? answered.get(element as Call));
    return isNotification(element) ? undefined : text;
  });
}

const isNotification = (element: Element): boolean => isCall(element) && element.id === undefined;

const tooMany = (element: Element): string | undefined =>
  isNotification(element) ? undefined : errorText(element.id, LIMIT_EXCEEDED, "too many requests");

const notFound = ({ id, method }: Call): string =>
  errorText(id, METHOD_NOT_FOUND, `the method ${method.slice(0, 64)} does not exist/is not available`);

const write = (call: Call, { writers }: EdgeContext): Promise<string> | string =>
  writers.none
    ? errorText(call.id, METHOD_NOT_FOUND, "this endpoint answers reads only")
    : writers.send(call);

/** All calls for nodes in one request, under the ids 0, 1, …: a single one as it is, several as one batch. */
export async function fromNodes(calls: readonly Call[], context: EdgeContext): Promise<Map<Call, string>> {
  if (calls.length === 0) return new Map();
  const isHeavy = calls.some(({ method }) => context.methods.get(method)?.class === "heavy");
  const isBatch = calls.length > 1;
  const source = isBatch ? undefined : calls[0]?.source;
  const texts = source ? [] : calls.map((call, index) => callText(call, String(index)));
  const body = source ?? (isBatch ? `[${texts.join(",")}]` : (texts[0] ?? ""));
  const found = await askNodes(body, isHeavy, context, isBatch ? NodeAnswer.ofBatch : single);
  const answered = new Map<Call, string>();
  for (const [index, call] of calls.entries()) {
    const answer = found instanceof UpstreamError ? undefined : found.get(index);
    const text = answer?.withId(call.id ?? "null") ?? lost(call.id, found);
    const isLocal = context.methods.get(call.method)?.class === "local";
    answered.set(call, (isLocal ? await ownAnswer(call, text, context) : undefined) ?? text);
  }
  return answered;
}

function single(text: string): Map<number, NodeAnswer> | undefined {
  const answer = NodeAnswer.of(text);
  return answer && new Map([[0, answer]]);
}

/** What the edge says itself where the node has no such method. */
async function ownAnswer(call: Call, answered: string, context: EdgeContext): Promise<string | undefined> {
  if (!answered.includes(`${METHOD_NOT_FOUND}`)) return undefined;
  const error: unknown = (JSON.parse(answered) as { error?: { code?: unknown } }).error?.code;
  if (error !== METHOD_NOT_FOUND) return undefined;
  const result = await Promise.resolve(fallback(call, context)).catch(() => undefined);
  return result === undefined
    ? errorText(call.id, INVALID_REQUEST, `${call.method} cannot be answered`)
    : resultText(call.id, result);
}
