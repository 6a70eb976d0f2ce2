import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { parse } from "yaml";
import { BUNDLE_PATH, emitBirth } from "../../../cloud-init/emit/user-data";
import { machinesOf, type Plan } from "../../../components/core/plan/plan";
import { cloudPlan } from "../../support/fake-cloud";

interface UserData {
  hostname?: string;
  write_files: { path: string; content: string }[];
  runcmd: string[][];
}

const born = (plan: Plan, name: string) => {
  const host = machinesOf(plan).find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  const birth = emitBirth(plan, host);
  const data = parse(birth.userData) as UserData;
  return { birth, data, written: data.write_files.find(({ path }) => path === BUNDLE_PATH) };
};
const limited = (userDataBytes: number, storesBundles = true) =>
  cloudPlan(undefined, { traits: { userDataBytes, storesBundles } });
const bytes = (text: string) => Buffer.byteLength(text);

describe("user data that does not fit", () => {
  const whole = born(limited(1_000_000), "writes");
  const size = bytes(whole.birth.userData);

  const CASES: [name: string, limit: number, stores: boolean, byHash: boolean][] = [
    ["carries the document where there is room to spare", 1_000_000, true, false],
    ["carries it where there is just room", size, true, false],
    ["names it by its hash where one byte is missing", size - 1, true, true],
  ];
  for (const [name, limit, stores, byHash] of CASES) {
    it(name, () => {
      const { birth, written } = born(limited(limit, stores), "writes");
      expect(birth.byHash).to.equal(byHash);
      expect(written === undefined).to.equal(byHash);
    });
  }

  it("is refused where the mirror takes no documents", () => {
    expect(() => born(limited(size - 1, false), "writes")).to.throw(
      /^writes: its user data has \d+ bytes, and/,
    );
  });

  it("is fetched from the mirror and checked before anything is installed", () => {
    const { birth, data } = born(limited(10_000), "writes");
    expect(data.runcmd).to.deep.equal([
      [
        "/usr/lib/nodewright/bootstrap",
        "fetch",
        "https://mirror.example.org/test",
        birth.bundle.sha256,
        BUNDLE_PATH,
      ],
      whole.data.runcmd[0],
    ]);
    expect(bytes(birth.userData)).to.be.below(size);
  });

  it("brings the same document either way", () => {
    const { birth } = born(limited(10_000), "writes");
    expect(birth.bundle).to.deep.equal(whole.birth.bundle);
    const carried = gunzipSync(Buffer.from(whole.written?.content ?? "", "base64")).toString();
    expect(carried).to.equal(birth.bundle.json);
  });

  it("fits AWS then, for every host", () => {
    const plan = limited(16_384);
    for (const host of machinesOf(plan)) expect(bytes(emitBirth(plan, host).userData)).to.be.at.most(16_384);
  });

  it("gives a host its name, and a member of a pool none: the cloud names it", () => {
    expect(whole.data.hostname).to.equal("writes");
    expect(born(limited(10_000), "rpc").data).not.to.have.property("hostname");
  });
});
