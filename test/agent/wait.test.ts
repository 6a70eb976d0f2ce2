import { expect } from "chai";
import { HostError } from "../../agent/system";
import { TimeoutError, waitUntilReady } from "../../agent/wait";
import { document, FakeHost, unit } from "./fake-host";

describe("waitUntilReady", () => {
  let host: FakeHost;
  let said: string[];
  beforeEach(() => {
    host = new FakeHost();
    said = [];
  });
  afterEach(() => host.remove());
  const wait = (seconds = 5) => waitUntilReady(host.system, seconds, (line) => said.push(line));
  const failure = () => wait().catch((error: unknown) => error);
  const a = document({ units: [unit("a", { reads: [] })] });

  it("returns at once when all is well", async () => {
    await host.provision(a);
    expect((await wait()).host).to.equal("h1");
    expect(said).to.deep.equal([]);
  });

  it("waits for the end of cloud-init, where there is one, and says once what it waits for", async () => {
    await host.provision(a);
    host.write("/usr/bin/cloud-init", "");
    host.write("/var/lib/cloud/instance/boot-finished", "of an earlier boot");
    expect(await failure())
      .to.be.instanceOf(TimeoutError)
      .with.property("message")
      .that.includes("cloud-init has not ended");
    expect(said).to.deep.equal(["waiting: cloud-init has not ended"]);
    host.write("/run/cloud-init/result.json", "{}");
    await wait();
  });

  it("waits for the first provision", async () => {
    expect(await failure())
      .to.be.instanceOf(TimeoutError)
      .with.property("message")
      .that.includes("no bundle yet");
  });

  it("names the unit that is not well", async () => {
    await host.provision(a);
    host.running.delete("a.service");
    expect(await failure())
      .to.be.instanceOf(TimeoutError)
      .with.property("message", "not ready after 5 s: a.service is inactive");
  });

  it("gives up at once when the provision failed", async () => {
    await host.provision(document({ units: [unit("a", { reads: [], content: "FAIL" })] }));
    expect(await failure())
      .to.be.instanceOf(HostError)
      .with.property("message")
      .that.includes("the last provision failed");
  });

  it("holds nothing up for a unit that waits for its secret", async () => {
    await host.provision(document({ units: [unit("c", { reads: [], secrets: ["key"] })] }));
    expect((await wait()).services[0]?.waitingFor).to.deep.equal(["key"]);
  });
});
