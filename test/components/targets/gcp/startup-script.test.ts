import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { startupScript } from "../../../../components/targets/gcp/startup-script";

describe("the script that every machine on Google Cloud starts with", () => {
  let folder: string;
  const settings = () => join(folder, "cloud.cfg.d");
  const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "");

  /** A program that writes down how it was called, and then does this. */
  const program = (name: string, then = "") => {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${then}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const run = () =>
    // Nothing of this machine's but what writes files.
    spawnSync("/bin/sh", ["-c", startupScript(settings())], {
      env: { PATH: folder },
      encoding: "utf8",
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-startup-"));
    for (const name of ["apt-get", "systemctl", "sleep"]) program(name);
    program("mkdir", 'exec /bin/mkdir "$@"');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("does nothing where cloud-init is there", () => {
    program("cloud-init");
    expect(run().status).to.equal(0);
    expect(calls()).to.equal("");
    expect(existsSync(settings())).to.equal(false);
  });

  it("installs it, tells it what not to touch, and starts the machine again", () => {
    expect(run()).to.include({ status: 0, stderr: "" });
    const lines = calls().trim().split("\n");
    expect(lines.at(-2)).to.match(/^apt-get .*install .*cloud-init/);
    expect(lines.at(-1)).to.equal("systemctl reboot");
    expect(parse(readFileSync(join(settings(), "80-nodewright.cfg"), "utf8"))).to.deep.equal({
      datasource_list: ["GCE"],
      network: { config: "disabled" },
      apt: { preserve_sources_list: true },
    });
  });

  it("tries again while packages cannot be had", () => {
    program("apt-get", `[ -e "${folder}/tried" ] || { : >"${folder}/tried"; exit 100; }`);
    expect(run().status).to.equal(0);
    expect(calls()).to.contain("sleep 10");
    expect(calls().match(/systemctl reboot/g)).to.have.length(1);
  });

  it("has nothing that shellcheck would warn of", function () {
    if (!existsSync("/usr/bin/shellcheck")) return this.skip();
    const { stdout } = spawnSync("shellcheck", ["--shell=sh", "--severity=style", "-"], {
      input: startupScript(),
      encoding: "utf8",
    });
    expect(stdout).to.equal("");
  });
});
