import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { releaseLockSchema } from "../../../../components/core/releases";
import { type PinOptions, pin } from "../../../../lab/releases/pin/pin";
import { pinText } from "../../../../lab/releases/pin/text";
import { loadReleases } from "../../../../stacks/releases";
import { userError } from "../../docker/rejection";
import { temporaryFolders } from "../../docker/temporary";
import { answers, breaksOff, fileServer, gives, redirects } from "../file-server";

const folder = temporaryFolders();
const hashOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** An archive of executables, each with a text of its own. */
function archive(programs: Record<string, string>): Buffer {
  const at = folder();
  for (const [path, text] of Object.entries(programs)) {
    mkdirSync(join(at, "tree", path, ".."), { recursive: true });
    writeFileSync(join(at, "tree", path), text);
    chmodSync(join(at, "tree", path), 0o755);
  }
  return execFileSync("tar", ["--create", "--gzip", "--mtime=@0", "--directory", join(at, "tree"), "."]);
}

const NODEOS = archive({ "bin/nodeos": "one", "bin/cleos": "two", "share/doc": "three" });
const OTHER = archive({ "bin/nodeos": "another one" });

describe("npm run pin", () => {
  let server: Awaited<ReturnType<typeof fileServer>>;
  let lock: string;
  before(async () => {
    server = await fileServer({});
  });
  after(() => server.close());
  beforeEach(() => {
    lock = join(folder(), "config", "releases.json");
    server.requests.length = 0;
    server.paths["/v1/nodeos-1.2.2.tar.gz"] = gives(NODEOS);
  });
  const pinned = (path: string, options: Partial<PinOptions> = {}) =>
    pin({ url: server.url(path), lock, pauseMs: 1, ...options });
  const entries = () => releaseLockSchema.parse(JSON.parse(readFileSync(lock, "utf8"))).releases;
  const entry = (name: string) => entries().find((each) => each.name === name);

  it("begins a lock with what every host runs, and records what it saw", async () => {
    const { found, isRecorded, isNewLock } = await pinned("/v1/nodeos-1.2.2.tar.gz");
    expect([isRecorded, isNewLock, found.bytes]).to.deep.equal([true, true, NODEOS.length]);
    expect(entries().map(({ name }) => name)).to.deep.equal(["node", "nodewright-host", "nodeos"]);
    expect(entry("nodeos")).to.deep.include({ version: "1.2.2", sha256: hashOf(NODEOS), format: "tar.gz" });
    expect(Object.keys(entry("nodeos")?.programs ?? {})).to.deep.equal(["nodeos", "cleos"]);
    expect(loadReleases(lock).findings).to.deep.equal([]);
    expect(readdirSync(join(lock, ".."))).to.deep.equal(["releases.json"]);
  });

  it("says size, hash, files and programs", async () => {
    const text = pinText(await pinned("/v1/nodeos-1.2.2.tar.gz"));
    for (const word of [
      String(NODEOS.length),
      hashOf(NODEOS),
      "share/doc",
      "nodeos (bin/nodeos)",
      "none given",
    ])
      expect(text).to.include(word);
    expect(text).to.match(/recorded in .*releases\.json \(new: /);
  });

  it("changes nothing the second time, and nothing in a dry run", async () => {
    await pinned("/v1/nodeos-1.2.2.tar.gz", { dryRun: true });
    expect(existsSync(lock)).to.equal(false);
    await pinned("/v1/nodeos-1.2.2.tar.gz");
    const before = readFileSync(lock, "utf8");
    const { comparison, isRecorded } = await pinned("/v1/nodeos-1.2.2.tar.gz");
    expect([comparison.verdict, isRecorded]).to.deep.equal(["same", false]);
    expect(readFileSync(lock, "utf8")).to.equal(before);
  });

  it("keeps comments, spaces and what else an entry says", async () => {
    await pinned("/v1/nodeos-1.2.2.tar.gz");
    const text = readFileSync(lock, "utf8")
      .replace('{\n  "releases"', '// ours\n{\n  "releases"')
      .replace('"name": "nodeos",', '"name":   "nodeos", // Spring')
      .replace('"path": "bin/nodeos"', '"path": "bin/nodeos",\n          "args": ["--x"]');
    writeFileSync(lock, text);
    server.paths["/v2/nodeos-1.2.3.tar.gz"] = gives(archive({ "bin/nodeos": "new", "bin/cleos": "new" }));
    const { comparison } = await pinned("/v2/nodeos-1.2.3.tar.gz");
    expect(comparison).to.deep.include({ verdict: "changed", alarms: [] });
    const after = readFileSync(lock, "utf8");
    expect(after)
      .to.include("// ours\n")
      .and.include('"name":   "nodeos", // Spring')
      .and.include('"args": ["--x"]');
    const changed = after.split("\n").filter((line) => !text.split("\n").includes(line));
    expect(changed.map((line) => line.trim().split(":")[0])).to.have.members([
      '"version"',
      '"sha256"',
      '"url"',
    ]);
    const { releases, findings } = loadReleases(lock);
    expect(findings).to.deep.equal([]);
    expect(releases.find(({ name }) => name === "nodeos")?.programs.nodeos?.args).to.deep.equal(["--x"]);
  });

  it("raises an alarm when the bytes of a version have changed, and records them only when told to", async () => {
    await pinned("/v1/nodeos-1.2.2.tar.gz");
    const before = readFileSync(lock, "utf8");
    server.paths["/v1/nodeos-1.2.2.tar.gz"] = gives(OTHER);
    const programs = ["nodeos"];
    const alarmed = await pinned("/v1/nodeos-1.2.2.tar.gz", { programs });
    expect(alarmed.isRecorded).to.equal(false);
    expect(pinText(alarmed)).to.include("ALARM: nodeos 1.2.2 has changed").and.include(hashOf(OTHER));
    expect(readFileSync(lock, "utf8")).to.equal(before);
    await pinned("/v1/nodeos-1.2.2.tar.gz", { programs, acceptChange: true });
    expect(entry("nodeos")?.sha256).to.equal(hashOf(OTHER));
  });

  it("takes programs over from the entries that brought them, and these away when they bring none", async () => {
    server.paths["/evm-1.0.tar.gz"] = gives(archive({ "eos-evm-node": "a", "eos-evm-rpc": "b" }));
    server.paths["/rpc-1.1.tar.gz"] = gives(archive({ "x/eos-evm-rpc": "c" }));
    server.paths["/all-2.0.tar.gz"] = gives(archive({ "eos-evm-node": "d", "eos-evm-rpc": "e" }));
    await pinned("/evm-1.0.tar.gz");
    expect((await pinned("/rpc-1.1.tar.gz")).comparison.takesOver).to.deep.equal([
      { name: "evm", programs: ["eos-evm-rpc"] },
    ]);
    expect(Object.keys(entry("evm")?.programs ?? {})).to.deep.equal(["eos-evm-node"]);
    await pinned("/all-2.0.tar.gz");
    expect(entries().map(({ name }) => name)).to.deep.equal(["node", "nodewright-host", "all"]);
  });

  it("tries again when a download broke off", async () => {
    server.paths["/nodeos-1.0.tar.gz"] = breaksOff(NODEOS, 100, 1);
    expect((await pinned("/nodeos-1.0.tar.gz")).found.sha256).to.equal(hashOf(NODEOS));
    expect(server.requests).to.have.length(2);
  });

  it("follows redirects, and tells where it came to", async () => {
    server.paths["/latest-1.0.tar.gz"] = redirects("/v1/nodeos-1.2.2.tar.gz");
    const { from, entry: recorded } = await pinned("/latest-1.0.tar.gz");
    expect(from).to.equal(server.url("/v1/nodeos-1.2.2.tar.gz"));
    expect(recorded.source).to.deep.equal({ kind: "url", url: server.url("/latest-1.0.tar.gz") });
  });

  it("takes a file that lies here", async () => {
    const file = join(folder(), "eos-evm-miner-1.0.1.js");
    writeFileSync(file, "console.log(1)\n");
    await pin({ url: `file://${file}`, lock });
    expect(entry("eos-evm-miner")?.programs["eos-evm-miner"]).to.deep.include({
      path: "eos-evm-miner.js",
      interpreter: "node",
    });
  });

  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  const signed = (bytes: Buffer) => sign(null, bytes, privateKey).toString("base64");

  it("checks a signature, records it, and misses it in the next version", async () => {
    const key = join(folder(), "key.pem");
    writeFileSync(key, pem);
    await pinned("/v1/nodeos-1.2.2.tar.gz", { key, signature: signed(NODEOS) });
    expect(entry("nodeos")?.signature?.value).to.equal(signed(NODEOS));
    server.paths["/v2/nodeos-1.2.3.tar.gz"] = gives(OTHER);
    const unsigned = await pinned("/v2/nodeos-1.2.3.tar.gz", { programs: ["nodeos"] });
    expect(unsigned.comparison.alarms[0]).to.include("was signed so far");
    const other = generateKeyPairSync("ed25519");
    const byOther = await pinned("/v2/nodeos-1.2.3.tar.gz", {
      programs: ["nodeos"],
      key: other.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
      signature: sign(null, OTHER, other.privateKey).toString("base64"),
    });
    expect(byOther.comparison.alarms[0]).to.include("so far, and this one by");
    expect(entry("nodeos")?.version).to.equal("1.2.2");
  });

  const cut = NODEOS.subarray(0, NODEOS.length - 60);
  const REFUSED: [name: string, path: string, options: Partial<PinOptions>, says: RegExp][] = [
    ["a file that is not there", "/nothing-1.tar.gz", {}, /the server answers 404/],
    ["a server that fails", "/fails-1.0.tar.gz", {}, /the server answers 500/],
    ["a download that always breaks off", "/broken-1.0.tar.gz", {}, /broken-1\.0\.tar\.gz: /],
    [
      "an archive that was cut short before it was published",
      "/cut-1.0.tar.gz",
      {},
      /it is damaged, or was cut short/,
    ],
    ["an empty file", "/empty-1.0.tar.gz", {}, /the file is empty/],
    ["a web page", "/page-1.0.tar.gz", {}, /a web page, not the file/],
    ["redirects without end", "/round-1.0.tar.gz", {}, /redirected more than 5 times/],
    ["a redirect to where anybody can write", "/away-1.0.tar.gz", {}, /http can be changed on its way/],
    ["a file without a version", "/plain.tar.gz", {}, /"plain\.tar\.gz" names no version/],
    [
      "programs that it has not",
      "/v1/nodeos-1.2.2.tar.gz",
      { programs: ["keosd"] },
      /no program keosd.*there: bin\/cleos, bin\/nodeos/s,
    ],
    ["a file of xz", "/nodeos-1.0.tar.xz", {}, /packed with xz/],
    [
      "a signature without a key",
      "/v1/nodeos-1.2.2.tar.gz",
      { signature: signed(NODEOS) },
      /belong together/,
    ],
    [
      "a signature of other bytes",
      "/v1/nodeos-1.2.2.tar.gz",
      { signature: signed(OTHER), key: pem },
      /--key: is no/,
    ],
  ];
  for (const [name, path, options, says] of REFUSED)
    it(`refuses ${name}, and records nothing`, async () => {
      Object.assign(server.paths, {
        "/fails-1.0.tar.gz": answers(500),
        "/broken-1.0.tar.gz": breaksOff(NODEOS, 0),
        "/cut-1.0.tar.gz": gives(cut),
        "/empty-1.0.tar.gz": answers(200),
        "/page-1.0.tar.gz": answers(200, "<!doctype html><title>Sign in</title>"),
        "/round-1.0.tar.gz": redirects("/round-1.0.tar.gz"),
        "/away-1.0.tar.gz": redirects("http://example.invalid/nodeos-1.0.tar.gz"),
        "/plain.tar.gz": gives(NODEOS),
        "/nodeos-1.0.tar.xz": gives(Buffer.from("fd377a585a0000", "hex")),
      });
      expect(await userError(pinned(path, options))).to.match(says);
      expect(existsSync(lock)).to.equal(false);
    });

  it("refuses a signature that does not fit, and records nothing", async () => {
    const key = publicKey.export({ format: "der", type: "spki" }).toString("base64");
    expect(await userError(pinned("/v1/nodeos-1.2.2.tar.gz", { key, signature: signed(OTHER) }))).to.include(
      "does not fit the file",
    );
    expect(existsSync(lock)).to.equal(false);
  });

  it("leaves a lock with mistakes as it is, and says them", async () => {
    mkdirSync(join(lock, ".."), { recursive: true });
    writeFileSync(lock, '{ "releases": [{ "name": "x" ]}');
    expect(await userError(pinned("/v1/nodeos-1.2.2.tar.gz"))).to.match(/is no JSON: .* in line 1/);
    expect(readFileSync(lock, "utf8")).to.equal('{ "releases": [{ "name": "x" ]}');
  });
});

describe("npm run pin with a Debian package", () => {
  it("tells its own name and version, what it needs, and that its scripts never run", async function () {
    if (!existsSync("/usr/bin/dpkg-deb")) this.skip();
    const at = folder();
    mkdirSync(join(at, "tree/DEBIAN"), { recursive: true });
    mkdirSync(join(at, "tree/usr/bin"), { recursive: true });
    const control = [
      ...[
        "Package: antelope-spring",
        "Version: 1.2.2",
        "Architecture: amd64",
        "Maintainer: a <a@example.org>",
      ],
      ...["Depends: libc6 (>= 2.35), libcurl4 | libcurl4t64, libgmp10 (>= 2)", "Description: x", ""],
    ];
    writeFileSync(join(at, "tree/DEBIAN/control"), control.join("\n"));
    writeFileSync(join(at, "tree/DEBIAN/postinst"), "#!/bin/sh\n");
    writeFileSync(join(at, "tree/usr/bin/nodeos"), "#!/bin/sh\n");
    chmodSync(join(at, "tree/DEBIAN/postinst"), 0o755);
    chmodSync(join(at, "tree/usr/bin/nodeos"), 0o755);
    const file = join(at, "x.deb");
    execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "--build", join(at, "tree"), file]);
    const result = await pin({ url: `file://${file}`, lock: join(at, "lock.json") });
    expect(result.entry).to.deep.include({
      name: "antelope-spring",
      version: "1.2.2",
      format: "deb",
      packages: ["libcurl4", "libgmp10"],
    });
    expect(result.entry.programs.nodeos?.path).to.equal("usr/bin/nodeos");
    expect(pinText(result)).to.include("postinst: never run");
  });
});
