import { z } from "zod";
import { type Listener, tcp } from "../network/listener";
import { DATA, defineService } from "./service";

const FOLDER = "/etc/nodewright-knot";
const CONFIG = `${FOLDER}/knot.conf`;
const STORE = `${DATA}/knot`;

const udp = (name: string, port: number): Listener => ({ name, port, protocol: "udp", exposure: "public" });

/** Names larger than one datagram come by TCP, and resolvers ask there when an answer was cut. */
const listeners = () => [tcp("names-tcp", 53, "public"), udp("names", 53)];

/** Knot DNS, authoritative for the stack's own domain, where no cloud's name service answers for it. */
export const dns = defineService({
  name: "dns",
  summary: "answers for the stack's names (Knot DNS)",
  settings: z.strictObject({}),
  answersNames: true,
  listeners,
  plan: ({ listeners: own, zone }) =>
    zone === undefined
      ? []
      : [
          {
            service: "dns",
            unit: "nodewright-knot",
            summary: "Knot DNS",
            user: "nodewright-knot",
            before: ["/usr/sbin/knotc", "-c", CONFIG, "conf-check"],
            exec: ["/usr/sbin/knotd", "-c", CONFIG],
            reload: [["/usr/sbin/knotc", "-c", CONFIG, "reload"]],
            programs: [],
            packages: ["knot"],
            masked: ["knot.service"],
            files: [
              { path: CONFIG, content: { format: "yaml", value: configuration(zone.domain) } },
              { path: `${FOLDER}/${zone.domain}.zone`, content: { format: "zone", zone } },
            ],
            listeners: own,
            data: STORE,
            onChange: "reload",
            stop: { timeoutSeconds: 30 },
            capabilities: ["CAP_NET_BIND_SERVICE"],
            health: { kind: "tcp", port: 53 },
          },
        ],
});

/** knot.conf is a subset of YAML (Knot DNS, Configuration reference: "simplified YAML"). */
const configuration = (domain: string) => ({
  server: { rundir: "/run/nodewright-knot", listen: ["0.0.0.0@53", "::@53"], version: "", identity: "" },
  log: [{ target: "stderr", any: "info" }],
  database: { storage: STORE },
  // One datagram of a forged question must not be answered a thousandfold: Knot's own response rate limit.
  "mod-rrl": [{ id: "default", "rate-limit": 200, slip: 2 }],
  template: [
    {
      id: "default",
      storage: FOLDER,
      file: "%s.zone",
      "global-module": "mod-rrl/default",
      "zonefile-load": "whole",
    },
  ],
  zone: [{ domain, "journal-content": "none" }],
});
