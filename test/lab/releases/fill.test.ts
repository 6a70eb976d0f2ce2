import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Release } from "../../../components/core/releases";
import { fillMirror } from "../../../lab/releases/fill";
import { userError } from "../docker/rejection";
import { temporaryFolders } from "../docker/temporary";
import { answers, fileServer, gives } from "./file-server";

const folder = temporaryFolders();
const CONTENT = Buffer.from("0123456789".repeat(1000));
const sha256 = createHash("sha256").update(CONTENT).digest("hex");

describe("filling a mirror", () => {
  let server: Awaited<ReturnType<typeof fileServer>>;
  let mirror: string;
  let release: Release;
  beforeEach(async () => {
    server = await fileServer({ "/tool": gives(CONTENT) });
    mirror = join(folder(), "mirror");
    release = {
      ...{ name: "tool", version: "1", sha256, format: "file", keep: [], programs: {}, needs: [] },
      source: { kind: "url", url: server.url("/tool") },
    } as Release;
  });
  afterEach(() => server.close());
  const fill = (flags: { check?: boolean; prune?: boolean } = {}) =>
    fillMirror({ ...flags, mirror, releases: [release], progress: () => {} });
  const states = async (flags = {}) => (await fill(flags)).artifacts.map(({ state }) => state);

  it("fetches once what is missing, and what is damaged anew", async () => {
    expect(await states({ check: true })).to.deep.equal(["missing"]);
    expect(server.requests).to.deep.equal([]);
    expect(await states()).to.deep.equal(["fetched"]);
    expect(await states()).to.deep.equal(["there"]);
    expect(server.requests).to.have.length(1);
    writeFileSync(join(mirror, sha256), CONTENT.subarray(1));
    expect(await states({ check: true })).to.deep.equal(["damaged"]);
    expect(server.requests).to.have.length(1);
    expect(await states()).to.deep.equal(["fetched"]);
    expect(await states({ check: true })).to.deep.equal(["there"]);
  });

  it("goes on in a later run where a download broke off, also where that was killed", async () => {
    mkdirSync(join(mirror, "incoming-999999999-tool"), { recursive: true });
    writeFileSync(join(mirror, "incoming-999999999-tool", `partial-${sha256}`), CONTENT.subarray(0, 4000));
    server.paths["/tool"] = answers(404);
    expect(await userError(fill())).to.include("404");
    expect(readdirSync(mirror)).to.deep.equal([`partial-${sha256}`]);
    server.paths["/tool"] = gives(CONTENT);
    server.requests.length = 0;
    expect(await states()).to.deep.equal(["fetched"]);
    expect(server.requests).to.deep.equal(["/tool bytes=4000-"]);
    expect(readdirSync(mirror)).to.deep.equal([sha256]);
    expect(readFileSync(join(mirror, sha256)).equals(CONTENT)).to.equal(true);
  });

  it("throws half a file of another content away, and the next run begins anew", async () => {
    mkdirSync(mirror, { recursive: true });
    writeFileSync(join(mirror, `partial-${sha256}`), "x".repeat(4000));
    expect(await userError(fill())).to.include("was thrown away");
    expect(readdirSync(mirror)).to.deep.equal([]);
    expect(await states()).to.deep.equal(["fetched"]);
  });

  it("takes away on request what nobody names, and no file of another's naming", async () => {
    await fill();
    const [old, stranger] = ["f".repeat(64), "README"];
    for (const name of [old, stranger, `partial-${old}`]) writeFileSync(join(mirror, name), "");
    expect((await fill()).pruned).to.deep.equal([]);
    expect((await fill({ prune: true })).pruned).to.deep.equal([old, `partial-${old}`]);
    expect(readdirSync(mirror)).to.have.members([sha256, stranger]);
  });
});
