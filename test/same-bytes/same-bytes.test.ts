import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { PROJECT } from "../../stacks/stack-file";

const run = promisify(execFile);
const NOBODY = 65_534;

interface Rendered {
  here: { now: number; zone: string; locale: string; user?: number; folder: string };
  rendered: Record<string, string>;
}

interface Elsewhere {
  env?: Record<string, string>;
  preload?: string;
  cwd?: string;
  uid?: number;
}

/** Renders every sample stack in a process of its own. */
async function renders({ env, preload, cwd = PROJECT, uid }: Elsewhere = {}): Promise<Rendered> {
  const words = [
    ...(preload === undefined ? [] : ["--require", preload]),
    ...["--import", join(PROJECT, "node_modules/tsx/dist/loader.mjs")],
    join(PROJECT, "test/same-bytes/render.ts"),
  ];
  const { stdout } = await run(process.execPath, words, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
    maxBuffer: 1 << 26,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return JSON.parse(stdout) as Rendered;
}

describe("the same plan gives the same bytes", function () {
  this.timeout(300_000);
  let folder: string;
  let wanted: Rendered;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "nodewright-elsewhere-"));
    chmodSync(folder, 0o777);
    wanted = await renders();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("of every sample stack and each of its hosts", () => {
    const names = Object.keys(wanted.rendered);
    expect(names.filter((name) => name.endsWith(" plan"))).to.have.length.above(5);
    expect(names.filter((name) => name.endsWith(" document"))).to.have.length.above(20);
  });

  it("under another locale, time zone, time and chance, from another folder", async () => {
    const { here, rendered } = await renders({
      // Turkish: another order of letters, and I is not the capital of i.
      env: {
        LC_ALL: "tr_TR.UTF-8",
        LANG: "tr_TR.UTF-8",
        TZ: "Pacific/Chatham",
        USER: "somebody",
        COLUMNS: "40",
      },
      preload: join(PROJECT, "test/same-bytes/another-time.cjs"),
      cwd: folder,
    });
    expect(here).to.include({ zone: "Pacific/Chatham", locale: "tr-TR", folder });
    expect(here.now).to.be.at.least(wanted.here.now + 6);
    expect(rendered).to.deep.equal(wanted.rendered);
  });

  it("by another user", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const other = await renders({ cwd: folder, uid: NOBODY }).catch((cause: Error & { stderr?: string }) => {
      // A checkout below a folder that is its owner's alone cannot be read by anybody else.
      if (/EACCES|Cannot find module/.test(cause.stderr ?? "")) return undefined;
      throw cause;
    });
    if (!other) this.skip();
    expect(other.here.user).to.equal(NOBODY);
    expect(other.rendered).to.deep.equal(wanted.rendered);
  });
});
