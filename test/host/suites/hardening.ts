import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import ssh2 from "ssh2";
import { documentFor } from "../../../cloud-init/document-for";
import { LOGIN } from "../../../cloud-init/login";
import { sshd } from "../../../cloud-init/parts/hardening/sshd";
import { knownAddress } from "../../../components/core/network/address-ref";
import { ACCEPTED_LYNIS, ACCEPTED_SSH } from "../accepted-findings";
import { AuditTools, notAccepted } from "../audit-tools";
import { need, type TestLab } from "../test-lab";

const MOST_EXPOSURE = 3.0;

/** Each host is as shut as the document says, and serves none the less. */
export function hardened(lab: TestLab): void {
  describe("is hardened", () => {
    it("with every unit of ours at an exposure of at most 3.0, as systemd sees it", async () => {
      const exposed = await Promise.all(lab.plan.hosts.map(({ name }) => exposureOf(lab, name)));
      const scores = new Map(exposed.flat());
      expect([...scores.keys()]).to.include.members([
        ...["nodeos", "evm-node", "evm-rpc-1", "tx-wrapper", "proxy"].map((unit) => `${unit}.service`),
        ...[
          "agent",
          "knot",
          "prometheus",
          "firewall",
          "node-exporter",
          "logs",
          "log-store",
          "alertmanager",
        ].map((unit) => `nodewright-${unit}.service`),
      ]);
      expect([...scores].filter(([, score]) => !(score <= MOST_EXPOSURE))).to.deep.equal([]);
    });

    it("with no unit of anyone failed", async () => {
      for (const { name } of lab.plan.hosts)
        expect(await lab.inHost(name, "systemctl", "--failed", "--plain", "--no-legend")).to.equal("", name);
    });

    it("with secrets that lie on disk encrypted alone, and in use in memory alone", async () => {
      const { units } = documentFor(lab.plan, lab.host("producer"));
      const holding = units.filter(({ secrets }) => secrets.length > 0);
      expect(holding).to.have.length.above(0);
      for (const { name, secrets } of holding)
        for (const secret of secrets) {
          const [kept, used] = [`/etc/credstore.encrypted/${secret}`, `/run/credentials/${name}/${secret}`];
          expect(await lab.inHost("producer", "stat", "-c", "%a %U", kept)).to.equal("600 root\n");
          expect((await lab.inHost("producer", "stat", "-f", "-c", "%T", used)).trim()).to.match(
            /^(ramfs|tmpfs)$/,
          );
          const plain = await lab.inHost("producer", "base64", "--wrap=0", used);
          const onDisk = await lab.inHost("producer", "base64", "--wrap=0", kept);
          expect(plain).to.have.length.above(0);
          expect(Buffer.from(onDisk, "base64").includes(Buffer.from(plain, "base64"))).to.equal(false);
        }
      const loose = await lab.inHost(
        "producer",
        "find",
        "/etc/credstore.encrypted",
        "-maxdepth",
        "0",
        "-perm",
        "/077",
      );
      expect(loose).to.equal("");
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

    it("nobody from elsewhere than the admins' networks, another host of the stack among them", async () => {
      const { ipv4 } = knownAddress(lab.host("history").addresses.cluster);
      const knock = `exec 3<>/dev/tcp/${ipv4}/22 && head -c 3 <&3`;
      const { code, out } = await lab.tryInHost("read-1", "timeout", "5", "bash", "-c", knock);
      expect({ code, out }).to.deep.equal({ code: 124, out: "" });
    });

    it("no faster from one source than the limit, while another gets in; and then that one too", async () => {
      const { ipv4, ipv6 } = knownAddress(lab.host("history").addresses.cluster);
      const sockets = Array.from({ length: 200 }, () => connect(22, ipv4).on("error", () => {}));
      try {
        const dropped = async () =>
          Number(
            /ssh4.*counter packets (\d+)/.exec(
              await lab.inHost("history", "nft", "list", "table", "inet", "nodewright-limits"),
            )?.[1],
          );
        while ((await dropped()) === 0) await pause(100);
        // As many as one source may are open, and none of them logs in.
        (await logIn(lab, "history", ipv6 ?? "")).end();
      } finally {
        for (const socket of sockets) socket.destroy();
      }
      const again = async (): Promise<ssh2.Client> =>
        logIn(lab, "history", ipv4).catch(() => pause(500).then(again));
      (await again()).end();
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
      expect(notAccepted(findings, ACCEPTED_SSH)).to.deep.equal([]);
    });

    it("by lynis, without a finding of ours", async () => {
      const { tests, index } = await tools.lynisFindings(lab.docker, lab.container("producer"));
      expect(notAccepted(tests, ACCEPTED_LYNIS)).to.deep.equal([]);
      expect(index).to.be.at.least(65);
    });
  });
}

/** Exposure of each service of a host's document, by `systemd-analyze security`; timers run nothing themselves. */
async function exposureOf(lab: TestLab, name: string): Promise<[unit: string, score: number][]> {
  const { units } = documentFor(lab.plan, lab.host(name));
  return Promise.all(
    units
      .filter((unit) => unit.name.endsWith(".service"))
      .map(async (unit): Promise<[string, number]> => {
        const out = await lab.inHost(name, "systemd-analyze", "security", "--no-pager", unit.name);
        return [unit.name, Number(/Overall exposure level for \S+: ([\d.]+)/.exec(out)?.[1])];
      }),
  );
}

function logIn(
  lab: TestLab,
  name: string,
  host = knownAddress(lab.host(name).addresses.cluster).ipv4,
): Promise<ssh2.Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => resolve(client)).once("error", reject);
    client.connect({ host, username: LOGIN, privateKey: lab.keys.ssh.private });
  });
}
