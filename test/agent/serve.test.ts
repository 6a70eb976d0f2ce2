import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { parseAddress, serve } from "../../agent/serve";
import { HostError } from "../../agent/system";
import { document, FakeHost, unit } from "./fake-host";

describe("serve", () => {
  let host: FakeHost;
  let servers: Server[] = [];
  let base: string;
  const shows = () => host.commands.filter((line) => line.startsWith("systemctl show")).length;
  const get = async (path: string, method = "GET") => {
    const response = await fetch(`${base}${path}`, { method });
    return { code: response.status, type: response.headers.get("content-type"), body: await response.text() };
  };
  const open = async () => {
    servers = await serve(host.system, [{ host: "127.0.0.1", port: 0 }]);
    const [port] = servers.map((server) => (server.address() as AddressInfo).port);
    base = `http://127.0.0.1:${port}`;
  };
  beforeEach(async () => {
    host = new FakeHost();
    await host.provision(
      document({ units: [unit("a", { reads: [] }), unit("c", { reads: [], secrets: ["key"] })] }),
    );
  });
  afterEach(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    host.remove();
  });

  it("tells the status, the health and the metrics", async () => {
    await open();
    const status = JSON.parse((await get("/status")).body);
    expect(status).to.deep.include({ host: "h1", role: "rpc", stack: "test" });
    expect(status.lastProvision).to.include({ result: "ok", bundle: status.bundle });
    expect(
      status.services.map(({ unit, state, healthy }: Record<string, unknown>) => [unit, state, healthy]),
    ).to.deep.equal([
      ["a.service", "active", true],
      ["c.service", "waiting for secret key", false],
    ]);
    expect(await get("/healthz")).to.deep.include({ code: 503, body: "c.service: waiting for secret key\n" });
    const { body, type } = await get("/metrics");
    expect(type).to.include("version=0.0.4");
    expect(body.split("\n")).to.include.members([
      'nodewright_up{service="a",unit="a.service"} 1',
      'nodewright_up{service="c",unit="c.service"} 0',
      'nodewright_unit_waiting{service="c",unit="c.service"} 1',
      "nodewright_last_provision_success 1",
    ]);
    for (const line of body.trim().split("\n"))
      expect(line).to.match(/^(# (HELP|TYPE) .+|nodewright_\w+(\{.*\})? -?[\d.e+]+)$/);
  });

  it("looks at the host once for many requests, and knows no other path and method", async () => {
    await open();
    const before = shows();
    await Promise.all(Array.from({ length: 20 }, () => get("/metrics")));
    expect(shows() - before).to.equal(1);
    expect((await get("/etc/passwd")).code).to.equal(404);
    expect((await get("/status", "POST")).code).to.equal(405);
  });

  it("is healthy when all is well", async () => {
    await host.provision(document({ units: [unit("a", { reads: [] })] }));
    await open();
    expect(await get("/healthz")).to.deep.include({ code: 200 });
  });

  it("says so on a host without a bundle", async () => {
    host.remove();
    await open();
    expect(await get("/status")).to.deep.include({
      code: 503,
      body: "this host has no bundle yet: provision it first\n",
    });
  });

  it("reads addresses", () => {
    expect(parseAddress("10.0.0.1:9400")).to.deep.equal({ host: "10.0.0.1", port: 9400 });
    expect(parseAddress("[fd00::1]:9400")).to.deep.equal({ host: "fd00::1", port: 9400 });
    for (const wrong of ["9400", "10.0.0.1", "fd00::1:9400", "x:99999"])
      expect(() => parseAddress(wrong), wrong).to.throw(HostError);
  });
});
