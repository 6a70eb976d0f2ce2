import { inspect } from "./disk";
import { type HostStatus, hostStatus } from "./status";
import { HostError, type System } from "./system";

/** The time is over; the message names what was still missing. */
export class TimeoutError extends Error {}

const CLOUD_INIT = "/usr/bin/cloud-init";
/** The first outlives a reboot, the second is written a moment earlier: together they mean the end of this boot's run. */
const BOOT_ENDED = ["/var/lib/cloud/instance/boot-finished", "/run/cloud-init/result.json"];
const DISABLED = "/run/cloud-init/disabled";
const PAUSE_MS = 500;

/**
 * Waits until cloud-init has ended, the last provision is good and every unit does its work. Units that wait for a secret
 * hold nothing up. Answers with the status then. Throws HostError if waiting cannot help, TimeoutError when time is up.
 */
export async function waitUntilReady(
  system: System,
  timeoutSeconds: number,
  say: (line: string) => void,
): Promise<HostStatus> {
  const end = system.now().getTime() + timeoutSeconds * 1000;
  let said = "";
  for (;;) {
    const { status, pending } = await look(system);
    if (status && pending.length === 0) return status;
    const line = pending.join("; ");
    if (line !== said) say(`waiting: ${line}`);
    said = line;
    if (system.now().getTime() >= end) throw new TimeoutError(`not ready after ${timeoutSeconds} s: ${line}`);
    await system.sleep(PAUSE_MS);
  }
}

async function look(system: System): Promise<{ status?: HostStatus; pending: string[] }> {
  if (!(await hasBooted(system))) return { pending: ["cloud-init has not ended"] };
  const status = await hostStatus(system).catch((error: unknown) => {
    if (error instanceof HostError) return error.message;
    throw error;
  });
  return typeof status === "string" ? { pending: [status] } : { status, pending: pendingOf(status) };
}

/** True too where there is no cloud-init, on bare metal. */
async function hasBooted(system: System): Promise<boolean> {
  const exists = async (path: string) => (await inspect(system, path)) !== undefined;
  if (!(await exists(CLOUD_INIT)) || (await exists(DISABLED))) return true;
  return (await Promise.all(BOOT_ENDED.map(exists))).every(Boolean);
}

function pendingOf({ lastProvision, bundle, services }: HostStatus): string[] {
  if (lastProvision?.result === "failed" && lastProvision.bundle === bundle) {
    throw new HostError(
      `the last provision failed (${lastProvision.time}): run nodewright-host provision and read what it says`,
    );
  }
  const isProvisioned = lastProvision?.result === "ok" && lastProvision.bundle === bundle;
  return [
    ...(isProvisioned ? [] : ["the provision of the current bundle has not ended"]),
    ...services
      .filter(({ healthy, waitingFor }) => !healthy && waitingFor.length === 0)
      .map(({ unit, state, detail }) => `${unit} is ${state}${detail ? `, ${detail}` : ""}`),
  ];
}
