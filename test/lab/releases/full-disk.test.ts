import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT } from "../../../stacks/stack-file";

describe("a disk that is full while an artifact comes in", function () {
  this.timeout(30_000);
  // A disk of the test's own, in a mount namespace that ends with it, takes root.
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  it("is told with the folder and the way on, and nothing half is kept", () => {
    const folder = mkdtempSync(join(tmpdir(), "nodewright-full-"));
    const work =
      'mount -t tmpfs -o size=20m tmpfs "$1" && exec "$2" --require tsx/cjs test/lab/releases/full-disk.ts "$1"';
    const words = ["--mount", "sh", "-c", work, "sh", folder, process.execPath];
    const { stdout, stderr } = spawnSync("unshare", words, { cwd: PROJECT, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect(stderr).to.equal("");
    const { said, left } = JSON.parse(stdout) as { said: string; left: string[] };
    expect(said)
      .to.include(`the disk of ${folder}/mirror is too full`)
      .and.include("run this again: it goes on from here");
    expect(left).to.deep.equal([]);
  });
});
