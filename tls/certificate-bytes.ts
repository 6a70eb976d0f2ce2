import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

/** What a certificate says. */
export interface CertificateText {
  /** 8 to 20 bytes, made positive. */
  serial: Buffer;
  name: string;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  /** Set for an authority: it signs others, which sign none. */
  isAuthority: boolean;
  names: readonly string[];
  addresses: readonly string[];
}

/** Who signs: an authority's name as it stands in its own certificate (DER), and its key. */
export interface Signer {
  name: Buffer;
  key: KeyObject;
  /** As its certificate says it (subjectKeyIdentifier); by default what we would say. */
  keyId?: ArrayBuffer;
}

/** RFC 8410 and RFC 8017: both sign the same bytes the same way each time, which ECDSA does not. */
const ALGORITHMS = {
  ed25519: { id: "1.3.101.112", parameters: undefined, digest: null },
  rsa: { id: "1.2.840.113549.1.1.11", parameters: new Uint8Array([5, 0]).buffer, digest: "sha256" },
} as const;

const COMMON_NAME = "2.5.4.3";

export const signsAlike = (type: string | undefined): type is keyof typeof ALGORITHMS =>
  type !== undefined && type in ALGORITHMS;

/** A name of one part, as DER. */
export const distinguishedName = (name: string): Buffer =>
  Buffer.from(
    AsnConvert.serialize(
      new Name([
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: name }) }),
        ]),
      ]),
    ),
  );

/** The certificate as PEM: the same words signed by the same key are the same bytes. */
export function certificatePem(text: CertificateText, signer: Signer): string {
  const { asymmetricKeyType } = signer.key;
  if (!signsAlike(asymmetricKeyType))
    throw new Error(`no certificate is signed by a key of ${asymmetricKeyType}`);
  const { id, parameters, digest } = ALGORITHMS[asymmetricKeyType];
  const algorithm = new AlgorithmIdentifier({ algorithm: id, ...(parameters ? { parameters } : {}) });
  const serial = Buffer.from(text.serial);
  // A first bit that is set would make it negative; a leading zero would not be DER.
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: toBuffer(serial),
    signature: algorithm,
    issuer: AsnConvert.parse(signer.name, Name),
    validity: new Validity({ notBefore: text.notBefore, notAfter: text.notAfter }),
    subject: AsnConvert.parse(distinguishedName(text.name), Name),
    subjectPublicKeyInfo: publicKeyInfo(text.publicKey),
    extensions: new Extensions(extensions(text, signer)),
  });
  const signature = sign(digest, Buffer.from(AsnConvert.serialize(body)), signer.key);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: toBuffer(signature),
  });
  return pem(Buffer.from(AsnConvert.serialize(certificate)));
}

function extensions(
  { isAuthority, names, addresses, publicKey }: CertificateText,
  { key, keyId: signerId = keyId(createPublicKey(key)) }: Signer,
): Extension[] {
  const usage = isAuthority
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature;
  const constraints = isAuthority ? { cA: true, pathLenConstraint: 0 } : {};
  return [
    extension(id_ce_basicConstraints, new BasicConstraints(constraints), true),
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(publicKey))),
    ...(isAuthority
      ? []
      : [
          extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth, id_kp_clientAuth])),
          extension(
            id_ce_authorityKeyIdentifier,
            new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(signerId) }),
          ),
          extension(
            id_ce_subjectAltName,
            new SubjectAlternativeName([
              ...names.map((dNSName) => new GeneralName({ dNSName })),
              ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
            ]),
          ),
        ]),
  ];
}

const extension = (extnID: string, value: object, critical = false): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

const publicKeyInfo = (key: KeyObject): SubjectPublicKeyInfo =>
  AsnConvert.parse(key.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo);

/** RFC 5280, 4.2.1.2: the hash of the public key's bits. */
const keyId = (key: KeyObject): ArrayBuffer =>
  toBuffer(
    createHash("sha1")
      .update(Buffer.from(publicKeyInfo(key).subjectPublicKey))
      .digest(),
  );

const toBuffer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
