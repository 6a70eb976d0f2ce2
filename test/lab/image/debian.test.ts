import { expect } from "chai";
import { aptSources, mmdebstrapWords } from "../../../lab/image/debian";
import { HOST_IMAGE } from "../../../lab/image/recipe";
import { fakeRun } from "../docker/fake-run";

const DEFAULT = [
  "deb http://deb.debian.org/debian bookworm main",
  "deb http://deb.debian.org/debian bookworm-updates main",
  "deb http://deb.debian.org/debian-security bookworm-security main",
];

const TARGETS = [
  "Debian|http://mirror.example/debian/|bookworm|main",
  "Debian|http://mirror.example/debian/|bookworm|non-free",
  "Node|https://deb.example/node_20.x/|nodistro|main",
  "Debian|http://mirror.example/debian/|bookworm-updates|main",
  "Debian|http://mirror.example/security/|bookworm-security|main",
];

const SOURCES: [machine: string, stdout: string, sources: string[]][] = [
  [
    "the machine's own mirrors on the same Debian",
    TARGETS.join("\n"),
    [
      "deb http://mirror.example/debian/ bookworm main",
      "deb http://mirror.example/debian/ bookworm-updates main",
      "deb http://mirror.example/security/ bookworm-security main",
    ],
  ],
  ["Debian's where one of them is missing", TARGETS.slice(0, 4).join("\n"), DEFAULT],
  ["Debian's on another system", "Ubuntu|http://mirror.example/ubuntu/|noble|main", DEFAULT],
  ["Debian's where there are no lists", "", DEFAULT],
];

describe("a Debian system for hosts", () => {
  for (const [machine, stdout, sources] of SOURCES) {
    it(`comes from ${machine}`, async () => {
      const { run } = fakeRun({ "apt-get": () => ({ stdout }) });
      expect(await aptSources("bookworm", run)).eql(sources);
    });
  }

  it("is made without a shell reading our words", () => {
    const recipe = { ...HOST_IMAGE, excluded: ["/usr/share/doc/*"], steps: [["echo", "it's", "$HOME"]] };
    const words = mmdebstrapWords({ recipe, sources: DEFAULT, overlay: "/a b/overlay", output: "/o.tar" });
    expect(words).include("--customize-hook=sync-in '/a b/overlay' /");
    expect(words).include(`--customize-hook=chroot "$1" 'echo' 'it'\\''s' '$HOME'`);
    expect(words).include("--dpkgopt=path-exclude=/usr/share/doc/*");
    expect(words.slice(-5)).eql(["bookworm", "/o.tar", ...DEFAULT]);
  });
});
