import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { connectDocker } from "../../../lab/docker/endpoint";
import { type HostImageOptions, prepareHostImage } from "../../../lab/image/build";
import { HOST_IMAGE, imageTag, recipeHash } from "../../../lab/image/recipe";
import { type FakeProgram, fakeRun } from "../docker/fake-run";
import { userError } from "../docker/rejection";
import { temporaryFolders } from "../docker/temporary";

const TAG = imageTag(HOST_IMAGE);
const DEBIAN = { platform: "linux", root: true, family: ["debian"] } satisfies HostImageOptions["machine"];

const folder = temporaryFolders();

/** A daemon that keeps images by name, and takes what is imported or built. */
async function imageDaemon(socket: string, { refuses }: { refuses?: string } = {}) {
  const images = new Map<string, number>();
  const body = async (request: IncomingMessage) => {
    let size = 0;
    for await (const chunk of request) size += (chunk as Buffer).length;
    return size;
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://docker");
    const size = await body(request);
    if (request.method === "GET") {
      const known = images.has(decodeURIComponent(url.pathname).replace(/^\/images\/(.*)\/json$/, "$1"));
      response.statusCode = known ? 200 : 404;
      return response.end("{}");
    }
    if (refuses) return response.end(`${JSON.stringify({ error: refuses })}\r\n`);
    const { t, repo, tag } = Object.fromEntries(url.searchParams);
    images.set(t ?? `${repo}:${tag}`, size);
    response.end(`${JSON.stringify({ status: "done", stream: "Step 1/1" })}\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { server, images };
}

describe("the host image", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** mmdebstrap in its namespaces: `make` stands for what it does with the path of the tar. */
  const setup = async (make: (tar: string) => ReturnType<FakeProgram>, daemon?: { refuses?: string }) => {
    const root = folder();
    const { server, images } = await imageDaemon(`${root}/sock`, daemon);
    servers.push(server);
    const { run, calls } = fakeRun({
      "apt-get": () => ({}),
      setpriv: (words) => make(words[words.indexOf(HOST_IMAGE.suite) + 1] ?? ""),
    });
    const told: string[] = [];
    const options = {
      docker: connectDocker(`unix://${root}/sock`),
      cache: root,
      progress: (line: string) => void told.push(line),
      run,
      machine: DEBIAN,
      // Whatever the test machine has, nothing is to be installed on it.
      find: () => "/usr/bin/mmdebstrap",
    } satisfies HostImageOptions;
    return { root, images, calls, told, options, folder: join(root, "image") };
  };
  const write = (tar: string) => {
    writeFileSync(tar, "system");
    return {};
  };

  it("is built once, imported from its tar when Docker has lost it, and else left alone", async () => {
    const { options, images, calls } = await setup(write);
    expect(await prepareHostImage(options)).eql({ tag: TAG, origin: "built" });
    expect(images.get(TAG)).equal("system".length);
    expect((await prepareHostImage(options)).origin).equal("present");
    images.clear();
    expect((await prepareHostImage(options)).origin).equal("cached");
    expect(calls.filter((call) => call.startsWith("setpriv"))).length(1);
  });

  it("leaves nothing behind but its tar, and removes what a killed build and earlier recipes left", async () => {
    const { options, folder } = await setup(write);
    mkdirSync(join(folder, "unfinished-999999999", "mmdebstrap.x"), { recursive: true });
    writeFileSync(join(folder, "0123.tar"), "");
    await prepareHostImage(options);
    expect(readdirSync(folder)).eql([`${recipeHash(HOST_IMAGE)}.tar`]);
  });

  it("does not take half a tar for the whole when a build fails", async () => {
    const { options, folder } = await setup((tar) => {
      write(tar);
      return { status: 1, stderr: "E: apt-get update failed\n" };
    });
    expect(await userError(prepareHostImage(options))).contain("apt-get update failed");
    expect(readdirSync(folder)).eql([]);
  });

  it("tells the folder and the space that it needs when the disk is full", async () => {
    const full = { status: 25, stderr: "tar: write error: No space left on device\n" };
    const { options, folder } = await setup(() => full);
    expect(await userError(prepareHostImage(options)))
      .contain(folder)
      .and.contain("1500 MB");
    expect(readdirSync(folder)).eql([]);
  });

  it("cleans up when it is interrupted", async () => {
    const stop = new AbortController();
    const { options, folder } = await setup((tar) => {
      write(tar);
      stop.abort();
      return {};
    });
    const ended = await prepareHostImage({ ...options, signal: stop.signal }).catch(
      (cause: Error) => cause.name,
    );
    expect(ended).equal("AbortError");
    expect(readdirSync(folder)).eql([]);
  });

  it("keeps its tar when Docker refuses it, and says why", async () => {
    const { options, folder } = await setup(write, { refuses: "archive/tar: invalid tar header" });
    expect(await userError(prepareHostImage(options))).contain("invalid tar header");
    expect(readdirSync(folder)).length(1);
  });

  it("is built by Docker where no Debian system can be made", async () => {
    const { options, images, calls, folder } = await setup(write);
    const machine = { ...DEBIAN, root: false };
    expect((await prepareHostImage({ ...options, machine })).origin).equal("built");
    expect([...images.keys()]).eql([TAG]);
    expect(calls).eql([]);
    expect(readdirSync(folder)).eql([]);
  });

  it("gives its files modes that no umask changes", async () => {
    const modes: number[] = [];
    const { options } = await setup((tar) => {
      const etc = join(tar, "..", "overlay", "etc");
      modes.push(statSync(etc).mode & 0o777, statSync(join(etc, "cloud", "ds-identify.cfg")).mode & 0o777);
      return write(tar);
    });
    const before = process.umask(0o077);
    try {
      await prepareHostImage(options);
    } finally {
      process.umask(before);
    }
    expect(modes).eql([0o755, 0o644]);
    expect(existsSync(join(options.cache, "image"))).equal(true);
  });
});
