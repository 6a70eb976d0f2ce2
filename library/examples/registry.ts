import { defineService, portSchema, project, type Role, registryWith, tcp } from "nodewright";
import { z } from "zod";

/** A program of the operating system, on a port that the cluster may reach. */
export const echo = defineService({
  name: "echo",
  summary: "answers with what it was told",
  settings: z.strictObject({ port: portSchema.default(7007) }),
  listeners: ({ port }) => [tcp("echo", port, "cluster")],
  plan: ({ settings: { port }, listeners }) => [
    {
      service: "echo",
      unit: "echo",
      summary: "an echo",
      user: "echo",
      exec: ["/usr/bin/socat", `TCP6-LISTEN:${port},fork`, "EXEC:cat"],
      programs: [],
      packages: ["socat"],
      files: [],
      listeners,
      onChange: "restart",
      stop: { timeoutSeconds: 5 },
      health: { kind: "tcp", port },
    },
  ],
});

export const parrot = {
  name: "parrot",
  summary: "a host that echoes",
  services: ["echo", "agent"],
  hardware: { memory: "1 GB", ecc: false, disk: "10 GB", source: "an example" },
  requires: [],
  settings: {},
  peersWith: [],
  exposes: {},
  named: false,
  scales: false,
} satisfies Role;

/** A project whose stack files may say `role: parrot`. */
export const parrots = (folder: string) =>
  project({ folder, registry: registryWith({ roles: [parrot], services: [echo] }) });
