import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { hostOf, judge, planOf, SAMPLE } from "../support/sample";

const MIRROR =
  "packageMirror: { main: http://apt.example.org/debian, security: http://apt.example.org/debian-security }";
const userData = (yaml: string) => {
  const plan = planOf(yaml);
  return emitBirth(plan, hostOf(plan, "seed-a")).userData;
};

describe("a mirror of the distribution's packages", () => {
  it("is where apt looks from the first boot on, and nowhere else", () => {
    const config = parse(userData(SAMPLE + MIRROR)) as { apt: object; bootcmd: string[][] };
    expect(config.apt).to.deep.equal({
      preserve_sources_list: false,
      primary: [{ arches: ["default"], uri: "http://apt.example.org/debian" }],
      security: [{ arches: ["default"], uri: "http://apt.example.org/debian-security" }],
    });
    expect(config.bootcmd[0]?.join(" ")).to.include("rm -f /etc/apt/sources.list.d/debian.sources");
  });

  it("leaves everything else of a birth as it is", () => {
    const { apt: _, bootcmd, ...rest } = parse(userData(SAMPLE + MIRROR)) as Record<string, unknown[]>;
    const { bootcmd: before, ...without } = parse(userData(SAMPLE)) as Record<string, unknown[]>;
    expect(rest).to.deep.equal(without);
    expect(bootcmd?.slice(1)).to.deep.equal(before);
  });

  it("is something that cloud-init's own schema takes", function () {
    const folder = mkdtempSync(join(tmpdir(), "nodewright-apt-"));
    const file = join(folder, "user-data");
    writeFileSync(file, userData(SAMPLE + MIRROR));
    const { status, stdout, stderr, error } = spawnSync("cloud-init", ["schema", "--config-file", file], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    if (error) this.skip();
    expect(status, stdout + stderr).to.equal(0);
  });

  it("must be two URLs", () => {
    const said = (value: string) =>
      judge(`${SAMPLE}packageMirror: ${value}`).findings.map(({ path }) => path);
    expect(said("{ main: apt.example.org, security: http://apt.example.org }")).to.include(
      "packageMirror.main",
    );
    expect(said("{ main: http://apt.example.org }")).to.include("packageMirror.security");
  });
});
