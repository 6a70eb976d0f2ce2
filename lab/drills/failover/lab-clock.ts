import { mustEnd } from "../run";
import type { SampleLab } from "../sample-lab";

const PROGRAM = "/run/drill-clock.cjs";
const OFFSET = "/run/drill-clock-ms";
const UNIT = "nodewright-failover";
const DROP_IN = `/run/systemd/system/${UNIT}.service.d`;

/** The offset is read again and again: the clock jumps under a process that runs. What never jumps, `/proc/uptime`, does not. */
export const clockProgram = (offsetFile: string): string => `
const { readFileSync } = require("node:fs");
const Real = Date;
let [offset, lookedAt] = [0, -1e9];
const now = () => {
  const at = performance.now();
  if (at - lookedAt > 100) {
    lookedAt = at;
    try { offset = Number(readFileSync(${JSON.stringify(offsetFile)}, "utf8")) || 0; } catch { offset = 0; }
  }
  return Real.now() + offset;
};
globalThis.Date = class extends Real {
  constructor(...given) { given.length > 0 ? super(...given) : super(now()); }
  static now() { return now(); }
};
`;

/** The agent of a host begins anew, with a wall clock of its own: that of a container cannot be set. */
export async function giveOwnClock(lab: SampleLab, host: string): Promise<void> {
  const write = async (path: string, text: string) =>
    mustEnd(`write ${path}`, await lab.feed(host, ["sh", "-c", `cat >${path}`], text));
  await write(PROGRAM, clockProgram(OFFSET));
  await lab.inHost(host, "mkdir", "-p", DROP_IN);
  await write(`${DROP_IN}/drill.conf`, `[Service]\nEnvironment=NODE_OPTIONS=--require=${PROGRAM}\n`);
  await lab.inHost(host, "systemctl", "daemon-reload");
  await lab.inHost(host, "systemctl", "restart", UNIT);
}

/** From 0.1 s later on. */
export async function shiftClock(lab: SampleLab, host: string, milliseconds: number): Promise<void> {
  mustEnd(
    "shift the clock",
    await lab.feed(
      host,
      ["sh", "-c", `cat >${OFFSET}.part && mv ${OFFSET}.part ${OFFSET}`],
      `${milliseconds}`,
    ),
  );
}
