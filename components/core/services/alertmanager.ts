import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { DATA, defineService } from "./service";

const TEMPLATE = "/etc/nodewright-alertmanager/alertmanager.yml";
const FILL_IN = "/usr/lib/nodewright/alert-receivers";
const CONFIG = "/run/nodewright-alertmanager/alertmanager.yml";
const STORE = `${DATA}/alertmanager`;

/** How a host keeps the URL of a receiver. */
export const receiverSecret = (name: string): string => `alert-${name}`;

/** Stands in the configuration until the program starts: a URL of a receiver is as good as a password. */
const placeholder = (name: string): string => `http://receiver.invalid/${name}`;

const settings = z.strictObject({
  port: portSchema.default(9093).describe("Port of its pages and API, on the host itself. Default 9093."),
  webhooks: z
    .array(z.string().regex(/^[a-z][a-z0-9]{0,30}$/, "is no name of a receiver: a–z and 0–9, a letter first"))
    .default([])
    .describe(
      "Receivers of alerts, by names of your own. The URL of each is the secret <monitor>/alert-<name>. Default none: alerts are on the monitor's pages alone.",
    ),
});

/** All of a host in one message; what pages is told again sooner than what can wait. */
const route = (receiver: string) => ({
  receiver,
  group_by: ["stack", "host"],
  group_wait: "30s",
  group_interval: "5m",
  repeat_interval: "12h",
  routes: [{ matchers: ['severity="page"'], repeat_interval: "1h", receiver }],
});

const configuration = (webhooks: readonly string[]) => ({
  route: route(webhooks.length > 0 ? "operators" : "nobody"),
  receivers: [
    webhooks.length > 0
      ? {
          name: "operators",
          webhook_configs: webhooks.map((name) => ({ url: placeholder(name), send_resolved: true })),
        }
      : { name: "nobody" },
  ],
  // A host that is silent is silent in everything: one alert says so.
  inhibit_rules: [
    {
      source_matchers: ['alertname="HostSilent"'],
      target_matchers: ['alertname!="HostSilent"'],
      equal: ["host"],
    },
  ],
});

/**
 * Puts each receiver's URL in its place, in memory only: this version of Alertmanager reads no URL from a file.
 * Arguments: the template, the file to write, then the names. A URL that could leave its YAML string ends it.
 */
const FILL_IN_SCRIPT = `#!/bin/sh
set -eu
umask 077
template=$1 target=$2
shift 2
cp "$template" "$target"
for name in "$@"; do
  url=$(cat "$CREDENTIALS_DIRECTORY/alert-$name")
  case $url in
    http://* | https://*) ;;
    *) echo "alert-$name: its value must begin with https:// or http://; set the secret anew" >&2; exit 1 ;;
  esac
  if printf %s "$url" | LC_ALL=C grep -q '[^]A-Za-z0-9._~:/?#@!$&*+,;=%()[-]' || [ "$(printf %s "$url" | wc -l)" != 0 ]; then
    echo "alert-$name: its value has a character that no URL has; set the secret anew" >&2
    exit 1
  fi
  escaped=$(printf %s "$url" | sed 's/[&|\\\\]/\\\\&/g')
  # By a script of sed's own on standard input: an argument could be read by others.
  printf '%s\\n' "s|http://receiver\\\\.invalid/$name\\$|$escaped|" | sed -i -f - "$target"
done
`;

/** Sends alerts to people, from the packages of the operating system. */
export const alertmanager = defineService({
  name: "alertmanager",
  summary: "sends alerts to people",
  settings,
  keyed: true,
  listeners: ({ port }) => [tcp("alerts", port, "loopback")],
  plan: ({ settings: { port, webhooks }, listeners }) => [
    {
      service: "alertmanager",
      unit: "nodewright-alertmanager",
      summary: "Alertmanager",
      user: "nodewright-alertmanager",
      before: [FILL_IN, TEMPLATE, CONFIG, ...webhooks],
      exec: [
        "/usr/bin/prometheus-alertmanager",
        `--config.file=${CONFIG}`,
        `--storage.path=${STORE}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // It would look for others of its kind; each monitor sends by itself.
        "--cluster.listen-address=",
      ],
      programs: [],
      packages: ["prometheus-alertmanager"],
      masked: ["prometheus-alertmanager.service"],
      files: [
        { path: TEMPLATE, content: { format: "yaml", value: configuration(webhooks) } },
        { path: FILL_IN, content: { format: "script", text: FILL_IN_SCRIPT } },
      ],
      listeners,
      secrets: webhooks.map(receiverSecret),
      data: STORE,
      onChange: "restart",
      stop: { timeoutSeconds: 30 },
      health: { kind: "tcp", port },
    },
  ],
});
