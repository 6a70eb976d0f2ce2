import { statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { putSecret } from "../../agent/secret";
import { HostError } from "../../agent/system";
import { document, FakeHost, unit } from "./fake-host";

describe("putSecret", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());

  it("starts the unit that waited, and touches nothing when the value comes again", async () => {
    await host.provision(
      document({ units: [unit("a", { reads: [] }), unit("c", { reads: [], secrets: ["key"] })] }),
    );
    host.running.delete("a.service");
    host.takeActions();
    const first = await putSecret(host.system, "key", Buffer.from("value"));
    expect(first).to.deep.equal({ name: "key", isStored: true, changed: ["start c.service"], failed: [] });

    const before = host.read("/etc/credstore.encrypted/key");
    const again = await putSecret(host.system, "key", Buffer.from("value"));
    expect(again).to.deep.equal({ name: "key", isStored: false, changed: [], failed: [] });
    expect(host.read("/etc/credstore.encrypted/key")).to.equal(before);

    host.takeActions();
    const other = await putSecret(host.system, "key", Buffer.from("other"));
    expect(other.changed).to.deep.equal(["stop c.service", "start c.service"]);
    expect(host.takeActions()).to.deep.equal(["stop c.service", "start c.service"]);
  });

  it("waits for every secret of a unit", async () => {
    await host.provision(document({ units: [unit("c", { reads: [], secrets: ["one", "two"] })] }));
    expect((await putSecret(host.system, "one", Buffer.from("1"))).changed).to.deep.equal([]);
    expect((await putSecret(host.system, "two", Buffer.from("2"))).changed).to.deep.equal([
      "start c.service",
    ]);
  });

  it("finishes a restart that was cut off after the value was stored", async () => {
    await host.provision(document({ units: [unit("c", { reads: [], secrets: ["key"] })] }));
    await putSecret(host.system, "key", Buffer.from("1"));
    for (let points = 0, isDead = true; isDead; points += 1) {
      const value = Buffer.from(`value ${points}`);
      isDead = await host.killedAfter(points, () => putSecret(host.system, "key", value));
      host.takeActions();
      await putSecret(host.system, "key", value);
      const started = JSON.parse(host.read("/var/lib/nodewright/units.json"));
      const report = await putSecret(host.system, "key", value);
      expect(report.changed).to.deep.equal([]);
      expect(JSON.parse(host.read("/var/lib/nodewright/units.json"))).to.deep.equal(started);
      expect([...host.running.keys()]).to.deep.equal(["c.service"]);
    }
  });

  it("leaves the value in no file of ours and in no command, and the secret readable by root alone", async () => {
    await host.provision(document({ units: [unit("c", { reads: [], secrets: ["key"] })] }));
    await putSecret(host.system, "key", Buffer.from("hunter2"));
    const ours = ["units.json", "provision.json", "manifest.json"].map((name) =>
      host.read(`/var/lib/nodewright/${name}`),
    );
    expect([...ours, host.read("/var/lib/nodewright/audit.jsonl"), ...host.commands].join()).to.not.include(
      "hunter2",
    );
    const mode = (path: string) => statSync(join(host.root, path)).mode & 0o777;
    expect([mode("/etc/credstore.encrypted"), mode("/etc/credstore.encrypted/key")]).to.deep.equal([
      0o700, 0o600,
    ]);
  });

  it("keeps it as it is, for root alone, where systemd cannot encrypt", async () => {
    host.write("/etc/os-release", 'ID=ubuntu\nVERSION_ID="22.04"\n');
    const content =
      "[Unit]\nConditionPathExists=/etc/credstore.encrypted/key\n[Service]\nLoadCredentialEncrypted=key\n";
    await host.provision(document({ units: [unit("c", { content, reads: [], secrets: ["key"] })] }));
    expect(host.read("/etc/systemd/system/c.service")).to.include(
      "ConditionPathExists=/etc/credstore.encrypted/key\n[Service]\nLoadCredential=key:/etc/credstore.encrypted/key\n",
    );
    const stored = () => putSecret(host.system, "key", Buffer.from("value"));
    expect(await stored()).to.deep.include({ isStored: true, changed: ["start c.service"] });
    expect(await stored()).to.deep.include({ isStored: false, changed: [] });
    expect(host.read("/etc/credstore.encrypted/key")).to.equal("value");
    expect(statSync(join(host.root, "/etc/credstore.encrypted/key")).mode & 0o777).to.equal(0o600);
    expect(host.commands.join()).not.to.include("systemd-creds");
  });

  it("refuses a name that is a path, and an empty value", async () => {
    for (const [name, value] of [
      ["../key", "x"],
      ["key", ""],
    ] as const) {
      const error = await putSecret(host.system, name, Buffer.from(value)).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(HostError);
    }
  });
});
