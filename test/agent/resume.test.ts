import { expect } from "chai";
import type { Report } from "../../agent/report";
import type { HostDocument } from "../../cloud-init/document";
import { document, FakeHost, file, unit } from "./fake-host";
import { artifact } from "./packed-artifact";
import { treeOf } from "./tree";

/** What tells the story of the runs, and so differs between a host that was disturbed and one that was not. */
const STORY = [/^\/var\/lib\/nodewright\/(audit\.jsonl|provision\.json)$/];

const documentOf = (host: FakeHost, text: string, names: string[]): HostDocument =>
  document({
    packages: ["curl", ...(text === "2" ? ["chrony"] : [])],
    masked: [text === "1" ? "haproxy.service" : "ufw.service"],
    users: [{ name: `demo${text}`, home: "/nonexistent" }],
    directories: [{ path: `/data/demo${text}`, mode: "0750", owner: `demo${text}` }],
    artifacts: [
      artifact(
        host,
        { run: text },
        { programs: { [`tool${text}`]: { path: "package/run", args: [], env: {} } } },
      ),
    ],
    files: names.map((name) => file(name, `${name} ${text}`)),
    units: names.map((name) => unit(name, { runs: ["tool"] })),
  });

const first = (host: FakeHost) => documentOf(host, "1", ["a", "b", "old"]);
const second = (host: FakeHost) => documentOf(host, "2", ["a", "b", "new"]);

/** Ends the process after a step: nothing that it does afterwards, not even its record, reaches the host. */
async function dieAfter(host: FakeHost, step: string, wanted: HostDocument): Promise<void> {
  await host
    .provision(wanted, {
      onStep: ({ name }) => {
        if (name !== step) return;
        host.lifetime = 0;
        throw new Error("killed");
      },
    })
    .catch(() => {});
  host.revive();
}

describe("provision, killed after each step", () => {
  const hosts: FakeHost[] = [];
  const make = async (): Promise<FakeHost> => {
    const host = new FakeHost();
    hosts.push(host);
    await host.provision(first(host));
    return host;
  };
  afterEach(() => {
    for (const host of hosts.splice(0)) host.remove();
  });

  it("is completed to the end state of a host that nothing disturbed, file by file", async () => {
    const undisturbed = await make();
    const report = await undisturbed.provision(second(undisturbed));
    expect(report.result).to.equal("ok");
    const expected = treeOf(undisturbed, { without: STORY });
    expect(report.steps.filter(({ changed }) => changed.length > 0)).to.have.lengthOf(10);

    for (const { name } of report.steps) {
      const host = await make();
      await dieAfter(host, name, second(host));
      const next = await host.provision(second(host));
      expect(next.result, name).to.equal("ok");
      expect(treeOf(host, { without: STORY }), name).to.deep.equal(expected);
      expect([...host.running.keys()], name).to.have.members([...undisturbed.running.keys()]);
      expect([...host.masked, ...host.enabled], name).to.have.members([
        ...undisturbed.masked,
        ...undisturbed.enabled,
      ]);
      expect((await host.provision(second(host))).changed, name).to.equal(0);
    }
  });

  it("says where the run before stood, and does again only what is not done", async () => {
    const host = await make();
    await dieAfter(host, "artifacts", second(host));
    const journal = JSON.parse(host.read("/var/lib/nodewright/provision.json"));
    expect(journal).to.include({ result: "unfinished", at: "artifacts", origin: "change" });
    expect(journal.steps.map(({ name }: { name: string }) => name)).to.deep.equal([
      "bundle",
      "packages",
      "users",
      "directories",
    ]);
    const next: Report = await host.provision(second(host));
    expect(next.resumedAt).to.equal("artifacts");
    const again = next.steps.filter(({ changed }) => changed.length > 0).map(({ name }) => name);
    expect(again).to.deep.equal(["programs", "files", "units", "retire", "services"]);
    expect(next.previous).to.not.equal(next.bundle);
    expect((await host.provision(second(host))).resumedAt).to.equal(undefined);
  });
});

describe("provision, twice", () => {
  it("changes nothing the second time: no file, no time, no unit, and leaves no record", async () => {
    const host = new FakeHost();
    try {
      await host.provision(first(host));
      await host.provision(second(host));
      const wanted = second(host);
      const [tree, running] = [treeOf(host, { times: true }), [...host.running.values()]];
      host.takeActions();
      const { changed, result, verification } = await host.provision(wanted);
      expect({ changed, result, verdict: verification?.verdict }).to.deep.equal({
        changed: 0,
        result: "ok",
        verdict: "ok",
      });
      expect(treeOf(host, { times: true })).to.deep.equal(tree);
      expect([...host.running.values()].every((each, index) => each === running[index])).to.equal(true);
      expect(host.takeActions()).to.deep.equal([]);
    } finally {
      host.remove();
    }
  });
});
