import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { defineService } from "./service";

const settings = z.strictObject({
  port: portSchema.default(9100).describe("Port of the machine's metrics. Default 9100, its own."),
});

/**
 * What says how a node's machine is. The others are left out: each costs at every scrape, and some want rights that no
 * metric is worth (perf, systemd over D-Bus, adjtimex).
 */
const COLLECTORS = [
  ...["cpu", "diskstats", "edac", "filefd", "filesystem", "hwmon", "loadavg", "mdadm", "meminfo", "netdev"],
  ...["netstat", "nvme", "os", "pressure", "sockstat", "stat", "time", "uname", "vmstat"],
];

/** Prometheus' exporter of the machine itself, from the packages of the operating system. It reads /proc and /sys, as anyone may. */
export const nodeExporter = defineService({
  name: "node-exporter",
  summary: "metrics of the machine",
  settings,
  listeners: ({ port }) => [{ ...tcp("node-metrics", port, "cluster"), scraped: true }],
  plan: ({ settings: { port }, listeners }) => [
    {
      service: "node-exporter",
      unit: "nodewright-node-exporter",
      summary: "Prometheus node exporter",
      user: "nodewright-metrics",
      exec: [
        "/usr/bin/prometheus-node-exporter",
        // Without an address it takes both families; the firewall lets in the cluster alone.
        `--web.listen-address=:${port}`,
        "--web.disable-exporter-metrics",
        "--collector.disable-defaults",
        ...COLLECTORS.map((name) => `--collector.${name}`),
      ],
      programs: [],
      packages: ["prometheus-node-exporter"],
      masked: ["prometheus-node-exporter.service"],
      files: [],
      listeners,
      onChange: "restart",
      stop: { timeoutSeconds: 10 },
      health: { kind: "tcp", port },
    },
  ],
});
