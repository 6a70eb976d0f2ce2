import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerInspectInfo, HealthConfig } from "dockerode";
import { compact } from "../value";
import type { ContainerInputs } from "./container-schema";
import { DockerProblem } from "./daemon";

const POLL_MS = 250;
/** On a busy machine a program that ends at once still runs at the first look. */
const SETTLE_MS = 500;
const DEFAULT_WAIT_SECONDS = 60;

/** The health check as the daemon takes it: times in nanoseconds. */
export function healthConfig(health: NonNullable<ContainerInputs["healthcheck"]>): HealthConfig {
  return compact<HealthConfig>({
    Test: health.tests,
    Interval: nanoseconds(health.interval),
    Timeout: nanoseconds(health.timeout),
    StartPeriod: nanoseconds(health.startPeriod),
    Retries: health.retries,
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function nanoseconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parts = duration.matchAll(/(\d+)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNITS[unit ?? ""] ?? 0), 0);
}

/**
 * Waits as long as the inputs say: for a healthy container with `wait`; otherwise it only makes sure that one which
 * must run has not ended at once.
 */
export async function awaitContainer(
  docker: Docker,
  id: string,
  inputs: ContainerInputs,
  signal: AbortSignal,
) {
  if (inputs.mustRun !== false && !inputs.wait) await pause(SETTLE_MS, undefined, { signal });
  const deadline = Date.now() + (inputs.waitTimeout ?? DEFAULT_WAIT_SECONDS) * 1000;
  for (;;) {
    const found = await docker.getContainer(id).inspect();
    refuseEnded(found, inputs);
    const health = found.State.Health?.Status;
    if (!inputs.wait || health === "healthy") return;
    if (health === "unhealthy" || Date.now() > deadline) {
      const last = found.State.Health?.Log?.at(-1)?.Output.trim();
      throw new DockerProblem(`container "${inputs.name}" did not become healthy${last ? `: ${last}` : ""}`);
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

function refuseEnded(found: ContainerInspectInfo, inputs: ContainerInputs): void {
  if (found.State.Running || found.State.Restarting || inputs.mustRun === false) return;
  throw new DockerProblem(
    `container "${inputs.name}" ended right after its start with exit code ${found.State.ExitCode}${found.State.Error ? ` (${found.State.Error})` : ""}: give it a command that stays, or set mustRun to false`,
  );
}
