import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printContent } from "../../../cloud-init/emit/file-content";
import { haproxyFiles } from "../../../components/core/edge/haproxy-config";
import { projectProgram } from "../../../stacks/project-program";
import { loopbackPlan } from "../../edge/loopback-plan";
import type { StartEdge } from "./contenders";
import { type Running, start } from "./process";

/** All features on; only what would turn the load itself away is raised: it comes from one address. */
const SETTINGS = {
  maxConnections: 2_000,
  limits: {
    unitsPerSecond: 1_000_000,
    connectionsPerClient: 65_536,
    callsPerSocket: 10_000,
  },
};

/** The edge as hosts run it: HAProxy with the planned configuration and the gateway, each a process of its own. */
export const startPlannedEdge: StartEdge = async (tree, folder, ...nodes) => {
  const { plan, gateway } = await loopbackPlan(nodes, nodes.slice(0, 1), SETTINGS);
  const place = mkdtempSync(join(folder, "edge-"));
  const settings = join(place, "edge.json");
  writeFileSync(settings, JSON.stringify({ ...gateway, counts: join(place, "stats.sock") }));
  const config = join(place, "haproxy.cfg");
  for (const { path, content } of haproxyFiles({ ...plan, state: { folder: place }, folder: place }, config))
    writeFileSync(path, printContent(content));
  const program = join(place, "edge.cjs");
  writeFileSync(program, projectProgram("edge/main.ts"));
  return both(
    plan.port,
    // Into a file, as nginx writes its own: what reads a host's log is another program.
    await start([tree.program("haproxy"), "-db", "-f", config], plan.port, tree.env, join(place, "log")),
    await start([process.execPath, program, settings], plan.gatewayPort),
  );
};

const both = (port: number, haproxy: Running, gateway: Running): Running => ({
  port,
  parts: { ...haproxy.parts, ...gateway.parts },
  stop: async () => {
    await haproxy.stop();
    await gateway.stop();
  },
});
