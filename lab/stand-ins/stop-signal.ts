/** Aborts once the process is asked to stop, by systemd (SIGTERM) or by a terminal (SIGINT). */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
