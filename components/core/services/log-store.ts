import { z } from "zod";
import { bytesOf, portSchema, sizeSchema } from "../config/units";
import { tcp } from "../network/listener";
import { TLS_SECRETS } from "../tls/certificate";
import { AUDIT_TAG, checkRsyslog, hostLines, READERS, rsyslogd, TLS_LIBRARY, tlsOf } from "./log-lines";
import { DATA, defineService, type RsyslogStatement, type ServiceContext } from "./service";

export const LOG_STORE = "log-store";
/** A folder for each host, which the host's name names. */
export const LOGS = `${DATA}/logs`;
/** Of the unit and its user. Who is in the group may read the logs. */
export const LOG_STORE_USER = "nodewright-log-store";

const CONFIG = `/etc/${LOG_STORE_USER}/rsyslog.conf`;
const STATE = `/var/lib/${LOG_STORE_USER}`;
const TURN_OVER = "/usr/lib/nodewright/turn-over-logs";

const settings = z.strictObject({
  port: portSchema
    .default(2514)
    .describe("Port for the hosts of the stack, with certificates. Default 2514."),
  fileSize: sizeSchema
    .default("50 MB")
    .describe("A file is turned over when it is that large. Default 50 MB."),
  files: z
    .number()
    .int()
    .min(2)
    .max(9)
    .default(4)
    .describe("Files kept of each log, a host has two. Default 4: at most 400 MB a host."),
});

/**
 * rsyslog calls it when a file is too large, and does not say which. Argument: the size in bytes, a slash, the number of
 * files to keep. The oldest goes, the others move on by one.
 */
const TURN_OVER_SCRIPT = `#!/bin/sh
set -eu
size=\${1%%/*} keep=\${1##*/}
find ${LOGS} -type f \\( -name '*.log' -o -name '*.jsonl' \\) -size "+$((size - 1))c" | while read -r file; do
  number=$((keep - 1))
  while [ "$number" -gt 1 ]; do
    [ ! -e "$file.$((number - 1))" ] || mv -f "$file.$((number - 1))" "$file.$number"
    number=$((number - 1))
  done
  mv -f "$file" "$file.1"
done
`;

/** Names in a line are what its sender says: they name a file only where the plan knows them. */
const keep = (hosts: readonly string[], size: number, files: number): RsyslogStatement[] => {
  const write = (dynaFile: string, template: string): RsyslogStatement => ({
    object: "action",
    parameters: {
      type: "omfile",
      dynaFile,
      template,
      createDirs: true,
      dirCreateMode: "0750",
      fileCreateMode: "0640",
      "rotation.sizeLimit": size,
      "rotation.sizeLimitCommand": `${TURN_OVER} ${size}/${files}`,
    },
  });
  return [
    {
      when: { property: "$hostname", is: hosts },
      do: [
        {
          when: { property: "$programname", is: [AUDIT_TAG] },
          do: [write("auditFile", "asWritten")],
          otherwise: [write("journalFile", "RSYSLOG_FileFormat")],
        },
      ],
    },
  ];
};

const template = (name: string, text: string): RsyslogStatement => ({
  object: "template",
  parameters: { name, type: "string", string: text },
});

function statements({
  settings: { port, fileSize, files },
  host,
  hostsOf,
}: ServiceContext<z.output<typeof settings>>): RsyslogStatement[] {
  const senders = hostsOf("logs");
  return [
    ...hostLines({ host, state: STATE }),
    template("journalFile", `${LOGS}/%hostname:::secpath-replace%/journal.log`),
    template("auditFile", `${LOGS}/%hostname:::secpath-replace%/audit.jsonl`),
    template("asWritten", "%msg:::drop-last-lf%\n"),
    {
      ruleset: "keep",
      statements: keep([host, ...senders.map((each) => each.host)], bytesOf(fileSize), files),
    },
    ...(senders.length === 0
      ? []
      : ([
          { object: "module", parameters: { load: "imrelp", ...TLS_LIBRARY } },
          {
            object: "input",
            parameters: {
              type: "imrelp",
              port,
              maxDataSize: "64k",
              ruleset: "keep",
              ...tlsOf(
                LOG_STORE_USER,
                senders.map(({ name }) => name),
              ),
            },
          },
        ] satisfies RsyslogStatement[])),
    { call: "keep" },
  ];
}

/** Keeps the logs and audit trails of all hosts of the stack, its own among them. */
export const logStore = defineService({
  name: LOG_STORE,
  summary: "keeps the logs and audit trails of all hosts",
  settings,
  keyed: true,
  listeners: ({ port }) => [tcp("logs", port, "cluster")],
  plan: (context) => [
    {
      service: LOG_STORE,
      unit: LOG_STORE_USER,
      summary: "nodewright log store",
      user: LOG_STORE_USER,
      groups: READERS,
      before: checkRsyslog(CONFIG),
      exec: rsyslogd(LOG_STORE_USER, CONFIG),
      programs: [],
      packages: ["rsyslog", "rsyslog-relp"],
      masked: ["rsyslog.service", "syslog.socket"],
      files: [
        { path: CONFIG, content: { format: "rsyslog", statements: statements(context) } },
        { path: TURN_OVER, content: { format: "script", text: TURN_OVER_SCRIPT } },
      ],
      listeners: context.listeners,
      secrets: [...TLS_SECRETS],
      data: LOGS,
      keepsState: true,
      onChange: "restart",
      stop: { timeoutSeconds: 30 },
    },
  ],
});
