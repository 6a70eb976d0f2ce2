import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

/** Runs with a real disk of 2 MB of its own at TMPDIR; prints what was said and whether the service noticed. */
const work = (sickness: string): string => `
  const { execFileSync } = require("node:child_process");
  const { randomBytes } = require("node:crypto");
  const { writeFileSync } = require("node:fs");
  const { reasonOf } = require("./agent/steps/step");
  const { FakeHost, document, file, unit } = require("./test/agent/fake-host");
  const { artifact } = require("./test/agent/packed-artifact");
  const version = (text, artifacts = []) =>
    document({ files: [file("a", text)], units: [unit("a")], artifacts });
  (async () => {
    const host = new FakeHost();
    await host.provision(version("1"));
    host.takeActions();
    let wanted = version("2");
    ${sickness}
    const said = await host.provision(wanted).then(
      ({ steps }) => steps.flatMap(({ failed }) => failed).map(({ reason }) => reason).join(),
      (error) => reasonOf(error));
    const actions = host.takeActions();
    console.log(JSON.stringify({ said, actions, config: host.read("/etc/demo/a.conf"), runs: [...host.running.keys()] }));
  })();`;

const FULL = `
    try { writeFileSync(process.env.TMPDIR + "/fill", Buffer.alloc(4e6)); } catch {}`;
const HALF = `
    const run = randomBytes(300e3).toString("base64");
    wanted = version("2", [artifact(host, { run }, { programs: { tool: { path: "package/run", args: [], env: {} } } })]);
    writeFileSync(process.env.TMPDIR + "/fill", Buffer.alloc(1300e3));`;
const READ_ONLY = `
    execFileSync("mount", ["-o", "remount,ro", process.env.TMPDIR]);`;

describe("a disk that fails while a host is provisioned", function () {
  this.timeout(60_000);
  // A disk of the test's own, in a mount namespace that ends with it, takes root.
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  for (const [title, sickness, words] of [
    ["full before the first write", FULL, /the disk is full: free some/],
    ["full while an artifact comes in", HALF, /the disk is full: free some/],
    ["read-only", READ_ONLY, /the file system is read-only/],
  ] as const)
    it(`${title}: is told with the way on, and the service does not notice`, () => {
      const folder = mkdtempSync(join(tmpdir(), "nodewright-sick-"));
      const shell = 'mount -t tmpfs -o size=2m tmpfs "$TMPDIR" && exec "$0" --require tsx/cjs --eval "$1"';
      const { stdout, stderr } = spawnSync(
        "unshare",
        ["--mount", "sh", "-c", shell, process.execPath, work(sickness)],
        { encoding: "utf8", env: { ...process.env, TMPDIR: folder, TSX_DISABLE_CACHE: "1" } },
      );
      rmSync(folder, { recursive: true });
      expect(stderr).to.equal("");
      const { said, ...host } = JSON.parse(stdout) as { said: string };
      expect(said).to.match(words);
      expect(host).to.deep.equal({ actions: [], config: "1", runs: ["a.service"] });
    });
});
