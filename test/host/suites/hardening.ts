import { connect } from "node:net";
import { expect } from "chai";
import ssh2 from "ssh2";
import { documentFor } from "../../../cloud-init/document-for";
import { LOGIN } from "../../../cloud-init/login";
import { sshd } from "../../../cloud-init/parts/hardening/sshd";
import { knownAddress } from "../../../components/core/network/address-ref";
import { AuditTools } from "../audit-tools";
import { need, type TestLab } from "../test-lab";

const MOST_EXPOSURE = 3.0;

/** What a tool still says of these hosts, and why it stays. Anything else is ours to fix. */
const ACCEPTED_SSH: Readonly<Record<string, string>> = {
  "sntrup761x25519-sha512@openssh.com":
    "called experimental by ssh-audit 2.5; its releases since 3.1 recommend it",
  "kex-strict-s-v00@openssh.com": "the mark of the fix for Terrapin, which ssh-audit 2.5 does not know",
};
const ACCEPTED_LYNIS: Readonly<Record<string, string>> = {
  "ACCT-9622": "process accounting: auditd keeps who ran what, where the host has its own kernel",
  "ACCT-9626": "sysstat: Prometheus keeps the figures",
  "ACCT-9628": "auditd: not in a container, which shares the machine's audit",
  "AUTH-9230": "password hashing: nobody has a password",
  "AUTH-9262": "password strength: the same",
  "AUTH-9284": "locked accounts: the operator's, who logs in by key",
  "AUTH-9286": "password age: nobody has a password",
  "AUTH-9328": "umask of logins: services have their own, 0027",
  "BANN-7126": "a legal banner is the operator's to write",
  "BANN-7130": "the same",
  "BOOT-5264": "units of the operating system; ours are measured above",
  "DEB-0280": "libpam-tmpdir: one person logs in, and services have a /tmp of their own",
  "DEB-0810": "apt-listbugs is for people who install by hand",
  "DEB-0811": "apt-listchanges: the same",
  "DEB-0831": "needrestart would restart nodeos; what may be restarted is",
  "DEB-0880": "fail2ban: docs/decisions, 2026-11-21-hardening",
  "FILE-6310": "the chain has its own disk; /home and /var hold little",
  "FILE-7524": "modes of Debian's own files",
  "FINT-4350": "provision compares every file of ours with the document",
  "HRDN-7230": "a malware scanner would read terabytes of blocks",
  "KRNL-5788": "a container has no kernel of its own",
  "KRNL-5820": "reads /etc/security/limits.conf alone; ours stands in limits.d",
  "KRNL-6000": "the kernel is the machine's",
  "LOGG-2154": "logs to another host want certificates, which the project does not issue yet",
  "NAME-4028": "the DNS domain of a container",
  "NETW-3200": "modules are the machine's",
  "PKGS-7370": "debsums: packages are verified by signature when they come",
  "PKGS-7388": "the lab has no package mirror",
  "PKGS-7394": "apt-show-versions: unattended-upgrades does this by itself",
  "SSH-7408": "the port: moving it hides nothing from a scan, and the firewall opens it to operators alone",
  "STRG-1846": "modules are the machine's",
  "TOOL-5002": "automation tools: it knows ours not",
  "USB-1000": "modules are the machine's",
};

