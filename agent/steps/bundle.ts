import { readText, writeAtomic } from "../disk";
import { BUNDLE } from "../layout";
import type { Step } from "./step";

/** Makes the given bundle the host's current one. */
export const bundle: Step = {
  name: "bundle",
  async plan({ system, bundle: { text, sha256 } }) {
    if ((await readText(system, BUNDLE)) === text) return [];
    return [{ what: `store ${sha256.slice(0, 12)}`, apply: () => writeAtomic(system, BUNDLE, text) }];
  },
};
