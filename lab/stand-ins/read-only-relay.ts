import {
  type Answer,
  type Answerer,
  type Failure,
  failure,
  INVALID_REQUEST,
  json,
  METHOD_NOT_FOUND,
  parseBody,
  SERVER_ERROR,
  toCall,
} from "./json-rpc";
import { post } from "./upstream";

/**
 * Sends calls of these methods on to `url`, the body as it came, and refuses the others by themselves. In a batch
 * that holds both, the rest goes on without the refused ones.
 */
export function readOnlyRelay(url: string, methods: ReadonlySet<string>): Answerer {
  const refusal = (element: unknown): Failure | undefined => {
    const call = toCall(element);
    if (!call) return failure(null, INVALID_REQUEST, "no JSON-RPC call");
    if (methods.has(call.method)) return undefined;
    return failure(
      call.id,
      METHOD_NOT_FOUND,
      `the method ${call.method.slice(0, 64)} does not exist or is not available`,
    );
  };
  const send = async (body: Buffer | string): Promise<Answer> => ({
    status: 200,
    body: await post(url, body),
  });

  const relay: Answerer = async (body) => {
    const parsed = parseBody(body);
    if ("refused" in parsed) return parsed.refused;
    const { value } = parsed;
    if (!Array.isArray(value)) {
      const refused = refusal(value);
      return refused ? json(refused) : send(body);
    }
    const refused = value.map(refusal);
    if (refused.every((one) => one === undefined)) return send(body);
    const passed = value.filter((_, index) => refused[index] === undefined);
    const answers = passed.length > 0 ? JSON.parse(String((await send(JSON.stringify(passed))).body)) : [];
    const told = refused.filter((one, index) => one && !isNotification(value[index]));
    return json([...(answers as unknown[]), ...told]);
  };
  return (body) =>
    relay(body).catch((cause: Error) =>
      json(failure(null, SERVER_ERROR, `eos-evm-node does not answer: ${cause.message}`), 503),
    );
}

const isNotification = (element: unknown): boolean => {
  const call = toCall(element);
  return call !== undefined && call.id === undefined;
};
