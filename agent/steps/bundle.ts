import { sha256 as hash, readText, writeAtomic } from "../disk";
import { BUNDLE } from "../layout";
import type { Step } from "./step";

/** Makes the given bundle the host's current one. */
export const bundle: Step = {
  name: "bundle",
  async plan({ system, bundle: { text, sha256 } }) {
    const before = await readText(system, BUNDLE);
    if (before === text) return [];
    return [
      {
        what: `store ${sha256.slice(0, 12)}`,
        apply: () => writeAtomic(system, BUNDLE, text),
        difference: { ...(before === undefined ? {} : { before: hash(before) }), after: sha256 },
      },
    ];
  },
};
