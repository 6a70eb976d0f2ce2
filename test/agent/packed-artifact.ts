import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignedArtifact } from "../../cloud-init/document";
import type { FakeHost } from "./fake-host";

/** Packs a folder `package/` with these files, puts it on the host's mirror. */
export function artifact(
  host: FakeHost,
  files: Record<string, string>,
  changes: Partial<SignedArtifact> = {},
): SignedArtifact {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-pack-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, "package", path, ".."), { recursive: true });
    writeFileSync(join(folder, "package", path), content);
  }
  const packed = execFileSync("tar", [
    "--create",
    "--gzip",
    "--mtime=@0",
    "--sort=name",
    "--directory",
    folder,
    "package",
  ]);
  rmSync(folder, { recursive: true });
  const sha256 = createHash("sha256").update(packed).digest("hex");
  host.write(`/mirror/${sha256}`, packed);
  return { name: "tool", version: "1", sha256, format: "tar.gz", keep: [], programs: {}, ...changes };
}
