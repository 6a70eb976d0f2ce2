import type { Unit } from "../document";
import { printUnit } from "../emit/systemd-unit";

/** Starts a unit of ours at times. A time that a host slept through is made up for when it is up again. */
export const timerUnit = (unit: string, calendar: string): Unit => ({
  name: `${unit}.timer`,
  service: `${unit}-timer`,
  content: printUnit({
    Unit: [["Description", `when ${unit}.service runs`]],
    Timer: [
      ["OnCalendar", calendar],
      ["Persistent", true],
      // Hosts of one plan must not all do it at the same second.
      ["RandomizedDelaySec", 300],
      ["FixedRandomDelay", true],
    ],
    Install: [["WantedBy", "timers.target"]],
  }),
  onChange: "restart",
  reads: [],
  runs: [],
  secrets: [],
});
