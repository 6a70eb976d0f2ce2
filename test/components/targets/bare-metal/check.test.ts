import { expect } from "chai";
import { judge, planOf, SAMPLE } from "./sample";

describe("the bare-metal target", () => {
  it("plans hosts on the machines that it was given", () => {
    const { hosts, cost } = planOf();
    expect(hosts.map(({ name, machine, zone }) => ({ name, machine, zone }))).to.deep.equal([
      { name: "seed-a", machine: "a machine of yours", zone: "rack-1" },
      { name: "validator-a", machine: "EPYC 9354P, 128 GB", zone: undefined },
    ]);
    expect(cost?.hosts.map(({ name, monthly }) => [name, monthly])).to.deep.include(["seed-a", 120]);
    const ssh = hosts[0]?.firewall.find(({ name }) => name === "ssh");
    expect(ssh?.from).to.deep.equal(["198.51.100.0/24", "2001:db8:1::/48"]);
  });

  const mistakes = [
    {
      about: "a host without a machine",
      change: (yaml: string) =>
        yaml.replace("  seed-a: { role: seed }", "  seed-a: { role: seed }\n  seed-b: { role: seed }"),
      path: "hosts.seed-b",
      message:
        /"seed-b" has no machine: write target\.bare-metal\.hosts\.seed-b\. Machines are written for: seed-a, validator-a/,
    },
    {
      about: "a machine without a host",
      change: (yaml: string) => yaml.replace(/\n {2}validator-a: \{.*\}/, ""),
      path: "target.bare-metal.hosts.validator-a",
      message: /no host of this stack/,
    },
    {
      about: "Alpine, with its reasons",
      change: (yaml: string) => yaml.replace("os: debian-12", "os: alpine-3"),
      path: "target.bare-metal.hosts.seed-a.os",
      message: /^Alpine Linux 3 cannot be a host: OpenRC.*musl.*Hosts run debian-12/,
    },
    {
      about: "an unknown operating system, with those that are known",
      change: (yaml: string) => yaml.replace("os: debian-12", "os: debian-11"),
      path: "target.bare-metal.hosts.seed-a.os",
      message: /"debian-11" is not one of them.*debian-12.*ubuntu-22.04.*rocky-9/,
    },
    {
      about: "what the RHEL family lacks",
      change: (yaml: string) => yaml.replace("os: debian-12", "os: rocky-9"),
      path: "target.bare-metal.hosts.seed-a.os",
      message: /^Rocky Linux 9 lacks something: SELinux/,
    },
    {
      about: "packages that its repositories do not have, by the host that needs them",
      change: (yaml: string) =>
        yaml.replace("os: debian-12", "os: rocky-9").replace("{ role: seed }", "{ role: monitor }"),
      path: "target.bare-metal.hosts.seed-a.os",
      message: /do not have prometheus.*, which seed-a needs: bring a repository .* one of debian-12/,
    },
    {
      about: "SSH from the whole world",
      change: (yaml: string) => yaml.replace("198.51.100.0/24", "0.0.0.0/1"),
      path: "target.bare-metal.admins[0]",
      message: /"0\.0\.0\.0\/1" is wider than \/8/,
    },
    {
      about: "an address outside the cluster network",
      change: (yaml: string) => yaml.replace("10.20.0.11", "10.21.0.11"),
      path: "target.bare-metal.hosts.validator-a.addresses.cluster.ipv4",
      message: /10\.21\.0\.11 is not in cluster\.ipv4, 10\.20\.0\.0\/16/,
    },
    {
      about: "two hosts on one machine",
      change: (yaml: string) => yaml.replace("203.0.113.11\n", "203.0.113.10\n"),
      path: "target.bare-metal.hosts.validator-a.address",
      message: /is that of "seed-a" too/,
    },
    {
      about: "a seed without a public address",
      change: (yaml: string) => yaml.replace("public: { ipv4: 203.0.113.10 }, ", ""),
      path: "hosts.seed-a",
      message: /a seed is reached by the world: write target\.bare-metal\.hosts\.seed-a\.addresses\.public/,
    },
    {
      about: "a machine type",
      change: (yaml: string) => yaml.replace("{ role: seed }", "{ role: seed, machine: m7i.large }"),
      path: "hosts.seed-a.machine",
      message: /no machine types/,
    },
    {
      about: "a host key that is none",
      change: (yaml: string) =>
        yaml.replace("hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0a", "hostKey: SHA256:abc"),
      path: "target.bare-metal.hosts.seed-a.hostKey",
      message: /is no host key: write a line of/,
    },
    {
      about: "a host key that is not given",
      change: (yaml: string) =>
        yaml.replace("        hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk0a\n", ""),
      path: "target.bare-metal.hosts.seed-a.hostKey",
      message: /is missing/,
    },
  ];
  for (const { about, change, path, message } of mistakes) {
    it(`tells of ${about}`, () => {
      const changed = change(SAMPLE);
      expect(changed).not.to.equal(SAMPLE);
      const { findings } = judge(changed);
      const told = findings.filter((finding) => finding.path === path).map((finding) => finding.message);
      expect(told.find((text) => message.test(text)) ?? told[0], JSON.stringify(findings, null, 1)).to.match(
        message,
      );
    });
  }
});
