import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect } from "chai";
import { certificatesOf } from "../../components/core/tls/certificate";
import { type Authority, makeAuthority, readAuthority } from "../../tls/authority";
import { issueAll, tlsSecretNames } from "../../tls/host-secrets";
import { issue } from "../../tls/issue";
import { cloudPlan, cloudStack, HOSTS } from "../support/fake-cloud";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);

const pems = makeAuthority("test", NOW);
const given = { "tls/authority": pems.certificate, "tls/authority-key": pems.key };
const authority = readAuthority(pems, NOW).authority as Authority;
const plan = cloudPlan();

describe("certificates of a stack", () => {
  it("are for every fixed host, and no machine that a cloud makes by itself", () => {
    const hosts = certificatesOf(plan).map(({ host }) => host);
    expect(hosts).to.deep.equal(["seed-1", "seed-2", "seed-3", "producer", "writes", "history", "watch"]);
    expect(plan.pools[0]?.member.secrets).to.deep.equal([]);
  });

  it("are for nobody where nothing is watched", () => {
    const { watch: _, ...rest } = HOSTS;
    const unwatched = cloudPlan(cloudStack({ hosts: rest }));
    expect(tlsSecretNames(unwatched)).to.deep.equal({ given: [], made: [] });
    expect(issueAll(unwatched, {}, NOW)).to.deep.equal({ values: {}, mistakes: [], warnings: [] });
  });

  it("are made from an authority for all of them, each under the name that its host asks for", () => {
    const { values, mistakes } = issueAll(plan, given, NOW);
    expect(mistakes).to.deep.equal([]);
    expect(Object.keys(values).sort()).to.deep.equal(tlsSecretNames(plan).made.sort());
    expect(values["seed-1/tls-authority"]).to.equal(pems.certificate);
  });

  it("are not made from half an authority, nor from a wrong one, which is told by its name", () => {
    expect(issueAll(plan, { "tls/authority": pems.certificate }, NOW).values).to.deep.equal({});
    const { values, mistakes } = issueAll(plan, { ...given, "tls/authority": "?" }, NOW);
    expect(values).to.deep.equal({});
    expect(mistakes.join()).to.match(/^tls\/authority is no certificate/);
  });
});

describe("a host's certificate", () => {
  const [request] = certificatesOf(plan);
  if (!request) throw new Error("the plan asks for no certificate");
  const at = (days: number) => issue(authority, "test", request, later(days));
  const certificate = new X509Certificate(at(0).pem);

  it("is signed by the authority, for the host's names and addresses, and signs nothing itself", () => {
    expect(certificate.verify(new X509Certificate(pems.certificate).publicKey)).to.equal(true);
    expect(certificate.checkIssued(new X509Certificate(pems.certificate))).to.equal(true);
    expect(certificate.checkHost("seed-1.test.internal")).to.equal("seed-1.test.internal");
    expect(certificate.checkHost("seed-2.test.internal")).to.equal(undefined);
    for (const address of request.addresses) expect(certificate.checkIP(address)).to.equal(address);
    expect(certificate.ca).to.equal(false);
    // TLS servers and clients (RFC 5280, 4.2.1.12).
    expect(certificate.keyUsage).to.deep.equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  });

  it("comes with its own key, of which no other host has the like", () => {
    expect(certificate.checkPrivateKey(createPrivateKey(at(0).pem))).to.equal(true);
    const all = Object.values(issueAll(plan, given, NOW).values).flatMap(
      (text) => /BEGIN PRIV[\s\S]+/.exec(text) ?? [],
    );
    expect(new Set(all).size).to.equal(all.length).and.to.equal(7);
  });

  it("is the same bytes again until its term ends, then another with another key", () => {
    expect(at(1).pem).to.equal(at(0).pem);
    expect(at(118).pem).to.equal(at(0).pem);
    expect(at(120).pem).not.to.equal(at(0).pem);
    expect(certificate.checkPrivateKey(createPrivateKey(at(120).pem))).to.equal(false);
  });

  it("is another's where its names, its stack or its authority are", () => {
    const others = [
      issue(authority, "test", { ...request, names: ["a.example.org"] }, NOW),
      issue(authority, "another", request, NOW),
      issue(readAuthority(makeAuthority("test", NOW), NOW).authority as Authority, "test", request, NOW),
    ];
    for (const { pem } of others) expect(pem).not.to.equal(at(0).pem);
  });

  it("outlasts more than two terms, and never its authority", () => {
    expect(at(119).notAfter.getTime() - later(119).getTime()).to.be.above(270 * DAY);
    expect(at(3600).notAfter.getTime()).to.equal(authority.notAfter.getTime());
  });
});
