import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import type { Release } from "../../../components/core/releases";
import { type Run, runCommand } from "../../../lab/docker/command";
import { type FetchOptions, fetchReleases } from "../../../lab/releases/fetch";
import { type FakeProgram, fakeRun } from "../docker/fake-run";
import { userError } from "../docker/rejection";
import { temporaryFolders } from "../docker/temporary";

const folder = temporaryFolders();
const hashOf = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const CONTENT = "the software";

const release = (source: Release["source"], changes: Partial<Release> = {}): Release => ({
  name: source.kind,
  version: "1.2.3",
  sha256: hashOf(CONTENT),
  format: "file",
  keep: [],
  programs: {},
  needs: [],
  source,
  ...changes,
});
const NPM = release({ kind: "npm", package: "@scope/tool" });
const PYPI = release(
  { kind: "pypi", package: "tool", python: "3.11", platform: "manylinux_2_31_x86_64" },
  { sha256: hashOf("wheel") },
);

/** A registry's client that puts a file where its `--OPTION=FOLDER` says. */
const delivers =
  (option: string, content: string): FakeProgram =>
  (words) => {
    const to = words.find((word) => word.startsWith(`--${option}=`))?.split("=")[1] ?? "";
    writeFileSync(join(to, "tool.tgz"), content);
    return {};
  };
const npm = delivers("pack-destination", CONTENT);
const pip = delivers("dest", "wheel");

