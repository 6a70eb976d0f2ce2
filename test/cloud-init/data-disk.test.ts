import { expect } from "chai";
import { parse } from "yaml";
import { emitBirth } from "../../cloud-init/emit/user-data";
import { DATA_DISK } from "../../cloud-init/parts/data-disk";
import { hostOf, planOf } from "../support/sample";

interface CloudConfig {
  write_files: { path: string; permissions: string }[];
  runcmd: string[][];
}

describe("user data of a host with a data disk", () => {
  const plan = planOf();
  const host = hostOf(plan, "seed-a");
  const birthOf = (device?: string) => {
    const disk = { size: 50, type: "gp3", ...(device === undefined ? {} : { device }) };
    const changed = { ...host, disk };
    const { userData } = emitBirth({ ...plan, hosts: [changed] }, changed);
    return parse(userData) as CloudConfig;
  };

  it("mounts the disk, and provisions only if that went well", () => {
    const { write_files, runcmd } = birthOf("/dev/disk/by-id/google-data");
    expect(write_files.map(({ path }) => path)).to.include(DATA_DISK);
    expect(runcmd).to.have.length(1);
    expect(runcmd[0]?.slice(0, 4)).to.deep.equal([
      DATA_DISK,
      `${plan.stack}/seed-a`,
      "/dev/disk/by-id/google-data",
      "/usr/lib/nodewright/bootstrap",
    ]);
    expect(runcmd[0]?.at(-1)).to.equal("provision");
  });

  it("has nothing of it where the disk is there already", () => {
    const { write_files, runcmd } = birthOf();
    expect(write_files.map(({ path }) => path)).not.to.include(DATA_DISK);
    expect(runcmd[0]?.[0]).to.equal("/usr/lib/nodewright/bootstrap");
  });
});
