import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { TransferError, transfer } from "../../../lab/releases/transfer";
import { temporaryFolders } from "../docker/temporary";
import { answers, fileServer, gives } from "./file-server";

const CONTENT = Buffer.from("0123456789".repeat(1000));
const folder = temporaryFolders();

describe("a transfer", () => {
  let server: Awaited<ReturnType<typeof fileServer>>;
  let to: string;
  beforeEach(async () => {
    server = await fileServer({ "/file": gives(CONTENT) });
    to = join(folder(), "file");
  });
  afterEach(() => server.close());
  const bring = (path = "/file") => transfer(server.url(path), to, { pauseMs: 1 });

  for (const [name, begun, ranges] of [
    ["begins with an empty file", 0, [""]],
    ["goes on where the file ends", 1234, [" bytes=1234-"]],
    ["asks for nothing more than whether it is whole", CONTENT.length, [` bytes=${CONTENT.length}-`]],
    // Longer than the file there: what lies here is of another one.
    ["begins anew with a file of another length", CONTENT.length + 5, [` bytes=${CONTENT.length + 5}-`, ""]],
  ] as const)
    it(name, async () => {
      writeFileSync(to, Buffer.concat([CONTENT, CONTENT]).subarray(0, begun));
      await bring();
      expect(readFileSync(to).equals(CONTENT)).to.equal(true);
      expect(server.requests).to.deep.equal(ranges.map((range) => `/file${range}`));
    });

  it("takes the whole from a server that knows no ranges", async () => {
    server.paths["/file"] = (_, response) => void response.writeHead(200).end(CONTENT);
    writeFileSync(to, "something else");
    await bring();
    expect(readFileSync(to).equals(CONTENT)).to.equal(true);
  });

  it("asks a server that is busy again, and one that refuses only once", async () => {
    let asked = 0;
    server.paths["/busy"] = (request, response) =>
      (++asked < 3 ? answers(503) : gives(CONTENT))(request, response);
    await bring("/busy");
    expect(asked).to.equal(3);
    server.paths["/no"] = answers(403);
    server.requests.length = 0;
    const error = await bring("/no").catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(TransferError).with.property("isFinal", true);
    expect(server.requests).to.have.length(1);
  });

  it("ends when it is told to", async () => {
    const end = new AbortController();
    server.paths["/slow"] = (_, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("0", () => end.abort(new Error("enough")));
    };
    const error = await transfer(server.url("/slow"), to, { signal: end.signal }).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.have.property("message", "enough");
  });
});
