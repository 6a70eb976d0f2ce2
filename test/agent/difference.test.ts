import { expect } from "chai";
import { changedLines, difference } from "../../agent/difference";
import { stepText } from "../../agent/report-text";
import { document, FakeHost, file, unit } from "./fake-host";

describe("changedLines", () => {
  const rows: [title: string, before: string, after: string, expected: string[]][] = [
    ["nothing", "a\nb\n", "a\nb\n", []],
    ["one line in the middle", "a\nb\nc\n", "a\nx\nc\n", ["- b", "+ x"]],
    ["two apart", "a\nb\nc\nd\n", "x\nb\nc\ny\n", ["- a", "+ x", "- d", "+ y"]],
    ["a line more", "a\n", "a\nb\n", ["+ b"]],
    ["a line less", "a\nb\n", "a\n", ["- b"]],
    ["a line moved", "a\nb\nc\n", "b\nc\na\n", ["- a", "+ a"]],
  ];
  for (const [title, before, after, expected] of rows)
    it(title, () => expect(changedLines(before, after)).to.deep.equal(expected));

  it("shows a few lines of many", () => {
    const text = (word: string) => Array.from({ length: 50 }, (_, index) => `${word} ${index}`).join("\n");
    const { lines } = difference(text("old"), text("new"), true);
    expect(lines).to.have.lengthOf(21);
    expect(lines?.at(-1)).to.equal("… 80 more lines");
  });
});

describe("a dry run", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());
  const version = (text: string) =>
    document({ files: [file("a", `same\nvalue = ${text}\n`)], units: [unit("a")] });
  const filesOf = async (text: string) =>
    (await host.provision(version(text), { isDryRun: true })).steps.find(({ name }) => name === "files");

  it("shows the lines that differ, and the restart that follows", async () => {
    await host.provision(version("1"));
    const report = await host.provision(version("2"), { isDryRun: true });
    const step = report.steps.find(({ name }) => name === "files");
    expect(step?.differences?.[0]).to.deep.include({
      what: "/etc/demo/a.conf",
      lines: ["- value = 1", "+ value = 2"],
    });
    expect(step && stepText(step, true).split("\n").slice(2)).to.deep.equal([
      "    - value = 1",
      "    + value = 2",
    ]);
    expect(report.steps.find(({ name }) => name === "services")?.changed).to.deep.equal([
      "stop a.service",
      "start a.service",
    ]);
  });

  it("never shows what someone wrote there by hand", async () => {
    await host.provision(version("1"));
    host.write("/etc/demo/a.conf", "password = hunter2\n");
    const step = await filesOf("1");
    expect(step?.differences?.[0]).to.have.keys("what", "before", "after");
    expect(JSON.stringify(step)).to.not.include("hunter2");
  });

  it("tells what would refuse the run", async () => {
    await host.provision(version("1"));
    host.room = { freeBytes: 1e6, totalBytes: 100e9 };
    const { result, steps } = await host.provision(version("2"), { isDryRun: true });
    expect(result).to.equal("failed");
    expect(steps.at(-1)?.failed[0]?.reason).to.include("the disk is full");
    expect((await host.provision(version("1"), { isDryRun: true })).result).to.equal("ok");
  });
});
