import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { producingFile, systemdGuard } from "../../../agent/failover/guard";

const PATIENCE = { armed: 2, idle: 60 };
const STRICT = "WATCHDOG_USEC=2000000";
const PATIENT = "WATCHDOG_USEC=60000000";

/** systemd as a test lets it read: one message at a time, and each only when it is let. */
function systemd() {
  const heard: string[][] = [];
  const waiting: ((isRead: boolean) => void)[] = [];
  return {
    heard,
    notify: (words: readonly string[]) =>
      new Promise<boolean>((resolve) => {
        waiting.push((isRead) => {
          if (isRead) heard.push([...words]);
          resolve(isRead);
        });
      }),
    /** Lets all be read that is said until then, and what that leads to. */
    reads: async (isRead = true) => {
      for (let quiet = 0; quiet < 5; quiet++) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const read of waiting.splice(0)) {
          read(isRead);
          quiet = 0;
        }
      }
    },
    /** How long it waits, by the last word that it has read. */
    patience: () => heard.flat().findLast((word) => word.startsWith("WATCHDOG_USEC=")),
  };
}

describe("the guard of a producing nodeos", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-guard-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("says that it is ready and patient at first", async () => {
    const { notify, reads, heard } = systemd();
    systemdGuard(folder, PATIENCE, notify).alive();
    await reads();
    expect(heard).to.deep.equal([["READY=1", PATIENT, "WATCHDOG=1"]]);
  });

  it("is not armed before systemd has read that its watchdog is strict", async () => {
    const { notify, reads, patience } = systemd();
    let isArmed = false;
    const armed = systemdGuard(folder, PATIENCE, notify)
      .arm()
      .then(() => {
        isArmed = true;
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isArmed).to.equal(false);
    expect(existsSync(producingFile(folder)), "the unit would end nodeos already").to.equal(true);
    await reads();
    await armed;
    expect(patience()).to.equal(STRICT);
  });

  it("refuses where systemd does not hear it", async () => {
    const { notify, reads } = systemd();
    const armed = systemdGuard(folder, PATIENCE, notify)
      .arm()
      .then(
        () => "armed",
        (error: Error) => error.message,
      );
    await reads(false);
    expect(await armed).to.match(/not let produce: systemd did not hear/);
  });

  it("is strict after it was armed, however soon after it was disarmed", async () => {
    const { notify, reads, patience } = systemd();
    const guard = systemdGuard(folder, PATIENCE, notify);
    const first = guard.arm();
    await reads();
    await first;
    guard.disarm();
    const second = guard.arm();
    await reads();
    await second;
    expect(patience()).to.equal(STRICT);
  });

  it("is patient again once nodeos is paused, and the unit leaves nodeos alone", async () => {
    const { notify, reads, patience } = systemd();
    const guard = systemdGuard(folder, PATIENCE, notify);
    const armed = guard.arm();
    await reads();
    await armed;
    guard.disarm();
    await reads();
    expect(patience()).to.equal(PATIENT);
    expect(existsSync(producingFile(folder))).to.equal(false);
  });
});
