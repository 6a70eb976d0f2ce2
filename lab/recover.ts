import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type Docker from "dockerode";
import { UserError } from "../components/core/config/finding";
import { labelsOf, type Room } from "./room";

/** How long an engine that outlived its lab run may take to end. */
const PATIENCE_MS = 120_000;

/**
 * Makes a lab whole again after a run that was killed: waits for an engine that still works, takes its lock if it is
 * dead, drops operations that never ended from the state, and removes what they left on the Docker engine. Data
 * volumes are kept. Does nothing after a run that ended by itself.
 */
export async function recover(
  room: Room,
  stack: Stack,
  docker: Docker,
  progress: (line: string) => void,
): Promise<void> {
  if (!existsSync(room.underWay)) return;
  progress("the last run was interrupted; picking up where it stopped");
  await engineEnded(room, progress);
  await stack.cancel().catch(() => {});
  const state = await stack.exportStack();
  const deployment = state.deployment as Deployment | undefined;
  if ((deployment?.pending_operations ?? []).length > 0) {
    await stack.importStack({ ...state, deployment: { ...deployment, pending_operations: [] } });
  }
  await removeOrphans(
    room,
    docker,
    new Set((deployment?.resources ?? []).flatMap(({ id }) => id ?? [])),
    progress,
  );
}

interface Deployment {
  pending_operations?: unknown[];
  resources?: { id?: string; type: string }[];
}

/** The engine's own lock files name the process that holds them. */
async function engineEnded(room: Room, progress: (line: string) => void): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pid = holder(room.state); pid !== undefined; pid = holder(room.state)) {
    if (Date.now() > deadline)
      throw new UserError(
        `the engine of an interrupted run (process ${pid}) is still at work. End it with \`kill -INT ${pid}\`, then run this again`,
      );
    progress(`waiting for the engine of the interrupted run (process ${pid})`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function holder(state: string): number | undefined {
  const locks = join(state, ".pulumi", "locks");
  if (!existsSync(locks)) return undefined;
  const files = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".json"),
  );
  const pids = files.map(
    (file) => (JSON.parse(readFileSync(join(locks, file), "utf8")) as { pid: number }).pid,
  );
  return pids.find(
    (pid) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi",
  );
}

/** Machines and networks of this lab that the state does not know: made by an operation whose end nobody heard. */
async function removeOrphans(
  room: Room,
  docker: Docker,
  known: Set<string>,
  progress: (line: string) => void,
): Promise<void> {
  const filters = { label: Object.entries(labelsOf(room)).map(([label, value]) => `${label}=${value}`) };
  for (const { Id, Names } of await docker.listContainers({ all: true, filters })) {
    if (known.has(Id)) continue;
    progress(`removing the half-made ${Names[0]?.slice(1) ?? Id}`);
    await docker.getContainer(Id).remove({ force: true });
  }
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    if (known.has(Id)) continue;
    progress(`removing the half-made network ${Name}`);
    await docker.getNetwork(Id).remove();
  }
}
