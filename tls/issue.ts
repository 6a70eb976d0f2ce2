import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import type { CertificateRequest } from "../components/core/tls/certificate";
import { type Authority, DAY_MS } from "./authority";
import { certificatePem } from "./certificate-bytes";

/** A change of the stack renews the certificates of an older term; they outlast two terms and more. */
const TERM_MS = 120 * DAY_MS;
const VALID_MS = 400 * DAY_MS;

/** PKCS #8 around the 32 bytes of an ed25519 key (RFC 8410, 7). */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** A host's private key and certificate, PEM, in one file. */
export interface Identity {
  pem: string;
  notAfter: Date;
}

/**
 * What a host proves itself with. The same authority gives the same bytes for the same request until its term ends, so
 * nothing of it need be kept, and a second run changes nothing. The host's key is derived from the authority's: who has
 * that could sign any other for it as well.
 */
export function issue(authority: Authority, stack: string, request: CertificateRequest, now: Date): Identity {
  const term = Math.max(0, Math.floor((now.getTime() - authority.notBefore.getTime()) / TERM_MS));
  const start = authority.notBefore.getTime() + term * TERM_MS;
  const notAfter = new Date(Math.min(start + VALID_MS, authority.notAfter.getTime()));
  const derive = (what: string, bytes: number): Buffer =>
    derived(
      authority.key,
      JSON.stringify([what, stack, request.host, request.names, request.addresses, term]),
      bytes,
    );
  const key = createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8, derive("key", 32)]),
    format: "der",
    type: "pkcs8",
  });
  const certificate = certificatePem(
    {
      serial: derive("serial", 16),
      name: (request.names[0] ?? request.host).slice(0, 64),
      notBefore: new Date(start),
      notAfter,
      publicKey: createPublicKey(key),
      isAuthority: false,
      names: request.names,
      addresses: request.addresses,
    },
    authority,
  );
  return { pem: `${certificate}${key.export({ type: "pkcs8", format: "pem" })}`, notAfter };
}

const derived = (key: KeyObject, info: string, bytes: number): Buffer =>
  Buffer.from(
    hkdfSync("sha256", key.export({ type: "pkcs8", format: "der" }), "nodewright certificates", info, bytes),
  );
