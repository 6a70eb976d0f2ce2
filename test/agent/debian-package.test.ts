import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { SignedArtifact } from "../../cloud-init/document";
import { document, FakeHost, unit } from "./fake-host";

/** A Debian package as upstream makes them: a program, and a script that dpkg would run as root. */
function debianPackage(host: FakeHost, compression: string): SignedArtifact {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-deb-"));
  const write = (path: string, content: string, mode = 0o644) => {
    mkdirSync(join(folder, "tree", path, ".."), { recursive: true });
    writeFileSync(join(folder, "tree", path), content);
    chmodSync(join(folder, "tree", path), mode);
  };
  write(
    "DEBIAN/control",
    "Package: spring\nVersion: 1.2.2\nArchitecture: amd64\nMaintainer: a <a@example.org>\nDescription: x\n",
  );
  write("DEBIAN/postinst", `#!/bin/sh\ntouch ${folder}/ran\n`, 0o755);
  write("usr/bin/nodeos", "#!/bin/sh\necho nodeos\n", 0o755);
  write("usr/bin/cleos", "#!/bin/sh\necho cleos\n", 0o4755);
  write("usr/share/doc/spring/copyright", "MIT\n", 0o600);
  const file = join(folder, "spring.deb");
  execFileSync("dpkg-deb", ["--root-owner-group", `-Z${compression}`, "--build", join(folder, "tree"), file]);
  const packed = readFileSync(file);
  rmSync(folder, { recursive: true });
  const sha256 = createHash("sha256").update(packed).digest("hex");
  host.write(`/mirror/${sha256}`, packed);
  return {
    name: "spring",
    version: "1.2.2",
    sha256,
    format: "deb",
    keep: [],
    programs: { nodeos: { path: "usr/bin/nodeos", args: [], env: {} } },
  };
}

describe("an artifact that is a Debian package", () => {
  let host: FakeHost;
  before(function () {
    if (spawnSync("dpkg-deb", ["--version"]).status !== 0) this.skip();
  });
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());
  const folderOf = ({ sha256 }: SignedArtifact) => `/opt/nodewright/spring/${sha256.slice(0, 12)}`;

  for (const compression of ["gzip", "xz", "zstd"])
    it(`packed with ${compression}, is unpacked into its own folder and runs no script`, async () => {
      const spring = debianPackage(host, compression);
      const { result } = await host.provision(
        document({ artifacts: [spring], units: [unit("a", { reads: [] })] }),
      );
      expect(result).to.equal("ok");
      expect(host.list(folderOf(spring))).to.deep.equal([".nodewright", "usr"]);
      expect(host.list(`${folderOf(spring)}/usr`)).to.deep.equal(["bin", "share"]);
      // The launcher is a host's path; the program itself is what ran.
      expect(host.read(`${folderOf(spring)}/usr/bin/nodeos`)).to.include("echo nodeos");
      expect(host.read("/opt/nodewright/bin/nodeos")).to.include(`${folderOf(spring)}/usr/bin/nodeos`);
      expect(
        (await host.provision(document({ artifacts: [spring], units: [unit("a", { reads: [] })] }))).changed,
      ).to.equal(0);
    });

  it("keeps only the paths that the lock names, and no bit that makes a program root's", async () => {
    const spring = debianPackage(host, "gzip");
    const { result } = await host.provision(document({ artifacts: [{ ...spring, keep: ["usr/bin"] }] }));
    expect(result).to.equal("ok");
    expect(host.list(`${folderOf(spring)}/usr`)).to.deep.equal(["bin"]);
    const modes = execFileSync("stat", ["--format=%a", join(host.root, folderOf(spring), "usr/bin/cleos")]);
    expect(modes.toString().trim()).to.equal("755");
  });

  it("that is no such package is refused, and nothing is left of it", async () => {
    const spring = debianPackage(host, "gzip");
    const broken = Buffer.from("!<arch>\nnot a package");
    const sha256 = createHash("sha256").update(broken).digest("hex");
    host.write(`/mirror/${sha256}`, broken);
    const { result, steps } = await host.provision(document({ artifacts: [{ ...spring, sha256 }] }));
    expect(result).to.equal("failed");
    expect(steps.find(({ name }) => name === "artifacts")?.failed[0]?.reason).to.include("exit");
    expect(host.list("/opt/nodewright/spring")).to.deep.equal([]);
  });
});
