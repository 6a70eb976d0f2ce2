import type { Drill } from "./drill";

/** Every drill, in the order that `npm run drill -- --help` lists them. One file and one line each. */
export const drills: readonly Drill[] = [];
