import { z } from "zod";
import { portSchema } from "../config/units";
import { tcp } from "../network/listener";
import { defineService, PROGRAMS } from "./service";

const settings = z.strictObject({
  port: portSchema.default(9400).describe("Port of status, health and metrics. Default 9400."),
});

/** The program on every host that keeps it as planned; this unit tells its state and metrics to the cluster. */
export const agent = defineService({
  name: "agent",
  summary: "status, health and metrics of the host",
  settings,
  listeners: ({ port }) => [{ ...tcp("agent", port, "cluster"), probed: true }],
  plan: ({ settings: { port }, listeners }) => [
    {
      service: "agent",
      unit: "nodewright-agent",
      summary: "nodewright host agent",
      user: "nodewright-agent",
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
