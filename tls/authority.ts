import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  Certificate,
  id_ce_subjectKeyIdentifier,
  type Name,
  SubjectKeyIdentifier,
} from "@peculiar/asn1-x509";
import { certificatePem, distinguishedName, signsAlike } from "./certificate-bytes";

/** Both halves as PEM. */
export interface AuthorityPems {
  certificate: string;
  key: string;
}

/** Who signs the certificates of a stack, ready to do it. */
export interface Authority {
  /** Its certificate, PEM. */
  certificate: string;
  /** Its name, DER. */
  name: Buffer;
  key: KeyObject;
  keyId?: ArrayBuffer;
  notBefore: Date;
  notAfter: Date;
}

export const DAY_MS = 86_400_000;
const YEARS_MS = 10 * 365 * DAY_MS;
/** With less, the certificates that it signs would end before anyone has replaced it. */
const LEAST_LEFT_MS = 30 * DAY_MS;
const TOLD_MS = 365 * DAY_MS;
/** NIST SP 800-57: 128 bits of security, as ed25519 has. */
const LEAST_RSA_BITS = 3072;

/** A new authority for ten years, valid from a day ago: clocks of hosts differ. */
export function makeAuthority(stack: string, now: Date): AuthorityPems {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const name = `nodewright ${stack}`;
  const certificate = certificatePem(
    {
      serial: randomBytes(16),
      name,
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + YEARS_MS),
      publicKey,
      isAuthority: true,
      names: [],
      addresses: [],
    },
    { name: distinguishedName(name), key: privateKey },
  );
  return { certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }) as string };
}

/** The authority, or everything that is wrong with it; what should be known of it beside. */
export function readAuthority(
  pems: AuthorityPems,
  now: Date,
): { authority?: Authority; mistakes: string[]; warnings: string[] } {
  const certificate = attempt(() => new X509Certificate(pems.certificate));
  const key = attempt(() => createPrivateKey(pems.key));
  const mistakes = [
    ...(certificate
      ? certificateMistakes(certificate, now)
      : ["is no certificate: PEM is wanted, BEGIN CERTIFICATE"]),
    ...(key
      ? keyMistakes(key)
      : ["its key is no private key without a passphrase: PEM is wanted, BEGIN PRIVATE KEY"]),
    ...(certificate && key && !attempt(() => certificate.checkPrivateKey(key))
      ? ["its key is that of another certificate"]
      : []),
  ];
  if (!certificate || !key || mistakes.length > 0) return { mistakes, warnings: [] };
  const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const parsed = AsnConvert.parse(certificate.raw, Certificate);
  const authority = {
    certificate: certificate.toString(),
    name: nameOf(parsed.tbsCertificate.subject),
    key,
    ...keyIdOf(parsed),
    notBefore,
    notAfter,
  };
  const warnings =
    notAfter.getTime() - now.getTime() < TOLD_MS
      ? [`expires on ${notAfter.toISOString().slice(0, 10)}: make the next one before then`]
      : [];
  return { authority, mistakes, warnings };
}

function keyIdOf({ tbsCertificate }: Certificate): { keyId?: ArrayBuffer } {
  const found = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier);
  return found ? { keyId: AsnConvert.parse(found.extnValue.buffer, SubjectKeyIdentifier).buffer } : {};
}

const nameOf = (name: Name): Buffer => Buffer.from(AsnConvert.serialize(name));

function certificateMistakes(certificate: X509Certificate, now: Date): string[] {
  const left = Date.parse(certificate.validTo) - now.getTime();
  const day = certificate.validTo;
  return [
    ...(certificate.ca
      ? []
      : ["is no authority: its certificate must not sign others (basicConstraints CA)"]),
    ...(left <= 0 ? [`expired on ${day}`] : []),
    ...(left > 0 && left < LEAST_LEFT_MS ? [`expires on ${day}, too soon to sign anything`] : []),
    ...(Date.parse(certificate.validFrom) > now.getTime()
      ? [`is not valid before ${certificate.validFrom}`]
      : []),
  ];
}

function keyMistakes(key: KeyObject): string[] {
  const type = key.asymmetricKeyType;
  const bits = createPublicKey(key).asymmetricKeyDetails?.modulusLength ?? 0;
  if (!signsAlike(type))
    return [
      `its key is of ${type ?? "no known kind"}: take ed25519, or RSA of ${LEAST_RSA_BITS} bits or more, which sign the same each time; else every change would renew every certificate`,
    ];
  return type === "rsa" && bits < LEAST_RSA_BITS
    ? [`its key is too weak: RSA of ${bits} bits, ${LEAST_RSA_BITS} are the least`]
    : [];
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