describe("fetching releases", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  const setup = (programs: Record<string, FakeProgram>, releases: Release[]) => {
    const mirror = join(folder(), "mirror");
    const { run, calls } = fakeRun(programs);
    const machine = { platform: "linux", root: false, family: ["debian"] } as const;
    const options: FetchOptions = {
      releases,
      mirror,
      progress: () => {},
      run,
      machine: { ...machine, family: ["debian"] },
      bundle: () => Buffer.from(CONTENT),
    };
    return { mirror, calls, options };
  };

  it("asks each registry's own client, and keeps files by their hash", async () => {
    const { mirror, calls, options } = setup({ npm, python3: pip }, [NPM, PYPI]);
    expect(await fetchReleases(options)).eql({ fetched: 2 });
    expect(readdirSync(mirror)).have.members([NPM.sha256, PYPI.sha256]).and.length(2);
    expect(readFileSync(join(mirror, PYPI.sha256), "utf8")).equal("wheel");
    expect(statSync(join(mirror, NPM.sha256)).mode & 0o777).equal(0o644);
    expect(calls.find((call) => call.startsWith("npm"))).match(
      /^npm pack @scope\/tool@1\.2\.3 --pack-destination=/,
    );
    expect(calls.find((call) => call.startsWith("python3")))
      .contain("-m pip download")
      .contain("--no-deps --only-binary=:all:")
      .contain("--python-version=3.11 --platform=manylinux_2_31_x86_64 tool==1.2.3");
  });

  it("fetches nothing twice, but replaces what has changed in the mirror", async () => {
    const { mirror, calls, options } = setup({ npm }, [NPM]);
    await fetchReleases(options);
    expect(await fetchReleases(options)).eql({ fetched: 0 });
    writeFileSync(join(mirror, NPM.sha256), "rotten");
    expect(await fetchReleases(options)).eql({ fetched: 1 });
    expect(calls).length(2);
    expect(readFileSync(join(mirror, NPM.sha256), "utf8")).equal(CONTENT);
  });

  for (const [what, content] of [
    ["other bytes", "malware"],
    ["a truncated file", CONTENT.slice(0, 5)],
    ["an empty file", ""],
  ] as const) {
    it(`lets ${what} not into the mirror, and tells what was expected and found`, async () => {
      const { mirror, options } = setup({ npm: delivers("pack-destination", content), python3: pip }, [
        NPM,
        PYPI,
      ]);
      const message = await userError(fetchReleases(options));
      for (const part of ["npm 1.2.3", NPM.sha256, hashOf(content), "npm @scope/tool@1.2.3", "Remedy"]) {
        expect(message).contain(part);
      }
      expect(readdirSync(mirror)).eql([PYPI.sha256]);
    });
  }

  it("goes on after a run that was killed in the middle", async () => {
    const { mirror, options } = setup({ npm }, [NPM]);
    mkdirSync(join(mirror, "incoming-999999999-npm"), { recursive: true });
    writeFileSync(join(mirror, "incoming-999999999-npm", "tool.tgz"), CONTENT.slice(0, 3));
    expect(await fetchReleases(options)).eql({ fetched: 1 });
    expect(readdirSync(mirror)).eql([NPM.sha256]);
  });

  it("leaves nothing half fetched when it is interrupted", async () => {
    const stop = new AbortController();
    const { mirror, options } = setup(
      {
        npm: (words, options) => {
          stop.abort();
          return npm(words, options);
        },
      },
      [NPM],
    );
    const ended = await fetchReleases({ ...options, signal: stop.signal }).catch(
      (cause: Error) => cause.name,
    );
    expect(ended).equal("AbortError");
    expect(readdirSync(mirror)).eql([]);
  });

  it("tells of every registry that does not answer, with its client's own words", async () => {
    const { options } = setup(
      {
        npm: () => ({ status: 1, stderr: "npm error code ENOTFOUND\n" }),
        python3: () => ({ status: 1, stderr: "ERROR: No matching distribution found for tool==1.2.3\n" }),
      },
      [NPM, PYPI],
    );
    expect(await userError(fetchReleases(options)))
      .contain("ENOTFOUND")
      .and.contain("No matching distribution");
  });

  it("uses pip3 where python3 has no pip, and says what to install where there is neither", async () => {
    const python3: FakeProgram = () => ({ status: 1, stderr: "/usr/bin/python3: No module named pip\n" });
    expect(await fetchReleases(setup({ python3, pip3: pip }, [PYPI]).options)).eql({ fetched: 1 });
    const message = await userError(fetchReleases(setup({ python3 }, [PYPI]).options));
    expect(message).contain("sudo apt-get install python3-pip");
  });

  it("tells the folder when the disk is full", async () => {
    const { mirror, options } = setup(
      { npm: () => ({ status: 1, stderr: "npm error nospc ENOSPC: no space left on device, write\n" }) },
      [NPM],
    );
    expect(await userError(fetchReleases(options)))
      .contain(mirror)
      .and.contain("MB")
      .and.contain("too full");
  });

  it("puts what is built from this repository in as well", async () => {
    const { mirror, options } = setup({}, [release({ kind: "project", entry: "agent/main.ts" })]);
    expect(await fetchReleases(options)).eql({ fetched: 1 });
    expect(readFileSync(join(mirror, hashOf(CONTENT)), "utf8")).equal(CONTENT);
  });

  it("takes a file from a URL, and not a server's error page", async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/tool" ? 200 : 404;
      response.end(request.url === "/tool" ? CONTENT : "not found");
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const good = setup({}, [release({ kind: "url", url: `${base}/tool` })]);
    expect(await fetchReleases(good.options)).eql({ fetched: 1 });
    const bad = setup({}, [release({ kind: "url", url: `${base}/gone` })]);
    expect(await userError(fetchReleases(bad.options))).contain("404");
    expect(existsSync(join(bad.mirror, hashOf(CONTENT)))).equal(false);
  });

  it("packs a real package with npm", async function () {
    const source = join(folder(), "package");
    mkdirSync(source);
    writeFileSync(join(source, "package.json"), JSON.stringify({ name: "tiny", version: "1.2.3" }));
    const probe = folder();
    const packed = await runCommand("npm", ["pack", source, `--pack-destination=${probe}`]);
    if (packed.status === 127) this.skip();
    const sha256 = hashOf(readFileSync(join(probe, "tiny-1.2.3.tgz")));
    // npm packs a folder as it packs a package of its registry, which a test may not have.
    const run: Run = (program, words, options) =>
      runCommand(
        program,
        words.map((word) => (word === "tiny@1.2.3" ? source : word)),
        options,
      );
    const { mirror, options } = setup({}, [release({ kind: "npm", package: "tiny" }, { sha256 })]);
    expect(await fetchReleases({ ...options, run })).eql({ fetched: 1 });
    expect(readdirSync(mirror)).eql([sha256]);
  });
});
