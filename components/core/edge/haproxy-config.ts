import type { HaproxySection, ServiceFile } from "../services/service";
import { keyFiles } from "./api-keys";
import type { EdgePlan } from "./edge-plan";
import { ownErrors } from "./haproxy-answer";
import { backends } from "./haproxy-backend";
import {
  admission,
  connectionTable,
  insideFrontend,
  membersFrontend,
  metricsFrontend,
  publicFrontend,
} from "./haproxy-frontend";
import { countsSocket, methodTable } from "./method-counts";
import { methodsOf } from "./methods";
import { batchUnits, nativeBodies } from "./native-calls";
import { spendingTables } from "./spending";
import { supposedBatch } from "./supposed-call";
import { challengeBackends, redirectFrontend, tlsGlobals } from "./tls";

/**
 * What HAProxy sees of a request at once; headers that do not fit are refused (400). Every read is copied as a whole buffer, in case that it has to be sent again:
 * one of 32 kB costs each small call a fifth more than this, one that holds the largest body eightfold (2.6.12). A longer
 * body is not held here, it streams on.
 */
const BUFFER_BYTES = 16 * 1024;

export const SECONDS_TO_DRAIN = 30;

const global = (plan: EdgePlan): HaproxySection => ({
  kind: "global",
  lines: [
    ["log", "stdout", "format", "raw", "local0", "info"],
    ["maxconn", String(plan.maxConnections)],
    ["tune.bufsize", String(BUFFER_BYTES)],
    // Kept answers are found by a hash of the whole text, under a lock: dearer than the pattern, and clients repeat little.
    ["tune.pattern.cache-size", "0"],
    ["hard-stop-after", `${SECONDS_TO_DRAIN}s`],
    ...countsSocket(plan),
    ...tlsGlobals(plan),
  ],
});

const defaults = ({ timeouts, keepAlive = 60 }: EdgePlan): HaproxySection => ({
  kind: "defaults",
  lines: [
    ["mode", "http"],
    ["log", "global"],
    ["option", "dontlognull"],
    // At a reload the old process would close idle connections while clients write on them.
    ["option", "idle-close-on-response"],
    ["timeout", "connect", "1s"],
    ["timeout", "client", "30s"],
    ["timeout", "server", `${timeouts.heavy}s`],
    // Header and body together: whoever sends slower holds a connection and a buffer for nothing.
    ["timeout", "http-request", "5s"],
    ["timeout", "http-keep-alive", `${keepAlive}s`],
    ...ownErrors,
  ],
});

/** HAProxy's configuration and the lists that it reads. Pure. */
export function haproxyFiles(plan: EdgePlan, path: string): ServiceFile[] {
  const methods = methodsOf(plan.methods);
  const costs = [...methods.values()]
    .filter(({ class: kind }) => kind !== "denied")
    .map(({ name, cost }) => `${name} ${cost}`);
  const lines = (name: string, each: string[]): ServiceFile => ({
    path: `${plan.folder}/${name}`,
    content: { format: "lines", lines: each },
  });
  const sections = [
    global(plan),
    defaults(plan),
    publicFrontend(plan),
    ...(plan.tls ? [redirectFrontend(plan, plan.tls, admission(plan))] : []),
    ...spendingTables(plan),
    connectionTable,
    ...methodTable(plan),
    insideFrontend(plan.insidePort),
    metricsFrontend(plan.metricsPort),
    ...(plan.memberPort === undefined ? [] : [membersFrontend(plan, plan.memberPort)]),
    ...backends(plan),
    ...challengeBackends(plan),
  ];
  return [
    { path, content: { format: "haproxy", sections } },
    ...keyFiles(plan),
    lines("costs.map", [...costs, supposedBatch(plan), ...batchUnits(methods, plan.limits.batch)]),
    lines("reads.map", nativeBodies(methods, plan.limits.batch)),
  ];
}
