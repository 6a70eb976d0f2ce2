import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { LOG_STORE, LOG_STORE_USER } from "./log-store";
import { defineService, PROGRAMS } from "./service";

const settings = z.strictObject({
  port: portSchema.default(9400).describe("Port of status, health and metrics. Default 9400."),
});

/** The program on every host that keeps it as planned; this unit tells its state and metrics to the cluster. */
export const agent = defineService({
  name: "agent",
  summary: "status, health and metrics of the host",
  settings,
  listeners: ({ port }) => [{ ...tcp("agent", port, "cluster"), probed: true, scraped: true }],
  plan: ({ settings: { port }, listeners, place }) => [
    {
      service: "agent",
      unit: "nodewright-agent",
      summary: "nodewright host agent",
      user: "nodewright-agent",
      // It tells when logs of the other hosts came last.
      ...(place.services.includes(LOG_STORE) ? { groups: [LOG_STORE_USER] } : {}),
      exec: [
        `${PROGRAMS}/nodewright-host`,
        "serve",
        "--listen",
        `0.0.0.0:${port}`,
        "--listen",
        `[::]:${port}`,
      ],
      programs: ["nodewright-host"],
      files: [],
      listeners,
      // Samples of how full the disks are, from which the day is told when one will be.
      keepsState: true,
      onChange: "restart",
      stop: { timeoutSeconds: 10 },
      health: { kind: "tcp", port },
    },
  ],
});
