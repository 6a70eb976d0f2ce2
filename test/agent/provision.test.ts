import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Report } from "../../agent/report";
import { document, FakeHost, file, unit } from "./fake-host";
import { artifact } from "./packed-artifact";

const changedIn = ({ steps }: Report): Record<string, string[]> =>
  Object.fromEntries(
    steps.filter(({ changed }) => changed.length > 0).map(({ name, changed }) => [name, changed]),
  );

describe("provision", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());

  const three = (config: string) =>
    document({
      files: ["a", "b", "c"].map((name) => file(name, `${name} ${config}`)),
      units: [unit("a"), unit("b", { onChange: "reload" }), unit("c")],
    });

  it("makes a host from nothing, and finds nothing to do the second time", async () => {
    const wanted = {
      ...three("1"),
      packages: ["nftables", "curl"],
      masked: ["haproxy.service"],
      users: [{ name: "demo", home: "/nonexistent" }],
      directories: [{ path: "/data/demo", mode: "0750", owner: "demo" }],
    };
    const first = await host.provision(wanted);
    expect(first.result).to.equal("ok");
    expect(changedIn(first)).to.include.keys(
      "bundle",
      "packages",
      "users",
      "directories",
      "files",
      "units",
      "services",
    );
    expect([...host.running.keys()]).to.deep.equal(["a.service", "b.service", "c.service"]);
    expect(statSync(join(host.root, "data/demo")).mode & 0o7777).to.equal(0o750);
    expect(host.commands.indexOf("systemctl mask --quiet haproxy.service")).to.be.lessThan(
      host.commands.findIndex((line) => line.startsWith("apt-get install")),
    );
    expect(host.commands.find((line) => line.startsWith("apt-get install"))).to.match(/ curl$/);

    const inodes = () =>
      ["/etc/demo/a.conf", "/etc/systemd/system/a.service", "/var/lib/nodewright/units.json"].map(
        (path) => statSync(join(host.root, path)).ino,
      );
    const before = inodes();
    host.takeActions();
    const second = await host.provision(wanted);
    expect(second.changed).to.equal(0);
    expect(inodes()).to.deep.equal(before);
    expect(host.takeActions()).to.deep.equal([]);
  });

  it("speaks to the package manager that the system has, by the names that it knows", async () => {
    host.write("/etc/os-release", 'ID="rocky"\nVERSION_ID="9.4"\n');
    host.write("/etc/systemd/system/firewalld.service", "[Service]\n");
    await host.provision(document({ packages: ["curl", "libarchive-tools"] }));
    expect(host.commands.find((line) => line.startsWith("dnf install"))).to.match(/ curl bsdtar$/);
    expect(host.commands.some((line) => line.startsWith("apt-get"))).to.equal(false);
    expect([...host.masked]).to.deep.equal(["firewalld.service"]);
  });

  it("touches nothing on a system that it does not know", async () => {
    host.write("/etc/os-release", "ID=gentoo\n");
    const reason = await host.provision(three("1")).catch((error: unknown) => error);
    expect(String(reason)).to.match(/the operating system is gentoo: hosts run debian-12/);
    expect(host.list("/")).to.deep.equal(["etc"]);
  });

  it("prints in a dry run what a run then changes, and touches nothing", async () => {
    const dry = await host.provision(three("1"), { isDryRun: true });
    expect(host.list("/etc")).to.deep.equal(["group", "os-release", "passwd"]);
    expect(host.list("/")).to.deep.equal(["etc"]);
    expect(changedIn(dry)).to.deep.equal(changedIn(await host.provision(three("1"))));
  });

  it("touches only the units concerned: stops in reverse, starts in order, reloads what can", async () => {
    await host.provision(three("1"));
    host.takeActions();
    await host.provision(three("2"));
    expect(host.takeActions()).to.deep.equal([
      "stop c.service",
      "stop a.service",
      "start a.service",
      "reload b.service",
      "start c.service",
    ]);
    expect(host.running.get("b.service")?.files["b.conf"]).to.equal("b 2");

    const oneChanged = three("2");
    const [first, second] = oneChanged.units;
    await host.provision({
      ...oneChanged,
      units: [first, second && { ...second, content: `${second.content}#\n` }, oneChanged.units[2]].flatMap(
        (each) => each ?? [],
      ),
    });
    expect(host.takeActions()).to.deep.equal(["daemon-reload", "stop b.service", "start b.service"]);
  });

  it("starts what has stopped, with nothing changed", async () => {
    await host.provision(three("1"));
    host.running.delete("c.service");
    host.takeActions();
    await host.provision(three("1"));
    expect(host.takeActions()).to.deep.equal(["start c.service"]);
  });

  it("removes what a later document no longer names, but no folder and no user", async () => {
    await host.provision({
      ...three("1"),
      masked: ["haproxy.service"],
      users: [{ name: "demo", home: "/nonexistent" }],
      directories: [{ path: "/data/demo", mode: "0755" }],
    });
    host.takeActions();
    const report = await host.provision(document({ files: [file("a", "a 1")], units: [unit("a")] }));
    expect(host.takeActions()).to.deep.equal([
      "disable --quiet --now c.service",
      "disable --quiet --now b.service",
      "daemon-reload",
      "unmask --quiet haproxy.service",
    ]);
    expect(report.result).to.equal("ok");
    expect(host.list("/etc/demo")).to.deep.equal(["a.conf"]);
    expect(host.list("/data")).to.deep.equal(["demo"]);
    expect(host.read("/etc/passwd")).to.include("demo");
  });

  it("reports a unit that does not start with its log, and still starts the others", async () => {
    const { steps, result } = await host.provision(
      document({ units: [unit("bad", { reads: [], content: "FAIL" }), unit("good", { reads: [] })] }),
    );
    expect(result).to.equal("failed");
    expect([...host.running.keys()]).to.deep.equal(["good.service"]);
    const failures = steps.flatMap(({ failed }) => failed);
    expect(failures.map(({ what }) => what)).to.deep.equal(["start bad.service"]);
    expect(failures[0]?.reason).to.include("bad.service wrote this");
    expect(host.read("/var/lib/nodewright/audit.jsonl"))
      .to.include('"result":"failed"')
      .and.not.include("wrote this");
  });

  it("writes and enables, but does not start, a unit whose secret is missing", async () => {
    const report = await host.provision(document({ units: [unit("c", { reads: [], secrets: ["key"] })] }));
    expect(report).to.deep.include({ result: "ok", waiting: [{ unit: "c.service", secrets: ["key"] }] });
    expect([...host.enabled]).to.deep.equal(["c.service"]);
    expect(host.running.size).to.equal(0);
  });

  it("only writes a unit that another one starts", async () => {
    const report = await host.provision(
      document({ units: [unit("job", { reads: [], startedBy: "job.timer" })] }),
    );
    expect(report.result).to.equal("ok");
    expect(host.has("/etc/systemd/system/job.service")).to.equal(true);
    expect(host.running.size).to.equal(0);
  });

  describe("artifacts", () => {
    const program = { path: "package/run", args: ["it's $HOME"], env: { ROOT: "{root}" } };

    it("unpacks what is kept, and launches it with its arguments and environment as they are", async () => {
      const tool = artifact(
        host,
        { run: '#!/bin/sh\nprintf "%s|" "$ROOT" "$@"', unwanted: "x" },
        { keep: ["package/run"], programs: { tool: program } },
      );
      await host.provision(document({ artifacts: [tool] }));
      const folder = `/opt/nodewright/tool/${tool.sha256.slice(0, 12)}`;
      expect(host.list(`${folder}/package`)).to.deep.equal(["run"]);
      const script = host
        .read("/opt/nodewright/bin/tool")
        .replaceAll(`exec '${folder}`, `exec '${host.root}${folder}`);
      host.write("/launch", script);
      expect(execFileSync("sh", [join(host.root, "launch"), "b c"]).toString()).to.equal(
        `${folder}|it's $HOME|b c|`,
      );
    });

    it("keeps what the kept bundles run, and unpacks it no second time when it comes back", async () => {
      const [one, two, three] = ["1", "2", "3"].map((text) =>
        artifact(host, { run: text }, { programs: { tool: program } }),
      );
      if (!one || !two || !three) throw new Error("three were made");
      for (const each of [one, two, three]) await host.provision(document({ artifacts: [each] }));
      expect(host.list("/opt/nodewright/tool")).to.have.members(
        [one, two, three].map(({ sha256 }) => sha256.slice(0, 12)),
      );
      const back = await host.provision(document({ artifacts: [two] }));
      expect(changedIn(back)).to.have.keys("bundle", "programs");
      for (const role of ["1", "2", "3", "4", "5"]) await host.provision(document({ role }));
      expect(host.list("/opt/nodewright")).to.deep.equal(["bin"]);
      expect(host.list("/opt/nodewright/bin")).to.deep.equal([]);
    });

    it("leaves configuration and units alone when the mirror holds something else", async () => {
      await host.provision(three("1"));
      const tool = artifact(host, { run: "1" }, { programs: { tool: program } });
      host.write(`/mirror/${tool.sha256}`, "something else");
      host.takeActions();
      const report = await host.provision({ ...three("2"), artifacts: [tool] });
      expect(report.steps.find(({ name }) => name === "artifacts")?.failed[0]?.reason).to.include(
        "the mirror holds something else",
      );
      expect(host.read("/etc/demo/a.conf")).to.equal("a 1");
      expect(host.takeActions()).to.deep.equal([]);
      expect(host.has("/opt")).to.equal(false);
    });
  });
});
