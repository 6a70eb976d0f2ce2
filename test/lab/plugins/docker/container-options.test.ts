import { expect } from "chai";
import {
  changeableOptions,
  containerOptions,
  furtherNetworks,
} from "../../../../lab/plugins/docker/container-options";
import type { ContainerInputs } from "../../../../lab/plugins/docker/container-schema";
import { networkOptions } from "../../../../lab/plugins/docker/network";
import type { Properties } from "../../../../lab/plugins/value";

const MB = 1024 * 1024;
const base = { name: "host", image: "base:1" };

function hostConfig(inputs: Partial<ContainerInputs>) {
  return containerOptions({ ...base, ...inputs }).HostConfig;
}

const hostConfigs: { name: string; inputs: Partial<ContainerInputs>; config: Properties }[] = [
  {
    name: "a published port",
    inputs: { ports: [{ internal: 22, external: 2222 }] },
    config: { PortBindings: { "22/tcp": [{ HostIp: "0.0.0.0", HostPort: "2222" }] } },
  },
  {
    name: "one port on two addresses",
    inputs: {
      ports: [
        { internal: 53, external: 53, ip: "127.0.0.1", protocol: "udp" },
        { internal: 53, external: 53, ip: "::1", protocol: "udp" },
      ],
    },
    config: {
      PortBindings: {
        "53/udp": [
          { HostIp: "127.0.0.1", HostPort: "53" },
          { HostIp: "::1", HostPort: "53" },
        ],
      },
    },
  },
  {
    name: "volumes",
    inputs: {
      volumes: [
        { volumeName: "data", containerPath: "/data" },
        { hostPath: "/srv", containerPath: "/srv", readOnly: true },
        { fromContainer: "other" },
      ],
    },
    config: { Binds: ["data:/data", "/srv:/srv:ro"], VolumesFrom: ["other:rw"] },
  },
  {
    name: "mounts",
    inputs: { mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: { sizeBytes: 10 } }] },
    config: {
      Mounts: [{ Type: "tmpfs", Target: "/t", Source: "", TmpfsOptions: { SizeBytes: 10, Mode: 0o1777 } }],
    },
  },
  {
    name: "limits",
    inputs: { memory: 64, cpus: "1.5", restart: "on-failure", maxRetryCount: 3 },
    config: {
      Memory: 64 * MB,
      MemorySwap: 128 * MB,
      NanoCpus: 1.5e9,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
    },
  },
  {
    name: "security",
    inputs: {
      securityOpts: ["seccomp=unconfined", "systempaths=unconfined"],
      capabilities: { adds: ["NET_ADMIN"], drops: ["CHOWN"] },
      cgroupnsMode: "private",
    },
    config: {
      SecurityOpt: ["seccomp=unconfined"],
      MaskedPaths: [],
      ReadonlyPaths: [],
      CapAdd: ["NET_ADMIN"],
      CapDrop: ["CHOWN"],
      CgroupnsMode: "private",
    },
  },
  {
    name: "names and limits of processes",
    inputs: {
      hosts: [{ host: "a", ip: "10.0.0.1" }],
      dns: ["10.0.0.2"],
      ulimits: [{ name: "nofile", soft: 1, hard: 2 }],
      sysctls: { "net.ipv4.ip_forward": "1" },
      init: true,
    },
    config: {
      ExtraHosts: ["a:10.0.0.1"],
      Dns: ["10.0.0.2"],
      Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
      Sysctls: { "net.ipv4.ip_forward": "1" },
      Init: true,
    },
  },
];

describe("what the daemon is asked to create", () => {
  for (const { name, inputs, config } of hostConfigs) {
    it(`for ${name}`, () => expect(hostConfig(inputs)).to.deep.include(config));
  }

  options();
});

function options() {
  it("for networks: the first at creation, the others before the start", () => {
    const networksAdvanced = [
      { name: "outside", aliases: ["a"] },
      { name: "inside", ipv4Address: "10.0.0.9", ipv6Address: "fd00::9" },
    ];
    const options = containerOptions({ ...base, networksAdvanced });
    expect(options.NetworkingConfig).to.deep.equal({ EndpointsConfig: { outside: { Aliases: ["a"] } } });
    expect(options.HostConfig?.NetworkMode).to.equal("outside");
    const settings = { Aliases: [], IPAMConfig: { IPv4Address: "10.0.0.9", IPv6Address: "fd00::9" } };
    expect(furtherNetworks({ ...base, networksAdvanced })).to.deep.equal([{ name: "inside", settings }]);
  });

  it("for a health check, with times in nanoseconds", () => {
    const { Healthcheck } = containerOptions({
      ...base,
      healthcheck: { tests: ["CMD", "true"], interval: "1m30s", timeout: "500ms", retries: 2 },
    });
    expect(Healthcheck).to.deep.equal({ Test: ["CMD", "true"], Interval: 90e9, Timeout: 5e8, Retries: 2 });
  });

  it("without the contents of uploads, which travel in an archive", () => {
    const options = containerOptions({ ...base, uploads: [{ file: "/key", content: "hidden" }] });
    expect(JSON.stringify(options)).not.to.contain("hidden");
  });

  it("for a network", () => {
    const options = networkOptions({
      name: "inside",
      internal: true,
      ipv6: true,
      ipamConfigs: [{ subnet: "fd00::/64" }],
      labels: [{ label: "a", value: "b" }],
    });
    expect(options).to.deep.include({
      Driver: "bridge",
      Internal: true,
      EnableIPv6: true,
      Labels: { a: "b" },
    });
    expect(options.IPAM?.Config).to.deep.equal([{ Subnet: "fd00::/64" }]);
  });

  it("of an update: only limits and policy", () => {
    expect(changeableOptions({ ...base, hostname: "x", memory: 1 })).to.have.all.keys(
      "RestartPolicy",
      "Memory",
      "MemorySwap",
    );
  });
}
