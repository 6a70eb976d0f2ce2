import { connect } from "node:tls";
import { expect } from "chai";
import { knownAddress } from "../../../components/core/network/address-ref";
import { AUDIT_TRAIL } from "../../../components/core/services/log-lines";
import { LOGS } from "../../../components/core/services/log-store";
import { certificatesOf, STACK_AUTHORITY } from "../../../components/core/tls/certificate";
import { until } from "../../../lab/drills/until";
import { type Authority, makeAuthority, readAuthority } from "../../../tls/authority";
import { issue } from "../../../tls/issue";
import { need, type TestLab } from "../test-lab";

const MONITOR = "watch";
const LINES = 300;

/** Everything that happens on any host is seen on the monitor, and by nobody on the way. */
export function inSight(lab: TestLab): void {
  const names = () => lab.plan.hosts.map(({ name }) => name);
  const address = () => knownAddress(lab.host(MONITOR).addresses.cluster).ipv4;
  const series = async (expression: string) => {
    const url = `http://${address()}:9090/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { data } = (await (await fetch(url)).json()) as {
      data: { result: { metric: Record<string, string> }[] };
    };
    return data.result.map(({ metric }) => metric);
  };

  describe("is in sight of its monitor", () => {
    it("by metrics of every host, of its machine and of what it runs", async () => {
      for (const job of ["agent", "node-exporter"]) {
        const up = async () => (await series(`up{job="${job}"} == 1`)).map(({ host }) => host).sort();
        await until(`all ${job}s are scraped`, async () => (await up()).length === names().length);
        expect(await up(), job).to.deep.equal(names().sort());
      }
    });

    it("by the figures that alerts look at", async () => {
      const hostsOf = async (metric: string) => new Set((await series(metric)).map(({ host }) => host));
      const nodes = names().filter((name) => name !== MONITOR);
      await until(
        "head ages are there",
        async () => (await hostsOf("nodewright_head_age_seconds")).size >= nodes.length,
      );
      for (const metric of [
        "node_time_seconds",
        "nodewright_verification",
        "nodewright_certificate_expiry_timestamp_seconds",
      ])
        await until(`${metric} of all is there`, async () => (await hostsOf(metric)).size === names().length);
      const from = async () =>
        new Set((await series("nodewright_log_last_timestamp_seconds")).map((each) => each.from));
      await until("logs of all have come", async () => (await from()).size === names().length);
    });

    it("by rules of which none fails", async () => {
      const answer = await fetch(`http://${address()}:9090/api/v1/rules`);
      const { data } = (await answer.json()) as {
        data: { groups: { rules: { name: string; health: string }[] }[] };
      };
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules.length).to.be.above(20);
      expect(rules.filter(({ health }) => health === "err")).to.deep.equal([]);
    });

    it("by the audit trail of every host, to the byte", async () => {
      for (const name of names()) {
        const own = () => lab.inHost(name, "sha256sum", AUDIT_TRAIL);
        const there = () => lab.tryInHost(MONITOR, "sha256sum", `${LOGS}/${name}/audit.jsonl`);
        const hash = (text: string) => text.split(" ")[0];
        await until(
          `the trail of ${name} is there`,
          async () => hash((await there()).out) === hash(await own()),
        );
      }
    });

    it("by their logs, of which none is lost while the monitor keeps none", async () => {
      const senders = names().filter((name) => name !== MONITOR);
      await lab.inHost(MONITOR, "systemctl", "stop", "nodewright-log-store");
      try {
        const write = `for n in $(seq ${LINES}); do echo "in sight: line $n of them"; done | logger -t in-sight`;
        await Promise.all(senders.map((name) => lab.inHost(name, "sh", "-c", write)));
      } finally {
        await lab.inHost(MONITOR, "systemctl", "start", "nodewright-log-store");
      }
      for (const name of senders)
        await until(`every line of ${name} is there`, async () => {
          const count = `grep -ho 'in sight: line [0-9]* of them' ${LOGS}/${name}/journal.log* | sort -u | wc -l`;
          return (await lab.tryInHost(MONITOR, "sh", "-c", count)).out.trim() === String(LINES);
        });
    });

    it("but takes no line from one who has no certificate of the stack, or that of nobody it knows", async () => {
      const own = readAuthority(
        {
          certificate: need(lab.keys.secrets[STACK_AUTHORITY.certificate], "the authority"),
          key: need(lab.keys.secrets[STACK_AUTHORITY.key], "its key"),
        },
        new Date(),
      ).authority as Authority;
      const other = readAuthority(makeAuthority("other", new Date()), new Date()).authority as Authority;
      const request = need(certificatesOf(lab.plan)[0], "a certificate");
      const pem = (authority: Authority, names = request.names) =>
        issue(authority, lab.plan.stack, { ...request, names }, new Date()).pem;
      const greet = (identity?: string) => relpAnswer(address(), identity);
      expect(await greet(pem(own)), "a host's own").to.include("rsp");
      expect(await greet(), "none").to.equal("");
      expect(await greet(pem(other)), "of another authority").to.equal("");
      expect(await greet(pem(own, ["stranger.example.org"])), "of no host").to.equal("");
    });
  });
}

/** What the log store answers to the greeting of RELP; empty where it hangs up. */
function relpAnswer(host: string, identity?: string): Promise<string> {
  return new Promise((resolve) => {
    const pems = identity === undefined ? {} : { cert: identity, key: identity };
    const socket = connect({ host, port: 2514, rejectUnauthorized: false, ...pems });
    socket.setTimeout(60_000, () => socket.destroy());
    const offers = "relp_version=0\nrelp_software=test\ncommands=syslog";
    socket.on("secureConnect", () => socket.write(`1 open ${offers.length} ${offers}\n`));
    socket.on("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on("error", () => resolve(""));
    socket.on("close", () => resolve(""));
  });
}
