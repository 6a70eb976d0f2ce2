import { expect } from "chai";
import { canInstall, dockerMissing, familyOf, findProgram } from "../../../lab/docker/machine";

const FAMILIES: [osRelease: string, family: string[]][] = [
  ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', ["debian"]],
  ["NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n", ["ubuntu", "debian"]],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', ["rocky", "rhel", "centos", "fedora"]],
  ["VERSION_ID=3\n", []],
];

const REMEDIES: [family: string[], says: string][] = [
  [["ubuntu", "debian"], "sudo apt-get install --no-install-recommends docker.io containerd iptables"],
  [["fedora"], "sudo dnf install moby-engine"],
  [["opensuse-leap", "suse"], "sudo zypper install docker"],
  [["arch"], "sudo pacman -S docker"],
  [["void"], "https://docs.docker.com/engine/install/"],
];

describe("this machine", () => {
  for (const [osRelease, family] of FAMILIES) {
    it(`is of the family ${family.join(", ") || "of none"}`, () => expect(familyOf(osRelease)).eql(family));
  }

  it("takes packages only as root on Debian and its kin", () => {
    const machine = { platform: "linux", root: true, family: ["ubuntu", "debian"] } as const;
    expect(canInstall({ ...machine, family: [...machine.family] })).equal(true);
    expect(canInstall({ ...machine, family: ["fedora"] })).equal(false);
    expect(canInstall({ ...machine, family: ["debian"], root: false })).equal(false);
  });

  for (const [family, says] of REMEDIES) {
    it(`says what to install on ${family[0]}`, () => {
      const { message } = dockerMissing({ platform: "linux", root: false, family });
      expect(message).contain(says).and.contain("DOCKER_HOST");
    });
  }

  it("names what macOS needs", () =>
    expect(dockerMissing({ platform: "darwin", root: false, family: [] }).message).contain("Docker Desktop"));

  it("finds programs where only root's PATH leads, and says so when there is none", () => {
    expect(findProgram("sh", "")).equal("/usr/bin/sh");
    expect(findProgram("no-such-program")).equal(undefined);
  });
});
