import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect } from "chai";
import { documentFor } from "../../cloud-init/document-for";
import { BOOTSTRAP_SCRIPT } from "../../cloud-init/parts/bootstrap";
import { dataDiskScript } from "../../cloud-init/parts/data-disk";
import { planOf } from "../support/sample";

/** Every shell script that is put on a host. */
function scripts(): Map<string, string> {
  const plan = planOf();
  const files = plan.hosts
    .flatMap((host) => documentFor(plan, host).files)
    .filter(({ content }) => content.startsWith("#!/bin/sh"));
  return new Map([
    ["bootstrap", BOOTSTRAP_SCRIPT],
    ["data-disk", dataDiskScript()],
    ...files.map(({ path, content }) => [path, content] as const),
  ]);
}

describe("scripts on hosts", function () {
  this.timeout(120_000);
  before(function () {
    if (existsSync("/usr/bin/shellcheck")) return;
    const installed = spawnSync(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "shellcheck"],
      { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } },
    );
    // Not a machine where packages can be installed: the other suites do not need it.
    if (installed.status !== 0) this.skip();
  });

  it("are there", () =>
    expect([...scripts().keys()]).to.have.members([
      "bootstrap",
      "data-disk",
      "/usr/lib/nodewright/nodeos-start",
      "/usr/lib/nodewright/renew",
      "/usr/lib/nodewright/tx-wrapper-start",
    ]));

  for (const [name, text] of scripts()) {
    it(`${name} has nothing that shellcheck would warn of`, () => {
      const { stdout, status } = spawnSync("shellcheck", ["--shell=sh", "--severity=style", "-"], {
        input: text,
        encoding: "utf8",
      });
      expect(stdout).to.equal("");
      expect(status).to.equal(0);
    });
  }
});
