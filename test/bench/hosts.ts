import { knownAddress } from "../../components/core/network/address-ref";
import { columns } from "../../components/core/plan/columns";
import { ACCEPTED_LYNIS, ACCEPTED_SSH } from "../host/accepted-findings";
import { AuditTools, notAccepted } from "../host/audit-tools";
import { TestLab } from "../host/test-lab";
import { type Birth, birthOf, type TrailRecord } from "./birth";
import type { BenchResult } from "./main";

interface Judged {
  /** lynis' own index, of 100. */
  lynis: number;
  /** What lynis and ssh-audit say that is ours to fix. */
  findings: string[];
  /** What they say that stays, with its reason in `test/host/accepted-findings.ts`. */
  accepted: number;
}

export interface HostsReport {
  hosts: Record<string, Birth & Partial<Judged>>;
  /** Of the slowest host. */
  seconds: number;
  /** Why nobody judged: the tools could not be had. */
  notJudged?: string;
}

/** A lab from nothing: how long each host takes from its first boot to verified, with what, and what auditors say of it. */
export async function benchHosts(progress: (line: string) => void): Promise<BenchResult<HostsReport>> {
  const lab = new TestLab();
  const tools = new AuditTools();
  try {
    progress("a fresh lab");
    await lab.up();
    const isJudged = await tools.fetch();
    const hosts: HostsReport["hosts"] = {};
    for (const { name } of lab.plan.hosts) {
      progress(`the birth of ${name}${isJudged ? ", and what lynis and ssh-audit say of it" : ""}`);
      hosts[name] = { ...(await birthIn(lab, name)), ...(isJudged ? await judge(lab, tools, name) : {}) };
    }
    const json: HostsReport = {
      hosts,
      seconds: Math.max(...Object.values(hosts).map(({ seconds }) => seconds)),
      ...(isJudged
        ? {}
        : { notJudged: "lynis and ssh-audit come from Debian's mirror, which is out of reach" }),
    };
    return { json, text: textOf(json) };
  } finally {
    tools.remove();
    await lab.down();
  }
}

async function birthIn(lab: TestLab, name: string): Promise<Birth> {
  const { State } = await lab.container(name).inspect();
  const trail = await lab.inHost(name, "cat", "/var/lib/nodewright/audit.jsonl");
  const records = trail
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TrailRecord);
  return birthOf(new Date(State.StartedAt), records);
}

async function judge(lab: TestLab, tools: AuditTools, name: string): Promise<Judged> {
  const { tests, index } = await tools.lynisFindings(lab.docker, lab.container(name));
  const ssh = await tools.sshFindings(knownAddress(lab.host(name).addresses.cluster).ipv4);
  const findings = [...notAccepted(tests, ACCEPTED_LYNIS), ...notAccepted(ssh, ACCEPTED_SSH)];
  return { lynis: index, findings, accepted: tests.length + ssh.length - findings.length };
}

function textOf({ hosts, notJudged }: HostsReport): string[] {
  const rows = Object.entries(hosts).map(([name, host]) => [
    name,
    `${host.seconds} s`,
    ...[host.boot, host.download, host.install, host.start, host.wait].map((value) => `${value} s`),
    host.lynis === undefined ? "-" : `${host.lynis}`,
    host.findings === undefined ? "-" : `${host.findings.length} (${host.accepted} accepted)`,
  ]);
  const head = ["host", "to verified", "boot", "download", "install", "start", "wait", "lynis", "to fix"];
  return [
    ...columns([head, ...rows]),
    ...Object.entries(hosts).flatMap(([name, { findings = [] }]) =>
      findings.map((finding) => `${name}: ${finding}`),
    ),
    ...(notJudged === undefined ? [] : [notJudged]),
  ];
}
