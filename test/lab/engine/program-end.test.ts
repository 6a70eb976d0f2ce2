import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { until } from "../../../lab/drills/until";
import { ENGINE_TIME_LIMIT_MS, Sandbox } from "./sandbox";

describe("a program that does not end well", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await Sandbox.create({ "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n" });
  });
  after(() => sandbox.dispose());

  it("reports a program that throws, and changes nothing", async () => {
    sandbox.write({ "index.ts": `throw new Error("no such area on the map");` });
    const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(up.status).not.to.equal(0);
    expect(up.stdout + up.stderr).to.contain("no such area on the map");
  });

  it("reports a program that exits", async () => {
    sandbox.write({ "index.ts": "process.exit(3);" });
    const up = await sandbox.pulumi("preview");
    expect(up.status).not.to.equal(0);
    expect(up.stdout + up.stderr).to.contain("exited with status 3");
  });

  it("says when the project has no SDK", async () => {
    const bare = await Sandbox.create({ "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n", "index.ts": "" });
    try {
      bare.unlinkPackages(".");
      const preview = await bare.pulumi("preview");
      expect(preview.status).not.to.equal(0);
      expect(preview.stdout + preview.stderr).to.contain('Run "npm install" there');
    } finally {
      bare.dispose();
    }
  });
});

describe("a program whose engine is ended", function () {
  this.timeout(ENGINE_TIME_LIMIT_MS);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await Sandbox.create({ "Pulumi.yaml": "name: sandbox\nruntime: nodejs\n" });
  });
  after(() => sandbox.dispose());

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`ends with it on ${signal}`, async () => {
      const pidFile = join(sandbox.folder, `pid-${signal}`);
      sandbox.write({
        "index.ts": `
          require("fs").writeFileSync(${JSON.stringify(pidFile)}, process.pid + "\\n");
          setTimeout(() => {}, 600000);`,
      });
      const up = sandbox.start("preview");
      await until(
        "the program tells its number",
        () => existsSync(pidFile) && sandbox.read(`pid-${signal}`).endsWith("\n"),
      );
      const program = Number(sandbox.read(`pid-${signal}`));
      up.kill(signal);
      await until("the program is gone", () => !isRunning(program));
      if (up.exitCode === null && up.signalCode === null) await new Promise((done) => up.on("exit", done));
    });
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
