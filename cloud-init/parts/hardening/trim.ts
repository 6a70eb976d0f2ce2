import { type Part, SYSTEMCTL, settingsUnit } from "./part";

/**
 * Gives back blocks that were freed, once a week: the timer of util-linux, which Ubuntu turns on and Debian does not. Not
 * `discard` at each deletion, which holds up who deletes (fstrim(8)).
 */
export const trim = (): Part => ({
  packages: [],
  files: [],
  units: [
    settingsUnit({
      name: "trim",
      summary: "freed blocks are given back weekly",
      files: [],
      run: [["-", SYSTEMCTL, "enable", "--now", "fstrim.timer"]],
    }),
  ],
});
