import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { decodeBundle } from "../../agent/bundle";
import { RefusedError } from "../../agent/guard";
import { preflight } from "../../agent/preflight";
import { hostStatus } from "../../agent/status";
import type { HostDocument, Preflight } from "../../cloud-init/document";
import { PEERS_FILE } from "../../components/core/services/nodeos-peers";
import { document, FakeHost, file, unit } from "./fake-host";
import { artifact } from "./packed-artifact";

const FLOOR: Preflight["floor"] = {
  ...{ cores: 8, clock: 3, memory: "64 GB", ecc: true, disk: "2 TB" },
  source: "the plan",
};
const asks = (changes: Partial<Preflight> = {}): Preflight => ({
  floor: FLOOR,
  ports: [{ name: "http", protocol: "tcp", port: 8888 }],
  ...changes,
});

describe("preflight", () => {
  let host: FakeHost;
  const good = (changes: Partial<HostDocument> = {}) =>
    document({ files: [file("a", "1")], units: [unit("a")], preflight: asks(), ...changes });
  beforeEach(() => {
    host = new FakeHost();
  });
  afterEach(() => host.remove());

  const look = (wanted: HostDocument) =>
    preflight(host.system, decodeBundle(Buffer.from(JSON.stringify(wanted)), "test"));
  const refusal = async (wanted: HostDocument) => {
    const reason: unknown = await host.provision(wanted).catch((error: unknown) => error);
    expect(reason).to.be.instanceOf(RefusedError);
    return String(reason);
  };

  it("of a host that is as it shall be is in the status, with what it is", async () => {
    expect((await host.provision(good())).result).to.equal("ok");
    const found = (await hostStatus(host.system)).preflight;
    expect(found?.verdict).to.equal("ok");
    expect(found?.checks.find(({ name }) => name === "memory_gb")).to.deep.equal({
      ...{ name: "memory_gb", verdict: "ok", found: "125.6", needed: "60" },
    });
    expect(found?.facts).to.include({ gzip_mb_per_s: "41.0", kernel: "6.1.0-40-amd64" });
  });

  const REFUSED: [name: string, facts: FakeHost["facts"], says: RegExp][] = [
    ["memory", { memory_gb: "31.2" }, /memory is 31\.2 GB: rpc needs 64 GB \(the plan\); .*belowFloor/],
    ["cores", { cores: "4" }, /cores are 4: rpc needs 8/],
    ["the cores' clock", { clock_mhz: "2100" }, /a core runs at 2100 MHz: rpc needs 3 GHz/],
    ["ECC", { ecc: "no" }, /no ECC: no is all/],
    ["the disk's size", { room_gb: "900.0" }, /\/data has room for 900\.0 GB: rpc needs 2 TB/],
    [
      "the disk's kind",
      { rotational: "/dev/sda" },
      /the disk \/dev\/sda below \/data turns: rpc needs an SSD/,
    ],
    ["the processor", { arch: "aarch64" }, /the processor is aarch64/],
    ["systemd", { systemd: "245" }, /systemd is 245: services need 247/],
    ["the kernel", { kernel: "4.19.0-26-amd64" }, /the kernel is 4\.19\.0-26-amd64: hosts need 5 or newer/],
    [
      "another host's machine",
      { bundle: "test/other" },
      /is a host already, test\/other, and this is for test\/h1/,
    ],
    [
      "a port that is taken",
      { port: ["tcp/22 sshd\tssh.service", "tcp/8888 nginx\tnginx.service"] },
      /port 8888 \(http\) is taken by nginx \(nginx\.service\): stop it, or choose another port/,
    ],
    [
      "a port that the kernel has",
      { port: "tcp/8888 another program\t" },
      /port 8888 \(http\) is taken by another program/,
    ],
  ];
  for (const [name, facts, says] of REFUSED)
    it(`refuses for ${name}, and nothing is changed`, async () => {
      Object.assign(host.facts, facts);
      expect(await refusal(good())).to.match(says);
      expect(host.takeActions()).to.deep.equal([]);
      expect(host.has("/etc/nodewright")).to.equal(false);
    });

  it("says every reason at once, and a dry run says them too", async () => {
    Object.assign(host.facts, { memory_gb: "1.0", cores: "1" });
    expect((await refusal(good())).split("\n")).to.have.length(2);
    const { steps } = await host.provision(good(), { isDryRun: true });
    const said = steps.flatMap(({ failed }) => failed.map(({ reason }) => reason));
    expect(said.join()).to.include("memory is 1.0 GB").and.include("cores are 1");
  });

  it("only warns of a floor that the stack overrules, and says why", async () => {
    Object.assign(host.facts, { memory_gb: "31.2" });
    const overruled = good({ preflight: asks({ belowFloor: "a rehearsal" }) });
    expect((await host.provision(overruled)).result).to.equal("ok");
    const found = (await hostStatus(host.system)).preflight;
    expect(found?.verdict).to.equal("warning");
    expect(found?.checks.find(({ name }) => name === "memory_gb")?.detail).to.include("a rehearsal");
  });

  it("takes ports that units of this and of earlier documents listen on, and those that it will mask", async () => {
    await host.provision(good());
    for (const owner of ["a.service", "old.service", "haproxy.service"]) {
      await host.provision(
        good({ units: [unit("a"), unit("old")], files: [file("a", "1"), file("old", "1")] }),
      );
      host.facts.port = `tcp/8888 x\t${owner}`;
      const next = good({ files: [file("a", owner)], masked: ["haproxy.service"] });
      expect((await host.provision(next)).result, owner).to.equal("ok");
      host.facts.port = [];
    }
  });

  it("measures a thread's speed once, and spares a host that serves", async () => {
    await host.provision(good());
    host.facts.gzip_mb_per_s = [];
    await host.provision(good({ files: [file("a", "2")] }));
    expect(host.asked.map(([, quiet]) => quiet)).to.deep.equal(["", "quiet"]);
    expect((await hostStatus(host.system)).preflight?.facts.gzip_mb_per_s).to.equal("41.0");
  });

  it("is not made by a run that changes nothing", async () => {
    await host.provision(good());
    await host.provision(good());
    expect(host.asked).to.have.length(1);
  });

  it("warns of a clock that is off, and of one that nobody keeps", async () => {
    Object.assign(host.facts, { clock_behind: "7", clock_ahead: "-7", clock_synchronised: "no" });
    const found = await look(good());
    expect(found?.verdict).to.equal("warning");
    expect(
      found?.checks.filter(({ verdict }) => verdict === "warning").map(({ detail }) => detail),
    ).to.deep.equal([
      "the clock is not synchronised: run chrony or systemd-timesyncd",
      "the clock is 7 s behind the mirror's: synchronise both",
    ]);
  });

  describe("of the way to the mirror", () => {
    let server: Server;
    let status: number;
    let mirror: string;
    beforeEach(async () => {
      status = 200;
      server = createServer(
        (_, response) => void response.writeHead(status, { "content-length": 1_000_000 }).end(),
      );
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      host.time = new Date();
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });
    const programs = { tool: { path: "package/run", args: [], env: {} } };
    const wanted = () => good({ mirror, artifacts: [artifact(host, { run: "1" }, { programs })] });
    const mirrorCheck = async () => (await look(wanted()))?.checks.find(({ name }) => name === "mirror");

    it("is content where it has what is missing", async () => {
      expect(await mirrorCheck()).to.deep.include({ verdict: "ok" });
    });

    it("asks for nothing where nothing is missing", async () => {
      const found = await look(good({ mirror }));
      expect(found?.checks.find(({ name }) => name === "mirror")?.found).to.include("not needed");
    });

    it("refuses one that lacks an artifact, before anything is changed", async () => {
      status = 404;
      expect(await refusal(wanted())).to.match(
        /cannot give tool 1 \(it answers 404\): fill it \(npm run mirror\)/,
      );
      expect(host.takeActions()).to.deep.equal([]);
    });

    it("refuses one that does not answer, after some tries", async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const started = host.time.getTime();
      expect(await refusal(wanted())).to.match(/no answer: .*: is the mirror up/);
      expect(host.time.getTime() - started).to.equal(4_000);
    });

    it("refuses where what is missing would fill the disk", async () => {
      host.room = { freeBytes: 3e6, totalBytes: 100e9 };
      const found = await look(wanted());
      expect(found?.checks.find(({ name }) => name === "room for artifacts")).to.deep.include({
        ...{ verdict: "refused", found: "3 MB", needed: "4 MB" },
      });
    });
  });

  it("says when no peer takes a connection, and waits for none", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const peers = (...list: string[]) =>
      good({
        units: [unit("a", { reads: [] })],
        files: [
          {
            path: PEERS_FILE,
            content: JSON.stringify({
              ...{ host: "h", control: "http://127.0.0.1:8890", most: 25 },
              ...{ always: list, others: [], dnsSeeds: [] },
            }),
            mode: "0644",
          },
        ],
      });
    const check = async (wanted: HostDocument) =>
      (await look(wanted))?.checks.find(({ name }) => name === "peers");
    expect(await check(peers(`127.0.0.1:${port}`, "127.0.0.1:1"))).to.deep.include({
      ...{ verdict: "ok", found: "1 of 2 take connections" },
    });
    expect(await check(peers("127.0.0.1:1"))).to.deep.include({ verdict: "warning" });
    silent.close();
  });
});
