import { expect } from "chai";
import { hostStatus } from "../../agent/status";
import { watch } from "../../agent/watch";
import { document, FakeHost, unit } from "./fake-host";

const SAMPLES = "/var/lib/nodewright-agent/disks.json";

describe("watch", () => {
  let host: FakeHost;
  beforeEach(async () => {
    host = new FakeHost();
    await host.provision(document({ units: [unit("a", { reads: [] })] }));
  });
  afterEach(() => host.remove());
  const samples = (): { time: number; usedBytes: number }[] => JSON.parse(host.read(SAMPLES))["/"];

  it("verifies the host, and samples its disks once an hour, also over a restart", async () => {
    for (const minutes of [0, 30, 31]) {
      await host.system.sleep(minutes * 60_000);
      const watching = watch(host.system, () => hostStatus(host.system));
      expect(watching.latest()).to.equal(undefined);
      await watching.look();
      await watching.look();
      expect(watching.latest()).to.include({ verdict: "ok", time: host.time.toISOString() });
      watching.stop();
    }
    expect(samples()).to.have.lengthOf(2);
  });

  it("goes on where it may not write", async () => {
    host.write("/var/lib/nodewright-agent", "a file in the folder's place");
    const watching = watch(host.system, () => hostStatus(host.system));
    await watching.look();
    expect(watching.latest()?.verdict).to.equal("ok");
    watching.stop();
  });
});
