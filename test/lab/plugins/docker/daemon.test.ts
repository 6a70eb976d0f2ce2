import { expect } from "chai";
import { overlappingNetworks, takenPorts } from "../../../../lab/plugins/docker/conflicts";
import { connectDaemon, daemonHost, explainDaemon } from "../../../../lab/plugins/docker/daemon";
import { isOwn } from "../../../../lab/plugins/docker/labels";
import { tarArchive } from "../../../../lab/plugins/docker/tar";

describe("what stands in the way", () => {
  const networks = [
    { Name: "lan", IPAM: { Config: [{ Subnet: "10.1.0.0/16" }] } },
    { Name: "six", IPAM: { Config: [{ Subnet: "fd00:1::/32" }] } },
  ];
  it("names the networks that hold an address of the subnets", () => {
    expect(overlappingNetworks(["10.1.2.0/24", "fd00:1:5::/64"], networks)).to.deep.equal(["lan", "six"]);
    expect(overlappingNetworks(["10.0.0.0/8"], networks)).to.deep.equal(["lan"]);
    expect(overlappingNetworks(["10.2.0.0/16"], networks)).to.deep.equal([]);
  });

  it("names the container that publishes a port", () => {
    const containers = [
      { Names: ["/web"], Ports: [{ IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" }] },
    ];
    expect(takenPorts([{ external: 8080 }, { external: 8080, protocol: "udp" }], containers)).to.deep.equal([
      "8080/tcp by web",
    ]);
  });

  it("takes a leftover for its own only by labels", () => {
    expect(isOwn({ a: "1" }, { a: "1" })).to.equal(true);
    expect(isOwn({ a: "1" }, { a: "1", image: "x" }, { image: "x" })).to.equal(true);
    expect(isOwn({ a: "1" }, { a: "1", b: "2" })).to.equal(false);
    expect(isOwn({}, {})).to.equal(false);
  });
});

describe("the daemon's address", () => {
  it("is the provider's, else DOCKER_HOST, else the system's socket", () => {
    const environment = { DOCKER_HOST: "tcp://10.0.0.1:2375" };
    expect(daemonHost("unix:///a", environment)).to.equal("unix:///a");
    expect(daemonHost(undefined, environment)).to.equal("tcp://10.0.0.1:2375");
    expect(daemonHost(undefined, {})).to.equal("unix:///var/run/docker.sock");
  });

  it("is refused in another form, and named when nothing answers there", async () => {
    expect(() => connectDaemon("ssh://host")).to.throw("neither unix:///path nor tcp://name:port");
    const error: unknown = await connectDaemon("unix:///no/such.sock")
      .version()
      .catch((caught: unknown) => caught);
    expect(explainDaemon(error, "unix:///no/such.sock")).to.match(
      /no Docker daemon answers at unix:\/\/\/no\/such.sock \(ENOENT\)/,
    );
  });
});

describe("the upload archive", () => {
  it("refuses a path that ustar cannot hold", () => {
    const entry = { content: Buffer.alloc(0), mode: 0o644, uid: 0, gid: 0 };
    expect(() => tarArchive([{ ...entry, file: `/${"x".repeat(120)}` }])).to.throw("too long");
  });
});
