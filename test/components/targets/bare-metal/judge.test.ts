import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { FACTS_SCRIPT } from "../../../../components/core/preflight/facts-script";
import { JUDGE_SCRIPT } from "../../../../components/core/preflight/judge-script";
import { requirementLines } from "../../../../components/core/preflight/requirement";
import { machineText, parseFacts } from "../../../../components/targets/bare-metal/facts";
import { machineRequirements, renderBareMetal } from "../../../../components/targets/bare-metal/render";
import { hostOf } from "../../../support/sample";
import { planOf, SAMPLE } from "./sample";

/** A machine that may be the sample's validator. */
const GOOD: Record<string, string | string[]> = {
  os: "ubuntu-24.04",
  kernel: "6.8.0",
  arch: "x86_64",
  systemd: "255",
  privilege: "sudo",
  memory_gb: "125.6",
  ecc: "yes",
  cores: "32",
  cpu: "AMD EPYC 9354P",
  clock_mhz: "3800",
  gzip_mb_per_s: "41.0",
  room_gb: "7100.0",
  filesystem: "ext4 at /data",
  clock_synchronised: "yes",
  clock_behind: "0",
  clock_ahead: "0",
  port: ["tcp/22 sshd", "udp/323 chronyd"],
};

const text = (facts: Record<string, string | string[]>): string =>
  Object.entries(facts)
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}\t${value}\n`))
    .join("");

/** Runs the judge as a host does, with facts in place of its own. */
function verdict(
  changes: Record<string, string | string[]>,
  yaml = SAMPLE,
  machine: { belowFloor?: string } = {},
): { refused: boolean; reasons: string[] } {
  const host = hostOf(planOf(yaml), "validator-a");
  const input = requirementLines(machineRequirements("metal", host, { os: "ubuntu-24.04", ...machine }));
  const { status, stderr } = spawnSync("sh", ["-c", `${JUDGE_SCRIPT}\njudge`], {
    input,
    encoding: "utf8",
    env: { PATH: process.env.PATH, facts: text({ ...GOOD, ...changes }).trimEnd() },
  });
  return { refused: status !== 0, reasons: stderr.split("\n").filter(Boolean) };
}

describe("what a machine must be", () => {
  it("has nothing to say of one that is", () => {
    expect(verdict({})).to.deep.equal({ refused: false, reasons: [] });
  });

  const cases: { changes: Record<string, string | string[]>; reason: RegExp }[] = [
    {
      changes: { memory_gb: "31.2" },
      reason: /^refused: memory is 31\.2 GB: validator needs 64 GB \(TrustEVM deployment plan/,
    },
    { changes: { ecc: "no" }, reason: /^refused: no ECC: no is all that .* validator needs it/ },
    { changes: { ecc: "unknown" }, reason: /^refused: no ECC: unknown is all/ },
    {
      changes: { room_gb: "900.0" },
      reason: /^refused: \/data has room for 900\.0 GB: validator needs 2 TB/,
    },
    {
      changes: { rotational: ["/dev/sda", "/dev/sdb"] },
      reason: /^refused: the disk \/dev\/sda below \/data turns: validator needs an SSD/,
    },
    {
      changes: { os: "debian-12" },
      reason: /^refused: the operating system is debian-12, and .*validator-a\.os says ubuntu-24\.04/,
    },
    { changes: { arch: "aarch64" }, reason: /^refused: the processor is aarch64/ },
    { changes: { systemd: "" }, reason: /^refused: systemd is/ },
    { changes: { privilege: "none" }, reason: /^refused: the user may not act as root/ },
    { changes: { bundle: "other/rpc-9" }, reason: /^refused: the machine is a host already, other\/rpc-9/ },
    { changes: { clock_synchronised: "no" }, reason: /^refused: the clock is not synchronised/ },
    { changes: { clock_behind: "4", clock_ahead: "-4" }, reason: /^refused: the clock is 4 s behind/ },
    { changes: { clock_behind: "-90", clock_ahead: "90" }, reason: /^refused: the clock is 90 s ahead/ },
    {
      changes: { port: ["tcp/22 sshd", "tcp/8888 nginx"] },
      reason: /^refused: port 8888 \(http\) is taken by nginx/,
    },
    { changes: { port: ["tcp/2222 sshd"] }, reason: /^refused: no SSH server listens on port 22/ },
  ];
  for (const { changes, reason } of cases) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      const { refused, reasons } = verdict(changes);
      expect(refused).to.equal(true);
      expect(reasons[0]).to.match(reason);
    });
  }

  const accepted = [
    { about: "64 GB as a kernel sees them", changes: { memory_gb: "62.6" } },
    { about: "2 TB as a filesystem has them", changes: { room_gb: "1790.0" } },
    {
      about: "a clock that nobody could compare",
      changes: { clock_synchronised: "unknown", clock_behind: [], clock_ahead: [] },
    },
    {
      about: "our own programs on our ports",
      changes: { bundle: "metal/validator-a", port: ["tcp/22 sshd", "tcp/8888 nodeos"] },
    },
    {
      about: "a port that only ends like one of ours",
      changes: { port: ["tcp/22 sshd", "tcp/18888 nginx", "udp/8888 x"] },
    },
  ];
  for (const { about, changes } of accepted) {
    it(`takes ${about}`, () => {
      expect(verdict(changes)).to.deep.equal({ refused: false, reasons: [] });
    });
  }

  it("says all reasons at once", () => {
    const { reasons } = verdict({
      memory_gb: "31.2",
      ecc: "no",
      port: ["tcp/22 sshd", "tcp/8888 nginx", "tcp/9876 x"],
    });
    expect(reasons).to.have.length(4);
  });

  it("only warns of hardware that an operator has overruled, and says why", () => {
    const belowFloor = "a rehearsal without value";
    const lower = SAMPLE.replace(
      "producer: eosio,",
      `producer: eosio, memory: 48 GB, belowFloor: ${belowFloor},`,
    );
    const cases = [
      verdict({ memory_gb: "31.2", ecc: "no" }, SAMPLE, { belowFloor }),
      verdict({ memory_gb: "31.2", ecc: "no" }, lower),
    ];
    for (const { refused, reasons } of cases) {
      expect(refused).to.equal(false);
      expect(reasons[0]).to.match(
        /^warning: memory is 31\.2 GB: .*, overruled by belowFloor: a rehearsal without value$/,
      );
      expect(reasons[1]).to.match(/^warning: no ECC/);
    }
    expect(verdict({ memory_gb: "31.2", port: [] }, SAMPLE, { belowFloor }).refused).to.equal(true);
  });

  it("takes words of an operator as words", () => {
    const lines = requirementLines([
      {
        severity: "refused",
        test: "is",
        name: "os",
        value: "a",
        reason: "it's\ta\n$(touch /nowhere) `x` %s & \\1",
      },
    ]);
    expect(lines).to.equal("refused\tis\tos\ta\tit's a $(touch /nowhere) `x` %s & \\1\n");
  });
});

describe("the facts of a machine", () => {
  const [args] = renderBareMetal(planOf());

  it("are read by any POSIX shell", () => {
    const { stdout, status } = spawnSync(
      "shellcheck",
      ["--shell=sh", "--exclude=SC1091", "--format=gcc", "-"],
      {
        input: args?.examination,
        encoding: "utf8",
      },
    );
    expect(stdout).to.equal("");
    expect(status).to.equal(0);
  });

  it("are told by this very machine, with nothing on standard error", () => {
    const { stdout, stderr } = spawnSync("sh", ["-s", "--", String(Math.round(Date.now() / 1000))], {
      input: `${FACTS_SCRIPT}${JUDGE_SCRIPT}judge </dev/null\n`,
      encoding: "utf8",
    });
    expect(stderr).to.equal("");
    const facts = parseFacts(stdout);
    expect(facts.cores).to.be.greaterThan(0);
    expect(facts.gzip_mb_per_s).to.be.greaterThan(0);
    expect(stdout)
      .to.match(/^privilege\t(root|sudo|none)$/m)
      .and.to.match(/^clock_behind\t-?\d+$/m);
  });

  it("become a line for people", () => {
    expect(machineText(parseFacts(text(GOOD)))).to.equal(
      "AMD EPYC 9354P, 32 cores (gzip 41 MB/s on one), 126 GB with ECC, ubuntu-24.04 (6.8.0), 7100 GB on ext4 at /data",
    );
  });
});

describe("the birth of a machine", () => {
  const plan = planOf();
  const [seed, validator] = renderBareMetal(plan);

  it("is a script that shellcheck takes", () => {
    const { stdout } = spawnSync("shellcheck", ["--shell=sh", "--format=gcc", "-"], {
      input: seed?.change,
      encoding: "utf8",
    });
    expect(stdout).to.equal("");
  });

  it("holds no secret, and the firewall comes before anything that serves", () => {
    const change = validator?.change ?? "";
    expect(change).not.to.include("PRIVATE KEY");
    expect(change.indexOf("\nfirewall <<")).to.be.greaterThan(
      change.indexOf("\nadmits 198.51.100.0/24 2001:db8:1::/48"),
    );
    expect(change.indexOf("provision --bundle -")).to.be.greaterThan(change.indexOf("\nfirewall <<"));
  });

  it("gives every host the names of all", () => {
    expect(validator?.change).to.include(
      "10.20.0.10 seed-a.metal.internal\nfd20::10 seed-a.metal.internal\n10.20.0.11 validator-a.metal.internal\n",
    );
  });

  it("runs by sudo for whoever is not root", () => {
    expect(seed?.shell).to.equal('sh -s -- "$SSH_CONNECTION"');
    expect(validator?.shell).to.equal('sudo -n sh -s -- "$SSH_CONNECTION"');
    expect(validator?.putSecret("signing-key")).to.match(
      /^sudo -n \/usr\/lib\/nodewright\/bootstrap https:\/\/mirror\.example\.org\/nodewright /,
    );
  });

  it("is begun anew for another machine under the same name", () => {
    const other = renderBareMetal(planOf(SAMPLE.replace("AAAAIJk0a", "AAAAIJk0z")))[0];
    expect(other?.change).not.to.equal(seed?.change);
    expect(other?.examination).not.to.equal(seed?.examination);
  });
});
