import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { download } from "../../agent/download";
import { HostError } from "../../agent/system";
import { FakeHost } from "./fake-host";

const content = Buffer.alloc(300_000, "block");
const sha256 = createHash("sha256").update(content).digest("hex");

describe("download", () => {
  let host: FakeHost;
  let server: Server;
  let requests: string[];
  let respond: RequestListener;
  beforeEach(async () => {
    host = new FakeHost();
    requests = [];
    server = createServer((request, response) => {
      requests.push(request.url ?? "");
      respond(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    host.remove();
  });
  const mirror = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
  const fetched = () =>
    download(host.system, mirror(), sha256, "/var/cache/x").catch((error: unknown) => error);

  it("fetches by hash, below the mirror's own path", async () => {
    respond = (_, response) => response.end(content);
    expect(await fetched()).to.equal(undefined);
    expect(requests).to.deep.equal([`/mirror/${sha256}`]);
    expect(host.read("/var/cache/x")).to.equal(content.toString());
  });

  it("tries again after a broken connection", async () => {
    respond = (_, response) => {
      if (requests.length > 1) return response.end(content);
      response.writeHead(200, { "content-length": content.length });
      return response.write(content.subarray(0, 1000), () => response.destroy());
    };
    expect(await fetched()).to.equal(undefined);
    expect(requests).to.have.lengthOf(2);
  });

  it("keeps nothing that has another hash", async () => {
    respond = (_, response) => response.end("something else");
    expect(await fetched())
      .to.be.instanceOf(HostError)
      .with.property("message")
      .that.includes("holds something else");
    expect(host.list("/var/cache")).to.deep.equal([]);
  });

  it("says at once what the mirror does not have", async () => {
    respond = (_, response) => response.writeHead(404).end();
    expect(await fetched())
      .to.be.instanceOf(HostError)
      .with.property("message")
      .that.includes("answers 404");
    expect(requests).to.have.lengthOf(1);
  });

  it("reads a mirror on the host's own disk", async () => {
    host.write(`/mirror/${sha256}`, content);
    await download(host.system, "file:///mirror", sha256, "/var/cache/x");
    expect(host.read("/var/cache/x")).to.equal(content.toString());
    const missing = await download(host.system, "file:///none", sha256, "/var/cache/y").catch(
      (error: unknown) => error,
    );
    expect(missing).to.be.instanceOf(HostError).with.property("message").that.includes("does not have it");
  });
});
