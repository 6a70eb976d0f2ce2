import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type AuthorityPems, makeAuthority, readAuthority } from "../../tls/authority";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);

/** After OpenSSL has made one, whose time begins when it does. */
const soon = (): Date => new Date(Date.now() + 60_000);

/** An authority as OpenSSL makes it, of any kind of key. */
function byOpenssl(key: readonly string[], extension = "basicConstraints=critical,CA:TRUE"): AuthorityPems {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-tls-"));
  try {
    const [certificate, file] = [join(folder, "certificate"), join(folder, "key")];
    const words = [
      "req",
      "-x509",
      "-newkey",
      ...key,
      "-nodes",
      "-subj",
      "/CN=of an operator",
      "-days",
      "3650",
    ];
    execFileSync("openssl", [...words, "-addext", extension, "-keyout", file, "-out", certificate], {
      stdio: "ignore",
    });
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(file, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the authority of a stack", () => {
  const ours = makeAuthority("eos", NOW);
  const mistakes = (pems: AuthorityPems, now = NOW) => readAuthority(pems, now).mistakes;

  it("signs itself, for ten years and nothing below it but hosts", () => {
    const certificate = new X509Certificate(ours.certificate);
    expect(certificate.verify(certificate.publicKey)).to.equal(true);
    expect(certificate.ca).to.equal(true);
    expect(certificate.subject).to.equal("CN=nodewright eos");
    expect(mistakes(ours)).to.deep.equal([]);
    expect(readAuthority(ours, NOW).warnings).to.deep.equal([]);
  });

  it("is another one each time", () => expect(makeAuthority("eos", NOW).key).not.to.equal(ours.key));

  it("says a year before that it ends", () =>
    expect(readAuthority(ours, later(3300)).warnings.join()).to.match(
      /^expires on 2036-11-19: make the next/,
    ));

  it("may be an operator's own, with a key of RSA", () =>
    expect(mistakes(byOpenssl(["rsa:3072"]), soon())).to.deep.equal([])).timeout(60_000);

  const other = makeAuthority("eos", NOW);
  const BAD: [name: string, pems: () => AuthorityPems, now: () => Date, said: RegExp[]][] = [
    [
      "no text at all",
      () => ({ certificate: "", key: "" }),
      () => NOW,
      [/is no certificate/, /no private key/],
    ],
    [
      "the two halves exchanged",
      () => ({ certificate: ours.key, key: ours.certificate }),
      () => NOW,
      [/is no certificate/, /no private key/],
    ],
    ["another's key", () => ({ ...ours, key: other.key }), () => NOW, [/that of another certificate/]],
    ["an authority that has expired", () => ours, () => later(3651), [/^expired on /]],
    ["one that soon will", () => ours, () => later(3640), [/too soon to sign anything/]],
    ["one of the future", () => ours, () => later(-2), [/is not valid before/]],
    [
      "an elliptic curve",
      () => byOpenssl(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
      soon,
      [/key is of ec/],
    ],
    ["a weak key", () => byOpenssl(["rsa:2048"]), soon, [/too weak: RSA of 2048 bits/]],
    [
      "a host's certificate with a weak key of another",
      () => ({
        certificate: byOpenssl(["ed25519"], "basicConstraints=critical,CA:FALSE").certificate,
        key: byOpenssl(["rsa:2048"]).key,
      }),
      soon,
      [/is no authority/, /too weak/, /that of another certificate/],
    ],
  ];
  for (const [name, pems, now, said] of BAD)
    it(`is refused where it is ${name}`, () => {
      const found = mistakes(pems(), now());
      expect(found, found.join("\n")).to.have.lengthOf(said.length);
      for (const [index, pattern] of said.entries()) expect(found[index]).to.match(pattern);
    }).timeout(60_000);
});
