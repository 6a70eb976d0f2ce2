import { expect } from "chai";
import type { HostDocument } from "../../cloud-init/document";
import { documentFor } from "../../cloud-init/document-for";
import { printWordLines } from "../../cloud-init/emit/word-lines";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import { aws } from "../../components/targets/aws";
import { bareMetal } from "../../components/targets/bare-metal";
import { docker } from "../../components/targets/docker";
import { gcp } from "../../components/targets/gcp";
import type { Traits } from "../../components/targets/target";
import { cloudPlan } from "../support/fake-cloud";
import { expectGolden } from "../support/golden";
import { planOf } from "../support/sample";

const documentOf = (plan: Plan, name: string): HostDocument => {
  const host = machinesOf(plan).find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return documentFor(plan, host);
};
const fileOf = ({ files }: HostDocument, path: string): string | undefined =>
  files.find((file) => file.path === path)?.content;
const withTraits = (traits: Partial<Traits>) => cloudPlan(undefined, { traits });
const unitNames = ({ units }: HostDocument) => units.map(({ name }) => name);

const SSHD = "/etc/ssh/sshd_config.d/00-nodewright.conf";
const SOURCES = "/etc/chrony/sources.d/nodewright.sources";
const APT = "/etc/apt/apt.conf.d/60nodewright";

describe("hardening", () => {
  const cloud = cloudPlan();

  const GOLDEN: [path: string, golden: string][] = [
    [SSHD, "sshd.conf"],
    ["/etc/systemd/journald.conf.d/05-nodewright.conf", "journald.conf"],
    [APT, "apt.conf"],
    ["/etc/audit/rules.d/nodewright.rules", "audit.rules"],
    ["/etc/sysctl.d/60-nodewright.conf", "sysctl.conf"],
  ];
  for (const [path, golden] of GOLDEN)
    it(`gives the ${golden} that a reviewer saw last`, () =>
      expectGolden(`hardening/${golden}`, fileOf(documentOf(cloud, "writes"), path) ?? ""));

  it("runs each of its units again when its file changes, and never at a boot", () => {
    const document = documentOf(cloud, "writes");
    for (const name of ["sshd", "journald", "time", "audit", "kernel"]) {
      const unit = document.units.find((each) => each.name === `nodewright-${name}.service`);
      expect(unit?.reads, name).not.to.deep.equal([]);
      expect(unit?.content, name)
        .to.match(/^Type=oneshot$/m)
        .and.not.include("[Install]");
    }
  });

  it("comes before the services, in the order of the work", () => {
    const names = unitNames(documentOf(cloud, "writes"));
    expect(names.indexOf("nodewright-sshd.service")).to.be.below(names.indexOf("nodeos.service"));
    expect(names[0]).to.equal("nodewright-firewall.service");
  });

  const SHARED = ["chrony", "auditd"];
  it("has no part that would reach the machine under a host that shares its kernel", () => {
    const plan = planOf();
    for (const { name } of plan.hosts) {
      const document = documentOf(plan, name);
      expect(document.packages.filter((each) => SHARED.includes(each))).to.deep.equal([]);
      const paths = document.files.map(({ path }) => path);
      expect(paths.filter((path) => /sysctl|audit|chrony|modprobe/.test(path))).to.deep.equal([]);
      expect(unitNames(document)).not.to.include("nodewright-kernel.service");
    }
    expect(documentOf(cloud, "writes").packages).to.include.members(SHARED);
  });

  const WATCHED = "nodewright-node-exporter nodewright-logs";
  const RENEWED: [host: string, units: string][] = [
    ["producer", WATCHED],
    ["writes", `proxy ${WATCHED}`],
    ["rpc", "proxy nodewright-node-exporter"],
    ["watch", "nodewright-prometheus nodewright-alertmanager nodewright-log-store nodewright-node-exporter"],
  ];
  for (const [host, units] of RENEWED)
    it(`takes fixes into use on ${host} in ${units}`, () =>
      expect(/renew (.*) \|\| true/.exec(fileOf(documentOf(cloud, host), APT) ?? "")?.[1]).to.equal(units));
});

describe("sshd's settings", () => {
  const setting = (text: string | undefined, key: string) =>
    new RegExp(`^${key} (.*)$`, "m").exec(text ?? "")?.[1];

  it("forward on the host that SSH to hidden hosts goes through, and on no other", () => {
    const plan = cloudPlan();
    const doors = new Set(machinesOf(plan).flatMap(({ reachedThrough }) => reachedThrough ?? []));
    expect([...doors]).to.deep.equal(["seed-1"]);
    for (const { name } of machinesOf(plan))
      expect(setting(fileOf(documentOf(plan, name), SSHD), "AllowTcpForwarding"), name).to.equal(
        doors.has(name) ? "local" : "no",
      );
  });

  const ACCESS: [name: string, traits: Partial<Traits>, wanted: Record<string, string | undefined>][] = [
    [
      "let in our user alone where we made the machine",
      {},
      { AllowUsers: "nodewright", PermitRootLogin: "no", HostKey: "/etc/ssh/ssh_host_ed25519_key" },
    ],
    [
      "keep the logins of a machine that was there, and its host keys",
      { keepsLogins: true },
      { AllowUsers: undefined, PermitRootLogin: "prohibit-password", HostKey: undefined },
    ],
  ];
  for (const [name, traits, wanted] of ACCESS)
    it(name, () => {
      const text = fileOf(documentOf(withTraits(traits), "producer"), SSHD);
      expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, setting(text, key)]))).to.deep.equal(
        wanted,
      );
      expect(setting(text, "PasswordAuthentication")).to.equal("no");
    });

  it("are asked for by the targets whose machines are the operator's", () => {
    const keeping = [aws, gcp, docker, bareMetal].filter(({ traits }) => traits.keepsLogins);
    expect(keeping.map(({ name }) => name)).to.deep.equal(["bare-metal"]);
  });
});

describe("the sources of time", () => {
  const servers = (traits: Partial<Traits>) =>
    (fileOf(documentOf(withTraits(traits), "producer"), SOURCES) ?? "")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" "));

  it("are several, of different operators, authenticated", () => {
    const found = servers({});
    expect(new Set(found.map(([, name]) => name)).size).to.be.at.least(4);
    for (const words of found) expect(words).to.include("nts");
  });

  for (const [{ name, traits }, server] of [
    [aws, "169.254.169.123"],
    [gcp, "metadata.google.internal"],
  ] as const)
    it(`begin on ${name} with the cloud's own, which is preferred`, () => {
      expect(servers(traits.timeServers ? { timeServers: traits.timeServers } : {})[0]).to.include.members([
        server,
        "prefer",
      ]);
    });
});

describe("lines of words", () => {
  it("are printed as they are, remarks with their sign", () =>
    expect(printWordLines([["a", "b"], { why: "so" }, ["-c"]])).to.equal("a b\n# so\n-c\n"));

  it("refuse a word that would begin a line of its own", () =>
    expect(() => printWordLines([["AllowUsers", "x\nPermitRootLogin yes"]])).to.throw(RangeError));
});
