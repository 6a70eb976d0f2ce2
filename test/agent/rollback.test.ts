import { expect } from "chai";
import { readAudit } from "../../agent/audit";
import { decodeBundle } from "../../agent/bundle";
import { provision } from "../../agent/provision";
import { rollbackTarget } from "../../agent/rollback";
import { hostStatus } from "../../agent/status";
import { document, FakeHost, file, unit } from "./fake-host";
import { artifact } from "./packed-artifact";

describe("rollback", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());

  const version = (text: string, changes = {}) =>
    document({ files: [file("a", text)], units: [unit("a")], ...changes });
  const rollback = async (to?: string) =>
    provision(host.system, await rollbackTarget(host.system, to), {
      isDryRun: false,
      onStep: () => {},
      origin: "rollback",
    });
  const content = () => host.running.get("a.service")?.files["a.conf"];

  it("restores the bundle before and its services, and a rollback of it leads forward again", async () => {
    const one = await host.provision(version("1"));
    const two = await host.provision(version("2"));
    const back = await rollback();
    expect(back).to.include({ result: "ok", origin: "rollback", bundle: one.bundle, previous: two.bundle });
    expect(content()).to.equal("1");
    expect(await hostStatus(host.system)).to.deep.include({
      bundle: one.bundle,
      previousBundles: [two.bundle],
    });
    expect((await rollback()).bundle).to.equal(two.bundle);
    expect(content()).to.equal("2");
  });

  it("leads from a bundle that failed to the last good one", async () => {
    await host.provision(version("1"));
    const bad = await host.provision(version("2", { units: [unit("a", { content: "FAIL" })] }));
    expect(bad.result).to.equal("failed");
    expect((await rollback()).result).to.equal("ok");
    expect(content()).to.equal("1");
    expect((await hostStatus(host.system)).previousBundles).to.deep.equal([]);
  });

  it("keeps five, reaches each by the start of its hash, and refuses what it does not keep", async () => {
    const bundles: string[] = [];
    for (const text of ["1", "2", "3", "4", "5", "6"])
      bundles.push((await host.provision(version(text))).bundle);
    expect(host.list("/var/lib/nodewright/bundles")).to.have.members(
      bundles.slice(1).map((each) => `${each}.json`),
    );
    expect((await rollback(bundles[1]?.slice(0, 8))).bundle).to.equal(bundles[1]);
    for (const [to, words] of [
      [bundles[0], /names none/],
      ["", /6 hex digits or more/],
    ] as const)
      expect(String(await rollbackTarget(host.system, to).catch((error: unknown) => error))).to.match(words);
  });

  it("needs no mirror: what the kept bundles run stays on the disk", async () => {
    const programs = { tool: { path: "package/run", args: [], env: {} } };
    for (const text of ["1", "2", "3"])
      await host.provision(version(text, { artifacts: [artifact(host, { run: text }, { programs })] }));
    for (const name of host.list("/mirror")) host.erase(`/mirror/${name}`);
    expect((await rollback()).result).to.equal("ok");
    expect(host.read("/opt/nodewright/bin/tool")).to.include("/opt/nodewright/tool/");
    expect((await rollback()).result).to.equal("ok");
  });

  it("says what to do on a host that has nothing to go back to", async () => {
    const reason = () => rollbackTarget(host.system).catch((error: unknown) => String(error));
    expect(await reason()).to.include("provision --bundle");
    await host.provision(version("1"));
    expect(await reason()).to.include("no good bundle but its current one");
  });

  it("is open to a host from before bundles were kept", async () => {
    const one = await host.provision(version("1"));
    host.erase("/var/lib/nodewright/bundles");
    host.erase("/var/lib/nodewright/bundles.json");
    await host.provision(version("2"));
    expect((await rollbackTarget(host.system)).sha256).to.equal(one.bundle);
  });

  it("passes over a kept bundle that was damaged", async () => {
    const one = await host.provision(version("1"));
    const two = await host.provision(version("2"));
    await host.provision(version("3"));
    host.write(`/var/lib/nodewright/bundles/${two.bundle}.json`, JSON.stringify(version("other")));
    expect((await rollbackTarget(host.system)).sha256).to.equal(one.bundle);
    expect(decodeBundle(Buffer.from(host.read("/etc/nodewright/bundle.json")), "test").sha256).to.not.equal(
      one.bundle,
    );
  });

  it("stands in the trail with who asked, both bundles and the hashes of what changed", async () => {
    const one = await host.provision(version("1"));
    const two = await host.provision(version("2"));
    await rollback();
    const records = await readAudit(host.system);
    expect(records.filter(({ action }) => action === "provision").map(({ origin }) => origin)).to.deep.equal([
      "birth",
      "change",
      "rollback",
    ]);
    const change = records.findLast(({ what }) => what === "/etc/demo/a.conf");
    const forth = records.find(({ what, origin }) => what === "/etc/demo/a.conf" && origin === "change");
    expect(change).to.deep.include({ action: "change", step: "files", from: two.bundle, to: one.bundle });
    expect([change?.before, change?.after]).to.deep.equal([forth?.after, forth?.before]);
    expect(host.logged.filter((line) => line.includes("(rollback"))).to.have.lengthOf(
      records.filter(({ origin }) => origin === "rollback").length,
    );
    expect(host.logged.join("\n")).to.include("change files /etc/demo/a.conf");
  });
});