/** Each host is as shut as the document says, and serves none the less. */
export function hardened(lab: TestLab): void {
  describe("is hardened", () => {
    it("with every unit of ours at an exposure of at most 3.0, as systemd sees it", async () => {
      const exposed = await Promise.all(lab.plan.hosts.map(({ name }) => exposureOf(lab, name)));
      const scores = new Map(exposed.flat());
      expect([...scores.keys()]).to.include.members([
        ...["nodeos", "evm-node", "evm-rpc-1", "tx-wrapper", "proxy"].map((unit) => `${unit}.service`),
        ...["agent", "knot", "prometheus", "firewall"].map((unit) => `nodewright-${unit}.service`),
      ]);
      expect([...scores].filter(([, score]) => !(score <= MOST_EXPOSURE))).to.deep.equal([]);
    });

    it("with no unit of anyone failed", async () => {
      for (const { name } of lab.plan.hosts)
        expect(await lab.inHost(name, "systemctl", "--failed", "--plain", "--no-legend")).to.equal("", name);
    });

    it("and leaves the machine's kernel, clock and audit alone", async () => {
      const gone = [
        "/etc/sysctl.d/60-nodewright.conf",
        "/etc/audit/rules.d",
        "/etc/chrony",
        "/etc/modprobe.d/nodewright.conf",
      ];
      const { out } = await lab.tryInHost("seed-1", "ls", "-d", ...gone);
      expect(out).to.equal("");
    });
  });

  describe("logs in", () => {
    it("the operator alone, by key, with few tries", async () => {
      const settings = new Map(
        (await lab.inHost("producer", "sshd", "-T", "-C", `user=${LOGIN},host=any,addr=203.0.113.7`))
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const),
      );
      const wanted = {
        allowusers: LOGIN,
        permitrootlogin: "no",
        passwordauthentication: "no",
        kbdinteractiveauthentication: "no",
        authenticationmethods: "publickey",
        maxauthtries: "3",
        allowtcpforwarding: "no",
        allowagentforwarding: "no",
        x11forwarding: "no",
        hostkey: "/etc/ssh/ssh_host_ed25519_key",
      };
      expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, settings.get(key)]))).to.deep.equal(
        wanted,
      );
    });

    it("and lets nobody through to another host", async () => {
      const client = await logIn(lab, "producer");
      const through = await new Promise<string>((resolve) =>
        client.forwardOut("127.0.0.1", 0, "127.0.0.1", 22, (cause) => resolve(cause?.message ?? "open")),
      );
      client.end();
      expect(through).to.match(/open failed/);
    });

    it("through a door, which forwards and still refuses all else", async () => {
      const { traits } = lab.plan.target;
      const [file] = sshd({ traits, isDoor: true, packaged: [] }).files;
      const check = `cat >/tmp/door <<'END'\n${need(file, "the settings of a door").content}END\nsshd -T -f /tmp/door; rm /tmp/door`;
      const out = await lab.inHost("seed-1", "sh", "-c", check);
      expect(out)
        .to.match(/^allowtcpforwarding local$/m)
        .and.match(/^permittunnel no$/m);
    });

    it("no faster from one source than the limit", async () => {
      const address = knownAddress(lab.host("history").addresses.cluster).ipv4;
      const sockets = Array.from({ length: 200 }, () => connect(22, address).on("error", () => {}));
      const dropped = async () =>
        Number(
          /ssh4.*counter packets (\d+)/.exec(
            await lab.inHost("history", "nft", "list", "table", "inet", "nodewright-limits"),
          )?.[1],
        );
      while ((await dropped()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
      for (const socket of sockets) socket.destroy();
      expect(await dropped()).to.be.above(0);
    });
  });

  describe("takes security fixes", () => {
    it("of the distribution's security archive alone, and never reboots", async () => {
      const out = await lab.inHost("read-1", "unattended-upgrade", "--dry-run", "--verbose");
      const [, origins] = /Allowed origins are: (.*)/.exec(out) ?? [];
      expect(origins?.split(", ")).to.deep.equal([
        "origin=Debian,codename=bookworm-security,label=Debian-Security",
        "origin=Ubuntu,archive=bookworm-security,label=Ubuntu",
      ]);
      const config = await lab.inHost("read-1", "apt-config", "dump");
      expect(config).to.include('Unattended-Upgrade::Automatic-Reboot "false"');
      expect(config).to.include('APT::Periodic::Unattended-Upgrade "1"');
    });

    it("into the proxy that runs, without ending it; nodeos is left as it is", async () => {
      const pids = async () =>
        (await lab.inHost("read-1", "systemctl", "show", "--property=MainPID", "proxy", "nodeos")).trim();
      const program = async () =>
        (
          await lab.inHost("read-1", "sh", "-c", 'readlink "/proc/$(systemctl show -P MainPID proxy)/exe"')
        ).trim();
      const before = await pids();
      await lab.inHost(
        "read-1",
        "sh",
        "-c",
        "cd /usr/sbin && cp -p haproxy haproxy.new && mv haproxy.new haproxy",
      );
      expect(await program()).to.equal("/usr/sbin/haproxy (deleted)");
      await lab.inHost("read-1", "/usr/lib/nodewright/renew", "proxy");
      expect(await program()).to.equal("/usr/sbin/haproxy");
      expect(await pids()).to.equal(before);
    });
  });

  audited(lab);
}

/** By programs that others wrote for it. */
function audited(lab: TestLab): void {
  describe("is judged", () => {
    const tools = new AuditTools();
    before(async function () {
      if (!(await tools.fetch())) this.skip();
    });
    after(() => tools.remove());

    it("by ssh-audit, without a finding of ours", async () => {
      const findings = await tools.sshFindings(knownAddress(lab.host("watch").addresses.cluster).ipv4);
      const known = Object.keys(ACCEPTED_SSH);
      expect(findings.filter((line) => !known.some((name) => line.includes(name)))).to.deep.equal([]);
    });

    it("by lynis, without a finding of ours", async () => {
      const { tests, index } = await tools.lynisFindings(lab.docker, lab.container("producer"));
      expect(tests.filter((id) => !(id in ACCEPTED_LYNIS))).to.deep.equal([]);
      expect(index).to.be.at.least(65);
    });
  });
}

/** Exposure of each unit of a host's document, by `systemd-analyze security`. */
async function exposureOf(lab: TestLab, name: string): Promise<[unit: string, score: number][]> {
  const { units } = documentFor(lab.plan, lab.host(name));
  return Promise.all(
    units.map(async (unit): Promise<[string, number]> => {
      const out = await lab.inHost(name, "systemd-analyze", "security", "--no-pager", unit.name);
      return [unit.name, Number(/Overall exposure level for \S+: ([\d.]+)/.exec(out)?.[1])];
    }),
  );
}

function logIn(lab: TestLab, name: string): Promise<ssh2.Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => resolve(client)).once("error", reject);
    client.connect({
      host: knownAddress(lab.host(name).addresses.cluster).ipv4,
      username: LOGIN,
      privateKey: lab.keys.ssh.private,
    });
  });
}
