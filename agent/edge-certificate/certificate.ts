import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { HostError } from "../system";

/** A certificate with its key, as an endpoint serves it. */
export interface EdgeCertificate {
  /** Its own certificate, those above it, its key: what HAProxy reads. */
  pem: string;
  names: string[];
  from: Date;
  until: Date;
  /** SHA-1 in capitals, as HAProxy tells it. It names, it proves nothing. */
  fingerprint: string;
  isPlaceholder: boolean;
}

export const PLACEHOLDER = "nodewright placeholder";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[^-]+-----END ([A-Z]+ )?PRIVATE KEY-----/;

/**
 * Reads what someone put together in whatever order. Throws a `HostError` that says what is wrong with it, and never what
 * it holds.
 */
export function readCertificate(text: string): EdgeCertificate {
  const certificates = (text.match(CERTIFICATE) ?? []).map(parsed);
  if (certificates.length === 0) throw new HostError("holds no certificate in PEM");
  const key = keyOf(text);
  const own = certificates.find((each) => each.checkPrivateKey(key.object));
  if (!own) throw new HostError("holds a key that is of none of its certificates");
  const above = certificates.filter((each) => each !== own);
  return {
    pem: [own, ...above]
      .map((each) => each.toString().trim())
      .concat(key.text.trim(), "")
      .join("\n"),
    names: (own.subjectAltName ?? "").split(", ").flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []),
    from: new Date(own.validFrom),
    until: new Date(own.validTo),
    fingerprint: own.fingerprint.replaceAll(":", ""),
    // Certificates of today have no subject but their names: Node.js then gives none, whatever its types say.
    isPlaceholder: String(own.subject).includes(PLACEHOLDER),
  };
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new HostError("holds a certificate that cannot be read");
  }
}

function keyOf(text: string): { text: string; object: KeyObject } {
  const [found] = KEY.exec(text) ?? [];
  if (found === undefined) throw new HostError("holds no private key in PEM without a passphrase");
  try {
    return { text: found, object: createPrivateKey(found) };
  } catch {
    throw new HostError("holds a private key that cannot be read");
  }
}

/** Whether another one should be had: for other names than these, or with less than a third of its time left. */
export function isDue(certificate: EdgeCertificate, names: readonly string[], now: Date): boolean {
  const { from, until } = certificate;
  const left = until.getTime() - now.getTime();
  const hasNames = [...names].sort().join() === [...certificate.names].sort().join();
  return !hasNames || left < (until.getTime() - from.getTime()) / 3;
}
