import { expect } from "chai";
import { documentFor } from "../../../../cloud-init/document-for";
import { absentPackages, operatingSystems } from "../../../../components/core/os";
import { machinesOf } from "../../../../components/core/plan/plan";
import { loadPlan } from "../../../../stacks/load";
import { rawOf, samples } from "../../../stacks/cloud-life";

/**
 * What each package of ours is called where it is not Debian: RHEL 9's BaseOS and AppStream, Alpine 3's main and
 * community. `-`: they have none. A new package of a service needs a row, so that nobody finds out at a birth.
 */
const NAMES: Readonly<Record<string, { rhel: string; alpine: string }>> = {
  auditd: { rhel: "audit", alpine: "audit" },
  certbot: { rhel: "-", alpine: "certbot" },
  chrony: { rhel: "chrony", alpine: "chrony" },
  "etcd-server": { rhel: "-", alpine: "-" },
  haproxy: { rhel: "haproxy", alpine: "haproxy" },
  knot: { rhel: "-", alpine: "knot" },
  "libarchive-tools": { rhel: "bsdtar", alpine: "libarchive-tools" },
  nftables: { rhel: "nftables", alpine: "nftables" },
  openssl: { rhel: "openssl", alpine: "openssl" },
  prometheus: { rhel: "-", alpine: "prometheus" },
  "prometheus-alertmanager": { rhel: "-", alpine: "-" },
  "prometheus-node-exporter": { rhel: "-", alpine: "-" },
  restic: { rhel: "-", alpine: "restic" },
  rsyslog: { rhel: "rsyslog", alpine: "rsyslog" },
  "rsyslog-gnutls": { rhel: "rsyslog-gnutls", alpine: "rsyslog-tls" },
  "rsyslog-relp": { rhel: "rsyslog-relp", alpine: "rsyslog-relp" },
  "unattended-upgrades": { rhel: "dnf-automatic", alpine: "-" },
};

describe("the packages of hosts", () => {
  const used = new Set(
    samples().flatMap((sample) => {
      const { plan } = loadPlan(sample, rawOf(sample));
      return plan ? machinesOf(plan).flatMap((host) => documentFor(plan, host).packages) : [];
    }),
  );

  it("are known on every family, all that any sample needs", () =>
    expect([...used].filter((name) => !(name in NAMES))).to.deep.equal([]));

  for (const os of operatingSystems.filter(({ family }) => family !== "debian"))
    for (const [name, { [os.family as "rhel" | "alpine"]: there }] of Object.entries(NAMES))
      it(`${name} is ${there === "-" ? "nothing" : there} on ${os.name}`, () => {
        const isAbsent = absentPackages(os, [name]).length > 0;
        expect(isAbsent ? "-" : (os.packages[name] ?? name)).to.equal(there);
      });

  for (const os of operatingSystems.filter(({ family }) => family === "debian"))
    it(`are all there on ${os.name}, under our names`, () => {
      expect(os.absent).to.deep.equal([]);
      expect([...used].filter((name) => name in os.packages)).to.deep.equal([]);
    });

  it("of Spring's Debian package have other names on Ubuntu 24.04, which alone count as installed", () => {
    const { packages = {} } = operatingSystems.find(({ name }) => name === "ubuntu-24.04") ?? {};
    expect(packages).to.deep.equal({ libcurl4: "libcurl4t64", libssl3: "libssl3t64" });
  });
});
