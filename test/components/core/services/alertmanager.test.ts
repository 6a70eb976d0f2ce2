import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import { runCommand } from "../../../../lab/docker/command";
import { type DebianTree, debianTree } from "../../../support/debian-tree";
import { cloudPlan, cloudStack, HOSTS, judgeCloud } from "../../../support/fake-cloud";

const webhooks = (names: string[]) =>
  cloudStack({
    hosts: { ...HOSTS, watch: { role: "monitor", services: { alertmanager: { webhooks: names } } } },
  });

describe("Alertmanager", function () {
  this.timeout(300_000);
  let folder: string;
  let tree: DebianTree;
  before(async function () {
    const found = await debianTree(["prometheus-alertmanager"]);
    if (!found) return this.skip();
    tree = found;
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-alerts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What the unit does before it starts, with these URLs as its secrets. */
  async function fillIn(urls: Record<string, string>) {
    const plan = cloudPlan(webhooks(Object.keys(urls)));
    const host = plan.hosts.find(({ name }) => name === "watch");
    const files = host ? documentFor(plan, host).files : [];
    const file = (name: string) => files.find(({ path }) => path.endsWith(name))?.content ?? "";
    const paths = {
      script: join(folder, "script"),
      template: join(folder, "template"),
      config: join(folder, "config.yml"),
    };
    writeFileSync(paths.script, file("alert-receivers"));
    writeFileSync(paths.template, file("alertmanager.yml"));
    mkdirSync(join(folder, "secrets"));
    for (const [name, url] of Object.entries(urls))
      writeFileSync(join(folder, "secrets", `alert-${name}`), url);
    const words = [paths.script, paths.template, paths.config, ...Object.keys(urls)];
    const ran = await runCommand("sh", words, { env: { CREDENTIALS_DIRECTORY: join(folder, "secrets") } });
    return { ...paths, ...ran };
  }

  it("takes each receiver's URL from a secret into a file of its own, which amtool finds right", async () => {
    const urls = {
      oncall: "https://hooks.example.org/a?b=c&d=e#g",
      other: "http://10.0.0.1:8080/$x\n".trim(),
    };
    const { config, status, stderr } = await fillIn(urls);
    expect(status, stderr).to.equal(0);
    const text = readFileSync(config, "utf8");
    for (const url of Object.values(urls)) expect(text).to.include(`url: ${url}`);
    expect(text).not.to.include("receiver.invalid");
    expect(statSync(config).mode & 0o077).to.equal(0);
    const checked = await runCommand(tree.program("amtool"), ["check-config", config], { env: tree.env });
    expect(checked.status, checked.stderr).to.equal(0);
  });

  it("is well without a receiver, and the plan says that nobody will hear", async () => {
    const { config, status } = await fillIn({});
    expect(status).to.equal(0);
    const checked = await runCommand(tree.program("amtool"), ["check-config", config], { env: tree.env });
    expect(checked.status, checked.stderr).to.equal(0);
    const said = (names: string[]) =>
      judgeCloud(webhooks(names)).findings.filter(({ path }) => path === "hosts.watch");
    expect(
      said([])
        .map(({ message }) => message)
        .join(),
    ).to.include("tells nobody of its alerts");
    expect(
      said(["oncall"])
        .map(({ message }) => message)
        .join(),
    ).not.to.include("tells nobody");
  });

  for (const [name, url] of [
    ["no URL", "nonsense"],
    ["a line of YAML behind it", "https://a\nreceivers: []"],
    ["a quote", 'https://a"'],
    ["a space", "https://a b"],
  ])
    it(`refuses a secret that is ${name}, and does not tell it`, async () => {
      const { status, stderr } = await fillIn({ oncall: url ?? "" });
      expect(status).not.to.equal(0);
      expect(stderr).to.match(/^alert-oncall: its value .*; set the secret anew$/m);
      expect(stderr).not.to.include(url);
    });
});
