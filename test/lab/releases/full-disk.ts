import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../components/core/config/finding";
import { fetchReleases } from "../../../lab/releases/fetch";

/** Brings a release of 40 MB into a folder whose disk is smaller, and prints what was said and what is left there. */
const [folder = ""] = process.argv.slice(2);
const bytes = new Uint8Array(40e6);
const release = {
  name: "large",
  version: "1",
  sha256: createHash("sha256").update(bytes).digest("hex"),
  format: "file" as const,
  keep: [],
  needs: [],
  programs: {},
  source: { kind: "project" as const, entry: "large" },
};

fetchReleases({
  releases: [release],
  mirror: join(folder, "mirror"),
  progress: () => {},
  bundle: () => bytes,
}).then(
  () => process.stdout.write("fetched"),
  (cause: unknown) => {
    const said = cause instanceof UserError ? cause.message : `a bug: ${String(cause)}`;
    process.stdout.write(JSON.stringify({ said, left: readdirSync(join(folder, "mirror")) }));
  },
);
