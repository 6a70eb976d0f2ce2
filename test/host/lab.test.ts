import { wasBorn } from "./suites/birth";
import { changes } from "./suites/changes";
import { isClosed } from "./suites/firewall";
import { restarts } from "./suites/restarts";
import { showsNoSecret } from "./suites/secrecy";
import { serves } from "./suites/serving";
import { TestLab, type UpReport } from "./test-lab";

const MINUTES = 60_000;

describe("a lab on this machine", function () {
  this.timeout(20 * MINUTES);
  const lab = new TestLab(0, { ownChain: true });
  let report: UpReport;

  before("brings it up", async () => {
    report = await lab.up();
  });

  after("takes it down", async function () {
    this.timeout(5 * MINUTES);
    await lab.down();
  });

  serves(lab, () => report);
  wasBorn(lab);
  isClosed(lab);
  showsNoSecret(lab);
  changes(lab);
  restarts(lab);
});
