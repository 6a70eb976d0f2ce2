import type { End } from "./http/connection";
import { Origin } from "./http/origin";

export class UpstreamError extends Error {
  constructor(
    message: string,
    /** Whether the request may have reached the other side. */
    readonly sent: boolean,
    readonly tooLarge = false,
  ) {
    super(message);
  }
}

export interface UpstreamAnswer {
  status: number;
  text: string;
}

/** By URL: those of a stack's nodes and writers, and HAProxy's own. */
const origins = new Map<string, Origin>();

function originOf(url: string): Origin {
  const origin = origins.get(url) ?? new Origin(url);
  origins.set(url, origin);
  return origin;
}

/** Questions that a server has under way from here. */
export const busy = (url: string): number => origins.get(url)?.busy ?? 0;

/**
 * Sends JSON by POST. Throws UpstreamError when no whole answer comes within `timeout` ms, or more than `most` bytes.
 * A kept connection that turns out to be closed is replaced once; with `keep` false none is used and none is kept.
 */
export function post(
  url: string,
  body: string | Buffer,
  timeout: number,
  most: number,
  keep = true,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const origin = originOf(url);
    const settle = ({ answer, message, sent, begun, tooLarge }: End, wasKept: boolean): void => {
      // The server may have closed it while it lay idle. A question that took too long is not asked again.
      if (!answer && wasKept && !begun && !isLate) {
        end = origin.ask(body, { most, fresh: true }, settle);
        return;
      }
      clearTimeout(timer);
      if (answer) resolve({ status: answer.status, text: answer.bytes.toString() });
      else reject(new UpstreamError(message, sent, tooLarge));
    };
    let isLate = false;
    let end = origin.ask(body, { most, fresh: !keep }, settle);
    const timer = setTimeout(() => {
      isLate = true;
      end(`no answer within ${timeout} ms`);
    }, timeout);
  });
}
