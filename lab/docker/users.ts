import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Which labs use the machine's own daemon: one file a lab, named by its folder's hash and holding the folder. A lab
 * whose folder has vanished uses nothing any more.
 */
export interface Users {
  add(lab: string): void;
  remove(lab: string): void;
  /** Folders of the labs that use it now. */
  all(): string[];
}

export function usersIn(folder: string): Users {
  const entry = (lab: string) => join(folder, createHash("sha256").update(lab).digest("hex").slice(0, 32));
  return {
    add(lab) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(entry(lab), lab);
    },
    remove: (lab) => rmSync(entry(lab), { force: true }),
    all() {
      if (!existsSync(folder)) return [];
      const labs = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
      for (const lab of labs) if (!existsSync(lab)) rmSync(entry(lab), { force: true });
      return labs.filter((lab) => existsSync(lab));
    },
  };
}
