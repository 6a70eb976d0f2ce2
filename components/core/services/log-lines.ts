import type { RsyslogStatement } from "./service";

/** What was ever changed on a host, a line of JSON each. The agent alone writes it; this group may read it. */
export const AUDIT_TRAIL = "/var/lib/nodewright/audit.jsonl";
export const LOG_READERS = "adm";

/** By which lines of the audit trail are known on the way. */
export const AUDIT_TAG = "nodewright-audit";

/** A silent host sends at least this often, so that silence means something. */
export const MARK_SECONDS = 300;

/** Groups of a user that reads the journal and the audit trail. */
export const READERS = ["systemd-journal", LOG_READERS];

interface Lines {
  /** As the plan names it: what it calls itself in each line. */
  host: string;
  /** Where it keeps its place in the journal and in the trail. */
  state: string;
}

/** All that a host has to tell: the whole journal, from before this was installed, and the audit trail. */
export const hostLines = ({ host, state }: Lines): RsyslogStatement[] => [
  { object: "global", parameters: { workDirectory: state, localHostname: host, maxMessageSize: "64k" } },
  { object: "module", parameters: { load: "immark", interval: MARK_SECONDS } },
  {
    object: "module",
    parameters: {
      load: "imjournal",
      stateFile: "journal.state",
      persistStateInterval: 100,
      // journald has limits of its own.
      "ratelimit.interval": 0,
      ignorePreviousMessages: false,
    },
  },
  { object: "module", parameters: { load: "imfile" } },
  { object: "input", parameters: { type: "imfile", file: AUDIT_TRAIL, tag: AUDIT_TAG } },
  // A service could call itself so in the journal, and put lines of its own into the trail.
  {
    when: { property: "$inputname", is: ["imjournal"] },
    do: [{ when: { property: "$programname", is: [AUDIT_TAG] }, do: ["stop"] }],
  },
];

/** Names of the files of a host's identity, as rsyslog's RELP modules call them, for a unit. */
export const tlsOf = (unit: string, peers: readonly string[]) => ({
  tls: true,
  "tls.caCert": `/run/credentials/${unit}.service/tls-authority`,
  "tls.myCert": `/run/credentials/${unit}.service/tls-identity`,
  "tls.myPrivKey": `/run/credentials/${unit}.service/tls-identity`,
  "tls.authMode": "name",
  "tls.permittedPeer": peers,
});

/** GnuTLS knows ed25519 in the version that Debian 12 has. */
export const TLS_LIBRARY = { "tls.tlsLib": "gnutls" };

/** Daemons are told by nothing but their own configuration; they stay in the foreground. */
export const rsyslogd = (unit: string, config: string): string[] => [
  "/usr/sbin/rsyslogd",
  "-n",
  "-i",
  `/run/${unit}/rsyslogd.pid`,
  "-f",
  config,
];

/** Checks a configuration before a start takes the running one's place. */
export const checkRsyslog = (config: string): string[] => ["/usr/sbin/rsyslogd", "-N1", "-f", config];
