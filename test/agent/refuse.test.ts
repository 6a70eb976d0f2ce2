import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { readAudit } from "../../agent/audit";
import { RefusedError } from "../../agent/guard";
import { isOlder } from "../../agent/version-order";
import type { HostDocument, Signature } from "../../cloud-init/document";
import { document, FakeHost, file, unit } from "./fake-host";
import { artifact } from "./packed-artifact";

const programs = { tool: { path: "package/run", args: [], env: {} } };

describe("what a host refuses", () => {
  let host: FakeHost;
  const good = (changes: Partial<HostDocument> = {}) =>
    document({ files: [file("a", "1")], units: [unit("a")], ...changes });
  const next = (changes: Partial<HostDocument> = {}) => good({ files: [file("a", "2")], ...changes });
  beforeEach(async () => {
    host = new FakeHost();
    await host.provision(good());
    host.takeActions();
  });
  afterEach(() => host.remove());

  /** Whatever was refused: the service runs on, with what it had. */
  const expectUntouched = () => {
    expect(host.takeActions()).to.deep.equal([]);
    expect(host.running.get("a.service")?.files["a.conf"]).to.equal("1");
    expect(host.read("/etc/demo/a.conf")).to.equal("1");
  };
  const refusal = async (wanted: HostDocument) => {
    const before = host.read("/etc/nodewright/bundle.json");
    const reason: unknown = await host.provision(wanted).catch((error: unknown) => error);
    expect(reason).to.be.instanceOf(RefusedError);
    expect(host.read("/etc/nodewright/bundle.json")).to.equal(before);
    expectUntouched();
    return String(reason);
  };

  describe("an artifact", () => {
    const failureOf = async (wanted: HostDocument) => {
      const { steps, result } = await host.provision(wanted);
      expect(result).to.equal("failed");
      expectUntouched();
      expect(host.list("/")).to.not.include("opt");
      expect(host.list("/var/cache/nodewright")).to.deep.equal([]);
      return steps.find(({ name }) => name === "artifacts")?.failed[0]?.reason;
    };

    for (const [title, damage] of [
      [
        "corrupted",
        (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte))),
      ],
      ["truncated", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
      ["swapped or downgraded", () => Buffer.from("another build")],
      ["empty", () => Buffer.alloc(0)],
    ] as const)
      it(`that is ${title}`, async () => {
        const tool = artifact(host, { run: "2" }, { programs });
        host.write(`/mirror/${tool.sha256}`, damage(host.readBytes(`/mirror/${tool.sha256}`)));
        expect(await failureOf(next({ artifacts: [tool] }))).to.include("put the pinned file there");
      });

    it("that the mirror does not have", async () => {
      const tool = artifact(host, { run: "2" }, { programs });
      host.erase(`/mirror/${tool.sha256}`);
      const reason = await host.provision(next({ artifacts: [tool] }));
      expectUntouched();
      expect(reason.steps.find(({ name }) => name === "artifacts")?.failed[0]?.reason).to.include(
        "the mirror does not have it",
      );
    });

    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const spki = publicKey.export({ format: "der", type: "spki" });
    const signed = (bytes: Buffer, key: Buffer = spki): Signature => ({
      key: key.toString("base64"),
      value: sign(null, bytes, privateKey).toString("base64"),
    });

    for (const [form, key] of [
      ["SPKI", spki],
      ["32 bytes", spki.subarray(12)],
    ] as const)
      it(`is taken with the right signature, its key as ${form}`, async () => {
        const tool = artifact(host, { run: "2" }, { programs });
        const signature = signed(host.readBytes(`/mirror/${tool.sha256}`), key);
        expect((await host.provision(good({ artifacts: [{ ...tool, signature }] }))).result).to.equal("ok");
      });

    it("whose signature is of other bytes, or by another key", async () => {
      const tool = artifact(host, { run: "2" }, { programs });
      const bytes = host.readBytes(`/mirror/${tool.sha256}`);
      const other = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" });
      for (const signature of [
        signed(Buffer.from("other")),
        signed(bytes, other),
        signed(bytes, other.subarray(12)),
      ])
        expect(await failureOf(next({ artifacts: [{ ...tool, signature }] }))).to.include(
          "its signature in the release lock does not fit",
        );
    });
  });

  describe("an older document", () => {
    const agent = (version: string) => ({
      ...artifact(host, { run: version }, { programs }),
      name: "nodewright-host",
      version,
    });

    it("that brings an older agent, but not in a rollback, nor when an operator says so", async () => {
      await host.provision(good({ artifacts: [agent("1.10.0")] }));
      host.takeActions();
      const older = next({ artifacts: [agent("1.9.9")] });
      expect(await refusal(older)).to.include("brings nodewright-host 1.9.9, the host has 1.10.0");
      expect((await host.provision(older, { origin: "rollback" })).result).to.equal("ok");
      await host.provision(good({ artifacts: [agent("1.10.0")] }));
      expect((await host.provision(older, { mayBeOlder: true })).result).to.equal("ok");
    });

    it("by its own revision", async () => {
      await host.provision(good({ revision: 7 }));
      host.takeActions();
      expect(await refusal(next({ revision: 6 }))).to.include("has revision 6, the host's is 7");
      expect((await host.provision(next({ revision: 8 }))).result).to.equal("ok");
    });

    const rows: [string, string, boolean][] = [
      ["1.9.9", "1.10.0", true],
      ["1.10.0", "1.9.9", false],
      ["1.0", "1.0.0", false],
      ["v1.0.0", "1.0.1", true],
      ["1.2.0-rc1", "1.2.0", true],
      ["1.2.0", "1.2.0-rc1", false],
      ["1.2.0-rc2", "1.2.0-rc10", true],
      ["1.0.0+b2", "1.0.0+b1", false],
    ];
    for (const [one, other, expected] of rows)
      it(`${one} ${expected ? "comes before" : "is not older than"} ${other}`, () =>
        expect(isOlder(one, other)).to.equal(expected));
  });

  describe("a wrong clock", () => {
    it("from before the program was made", async () => {
      host.time = new Date("1970-01-01T00:01:00Z");
      expect(await refusal(next())).to.include("before this program was made; set it (`timedatectl`");
    });

    it("more than an hour from the mirror's", async () => {
      let date = "";
      const server = createServer((_, response) => response.writeHead(404, { date }).end()).listen(
        0,
        "127.0.0.1",
      );
      await once(server, "listening");
      const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`;
      host.time = new Date("2026-06-01T00:00:00Z");
      try {
        for (const hours of [3, -3]) {
          date = new Date(host.time.getTime() - hours * 3_600_000).toUTCString();
          expect(await refusal(next({ mirror }))).to.include(` ${hours}.0 h from the mirror's`);
        }
        date = new Date(host.time.getTime() - 1_800_000).toUTCString();
        expect((await host.provision(next({ mirror }))).result).to.equal("ok");
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  });

  it("a disk with no room, and says so in the trail", async () => {
    host.room = { freeBytes: 10e6, totalBytes: 100e9 };
    const reason = await refusal(next());
    expect(reason).to.include("32 MiB are needed").and.include("the disk is full: free some");
    expect((await readAudit(host.system)).at(-1)).to.include({ action: "refused", origin: "change" });
  });
});
