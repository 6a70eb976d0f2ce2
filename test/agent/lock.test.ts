import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LockedError, locked } from "../../agent/lock";
import { machine } from "../../agent/system";

describe("locked", () => {
  const root = mkdtempSync(join(tmpdir(), "nodewright-lock-"));
  const system = machine(root);
  after(() => rmSync(root, { recursive: true }));

  it("refuses a second one and names the first", async () => {
    await locked(system, "provision", async () => {
      const error = await locked(system, "provision", async () => {}).catch((reason: unknown) => reason);
      expect(error)
        .to.be.instanceOf(LockedError)
        .with.property("message")
        .that.includes(`provision, process ${process.pid}`);
    });
    expect(await locked(system, "provision", async () => "free")).to.equal("free");
  });

  it("is free again after an error", async () => {
    await locked(system, "provision", () => Promise.reject(new Error("broken"))).catch(() => {});
    expect(await locked(system, "provision", async () => "free")).to.equal("free");
  });

  it("waits for another when asked to", async () => {
    const order: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    await locked(system, "first", async () => {
      second = locked(system, "second", async () => order.push("second"), 30);
      await system.sleep(100);
      order.push("first");
    });
    await second;
    expect(order).to.deep.equal(["first", "second"]);
  });

  it("is free as soon as its holder is killed", async () => {
    const hold = `
      const { locked } = require(${JSON.stringify(join(__dirname, "../../agent/lock"))});
      const { machine } = require(${JSON.stringify(join(__dirname, "../../agent/system"))});
      locked(machine(${JSON.stringify(root)}), "provision", () => { console.log("held"); return new Promise((done) => setTimeout(done, 1e8)); });`;
    const holder = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", hold], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    expect(
      await locked(system, "provision", async () => {}).catch((reason: unknown) => reason),
    ).to.be.instanceOf(LockedError);
    holder.kill("SIGKILL");
    await once(holder, "close");
    expect(await locked(system, "provision", async () => "free")).to.equal("free");
  });
});
