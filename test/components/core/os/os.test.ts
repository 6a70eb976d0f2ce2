import { expect } from "chai";
import { detectSystem, operatingSystems, supportedNames } from "../../../../components/core/os";
import { packageManagers } from "../../../../components/core/os/package-manager";

const release = (id: string, version: string, extra = "") =>
  `PRETTY_NAME="Some System"\nNAME="Some"\nID=${id}\nVERSION_ID="${version}"\n${extra}`;

describe("operating systems", () => {
  const known = [
    { text: release("debian", "12"), name: "debian-12" },
    { text: release("ubuntu", "22.04", "ID_LIKE=debian\n"), name: "ubuntu-22.04" },
    { text: release("ubuntu", "24.04", "ID_LIKE=debian\n"), name: "ubuntu-24.04" },
    { text: release('"rocky"', "9.4", 'ID_LIKE="rhel centos fedora"\n'), name: "rocky-9" },
    { text: release('"almalinux"', "9.6"), name: "almalinux-9" },
    { text: release('"rhel"', "9.5"), name: "rhel-9" },
  ];
  for (const { text, name } of known) {
    it(`knows ${name} by its os-release`, () => {
      const found = detectSystem(text);
      expect("os" in found && found.os.name).to.equal(name);
    });
  }

  const unknown = [
    {
      text: release("debian", "11"),
      problem: /^the operating system is debian 11: hosts run debian-12, ubuntu-24.04/,
    },
    {
      text: release("ubuntu", "20.04", "ID_LIKE=debian"),
      problem: /^the operating system is ubuntu 20.04: /,
    },
    { text: "", problem: /^the operating system is a system without a name: hosts run / },
    {
      text: release("alpine", "3.20.1"),
      problem: /^Alpine Linux 3 cannot be a host: OpenRC in place of systemd.*musl/,
    },
  ];
  for (const { text, problem } of unknown) {
    it(`refuses ${/ID=\S+/.exec(text)?.[0] ?? "an empty os-release"} ${/VERSION_ID=\S+/.exec(text)?.[0] ?? ""}`, () => {
      const found = detectSystem(text);
      expect("problem" in found && found.problem).to.match(problem);
    });
  }

  it("have names of their own, and say what they lack wherever support is not full", () => {
    const names = operatingSystems.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { support, lacks } of operatingSystems)
      if (support !== "full") expect(lacks).not.to.deep.equal([]);
    expect(supportedNames()).not.to.include("alpine-3");
  });
});

describe("package managers", () => {
  const cases = [
    {
      name: "apt",
      says: "curl installed\nnftables config-files\nhaproxy not-installed\n",
      installed: ["curl"],
    },
    { name: "dnf", says: "curl installed\npackage haproxy is not installed\n", installed: ["curl"] },
    { name: "apk", says: "curl\nnftables\n", installed: ["curl", "nftables"] },
  ] as const;
  for (const { name, says, installed } of cases) {
    it(`${name} is asked for names, and its answer is read`, () => {
      expect(packageManagers[name].query(["curl"]).at(-1)).to.equal("curl");
      expect(packageManagers[name].installed(says)).to.deep.equal(installed);
    });
  }

  it("install without asking, and nothing that is only recommended", () => {
    expect(packageManagers.apt.install(["curl", "sudo"]).join(" ")).to.match(
      /^apt-get install .*--no-install-recommends.* curl sudo$/,
    );
    expect(packageManagers.dnf.install(["bsdtar"]).join(" ")).to.equal(
      "dnf install --quiet --assumeyes --setopt=install_weak_deps=False bsdtar",
    );
    expect(packageManagers.apk.install(["curl"]).join(" ")).to.equal("apk add --quiet curl");
  });
});
