import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { HostDocument } from "../document";

/** A host document as it travels: the same bytes at birth, in user data, and later, over SSH. */
export interface Bundle {
  /** Of `json`. */
  sha256: string;
  json: string;
  /** gzip, then base64: how it is written in user data and on a channel. */
  packed: string;
}

const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

export function emitBundle(document: HostDocument): Bundle {
  const json = JSON.stringify(document);
  return { sha256: createHash("sha256").update(json).digest("hex"), json, packed: pack(json) };
}

/** gzip, then base64, the same bytes whoever runs the plan. */
export function pack(text: string): string {
  const gzip = gzipSync(text, { level: 9, memLevel: 9 });
  // The header names the system that packed it.
  gzip[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  return gzip.toString("base64");
}
