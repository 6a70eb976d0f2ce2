import { z } from "zod";
import { bytesOf, sizeSchema } from "../config/units";
import { TLS_SECRETS } from "../tls/certificate";
import { checkRsyslog, hostLines, READERS, rsyslogd, TLS_LIBRARY, tlsOf } from "./log-lines";
import { LOG_STORE } from "./log-store";
import { DATA, defineService, type Remote, type RsyslogStatement } from "./service";

const UNIT = "nodewright-logs";
const CONFIG = `/etc/${UNIT}/rsyslog.conf`;
const STATE = `${DATA}/logs-to-send`;

const settings = z.strictObject({
  queue: sizeSchema
    .default("1 GB")
    .describe(
      "Most of the data disk that lines may take while a monitor is away; beyond that they wait in the journal. Default 1 GB.",
    ),
});

/** 24 days, in milliseconds: a full queue makes the journal wait rather than lose lines. */
const PATIENCE = 2_073_600_000;

/** Acknowledged lines (RELP): plain syslog loses those that were under way when its server went. */
const shipTo = ({ host, name, port }: Remote, queueBytes: number): RsyslogStatement => ({
  object: "action",
  parameters: {
    type: "omrelp",
    target: name,
    port,
    template: "RSYSLOG_SyslogProtocol23Format",
    ...tlsOf(UNIT, [name]),
    "action.resumeRetryCount": -1,
    "action.resumeInterval": 2,
    "action.resumeIntervalMax": 60,
    // On disk alone: a queue in memory is lost with the process, and a stop while the monitor is away loses more of it.
    "queue.type": "Disk",
    "queue.filename": `to-${host}`,
    "queue.maxDiskSpace": queueBytes,
    "queue.checkpointInterval": 100,
    "queue.timeoutEnqueue": PATIENCE,
  },
});

/** Sends the journal and the audit trail to every monitor of the stack, over mutual TLS. */
export const logs = defineService({
  name: "logs",
  summary: "sends logs and the audit trail to the monitors",
  settings,
  keyed: true,
  needs: LOG_STORE,
  listeners: () => [],
  plan: ({ settings: { queue }, host, elsewhere }) => [
    {
      service: "logs",
      unit: UNIT,
      summary: "nodewright log shipping",
      user: UNIT,
      groups: READERS,
      before: checkRsyslog(CONFIG),
      exec: rsyslogd(UNIT, CONFIG),
      programs: [],
      packages: ["rsyslog", "rsyslog-relp"],
      masked: ["rsyslog.service", "syslog.socket"],
      files: [
        {
          path: CONFIG,
          content: {
            format: "rsyslog",
            statements: [
              ...hostLines({ host, state: STATE }),
              { object: "module", parameters: { load: "omrelp", ...TLS_LIBRARY } },
              ...elsewhere(LOG_STORE, "logs").map((store) => shipTo(store, bytesOf(queue))),
            ],
          },
        },
      ],
      listeners: [],
      secrets: [...TLS_SECRETS],
      data: STATE,
      onChange: "restart",
      stop: { timeoutSeconds: 30 },
    },
  ],
});
