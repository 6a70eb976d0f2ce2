import { HostError, mustRun, type System } from "../system";

/**
 * Stops units in their order, does the work, and starts those again that ran, in reverse, whatever came of the work.
 * Also when this process is told to end: systemd gives it the time.
 */
export async function withoutUnits<Result>(
  system: System,
  units: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const running: string[] = [];
  for (const unit of units) {
    const { code } = await system.run(["systemctl", "is-active", "--quiet", `${unit}.service`]);
    if (code === 0) running.push(unit);
  }
  const startAll = async () => {
    for (const unit of running.toReversed()) await mustRun(system, ["systemctl", "start", `${unit}.service`]);
  };
  try {
    for (const unit of units) await mustRun(system, ["systemctl", "stop", `${unit}.service`]);
    return await interruptible(work);
  } finally {
    await startAll();
  }
}

/** A work that SIGTERM ends by an error, so that what follows it is still done. */
async function interruptible<Result>(work: () => Promise<Result>): Promise<Result> {
  let interrupt: () => void = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new HostError("it was told to end"));
  });
  process.once("SIGTERM", interrupt);
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    process.off("SIGTERM", interrupt);
  }
}
