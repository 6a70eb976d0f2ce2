import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { methodsOf } from "../components/core/edge/methods";
import { agentCheck } from "./agent-check";
import type { EdgeContext } from "./context";
import { Counters } from "./counters";
import { Pool } from "./pool";
import { edgeServer, type Leaving } from "./server";
import type { EdgeSettings } from "./settings";
import { SharedQuestions } from "./shared-questions";
import { serveSockets } from "./sockets";
import { Subscriptions } from "./subscriptions";
import { watchWorkers } from "./workers";
import { Writers } from "./writers";

/**
 * How long every answer says `Connection: close` before the door shuts. HAProxy keeps connections and may not repeat a
 * write: one sent on a connection that closes at that moment would be lost.
 */
const LEAVING_MS = 1_500;
/** What still runs then is waited for. */
const LAST_MS = 20_000;

export interface Edge {
  port: number;
  agentPort: number;
  /**
   * Other settings from the next call on; what is under way ends as it began, and a WebSocket keeps the limits that it came
   * with. False, and nothing changes, where it would have to listen elsewhere.
   */
  apply(settings: EdgeSettings): boolean;
  /** Lets everything under way come to its end; WebSockets are closed with 1012. */
  stop(): Promise<void>;
}

/** Starts the gateway. Answers once it listens. */
export async function startEdge(given: EdgeSettings): Promise<Edge> {
  // One object for all that reads it, so that a change is everywhere at once.
  const settings = { ...given };
  const stopping = new AbortController();
  const leaving: Leaving = { isLeaving: false };
  const pool = new Pool(settings);
  const context: EdgeContext = {
    ...{ settings, pool, methods: methodsOf(settings.methods) },
    ...{ writers: new Writers(settings), counters: new Counters() },
    prices: new SharedQuestions(),
  };
  const subscriptions = new Subscriptions(context);
  const { server, closeIdle } = edgeServer(context, leaving);
  const sockets = serveSockets(server, context, subscriptions, leaving);
  const agent = agentCheck(pool);
  for (const [each, port] of [
    [server, settings.port],
    [agent, settings.agentPort],
  ] as const) {
    each.listen(port, "127.0.0.1");
    await once(each, "listening");
  }
  pool.watch(stopping.signal);
  void subscriptions.watch(stopping.signal);
  void watchWorkers(settings.counts, sockets.leave, stopping.signal);
  return {
    apply: (next) => apply(next, context),
    port: (server.address() as AddressInfo).port,
    agentPort: (agent.address() as AddressInfo).port,
    stop: async () => {
      leaving.isLeaving = true;
      sockets.close();
      await sleep(LEAVING_MS);
      agent.close();
      const closed = once(server, "close");
      server.close();
      closeIdle();
      const idle = setInterval(closeIdle, 100);
      await Promise.race([closed, sleep(LAST_MS, undefined, { ref: false })]);
      clearInterval(idle);
      server.closeAllConnections();
      stopping.abort();
    },
  };
}

/** What it takes a start to change. */
const FIXED = ["port", "agentPort", "counts"] as const;

function apply(next: EdgeSettings, context: EdgeContext): boolean {
  const { settings, pool } = context;
  if (FIXED.some((key) => next[key] !== settings[key])) return false;
  Object.assign(settings, { native: undefined }, next);
  context.methods = methodsOf(next.methods);
  pool.renew();
  return true;
}
