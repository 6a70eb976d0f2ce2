import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { PROJECT } from "../../stacks/stack-file";

/** What a process of its own says: which of the two are loaded with the SDK, and what they are for, done by them. */
const PROGRAM = `
  const sdk = require("@pulumi/pulumi");
  const told = (name) => Object.keys(require.cache).some((path) => path.includes(name));
  const before = [told("/typescript/lib/"), told("/arborist/lib/arborist/")];
  const text = (done) => sdk.runtime.serializeFunction(() => sdk.log.info("x")).then(({ text }) => done(text));
  const paths = (done) => sdk.runtime.computeCodePaths().then((map) => done([...map.keys()].sort()));
  text((text) => paths((paths) => {
    const after = [told("/typescript/lib/"), told("/arborist/lib/arborist/")];
    process.stdout.write(JSON.stringify({ before, after, text, paths }));
  }));
`;

interface Told {
  before: boolean[];
  after: boolean[];
  text: string;
  paths: string[];
}

const run = async (...more: string[]): Promise<Told> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...more, "-e", PROGRAM], { cwd: PROJECT });
  return JSON.parse(stdout) as Told;
};

describe("the packages that the SDK loads for code which it sends away", () => {
  it("are loaded when they are asked for, and do what they did", async function () {
    this.timeout(300_000);
    const lazy = await run("--require", join(PROJECT, "library", "typescript.cjs"));
    const whole = await run();
    expect(lazy.before, "TypeScript and arborist").to.deep.equal([false, false]);
    expect(lazy.after).to.deep.equal([true, true]);
    expect(whole.before, "else this file is needed no more").to.deep.equal([true, true]);
    expect(lazy.text).to.equal(whole.text).and.to.include('log.info("x")');
    expect(lazy.paths).to.deep.equal(whole.paths).and.to.not.have.length(0);
  });
});
