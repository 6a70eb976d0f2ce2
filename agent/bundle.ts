import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { HostDocument } from "../cloud-init/document";
import { readBytes, sha256 } from "./disk";
import { documentSchema } from "./document-schema";
import { BUNDLE } from "./layout";
import type { System } from "./system";

/** A document together with the bytes it came as. */
export interface Bundle {
  document: HostDocument;
  /** The JSON text, unpacked: what is stored. */
  text: string;
  /** Of `text`. The sender computes the same from the JSON it packed. */
  sha256: string;
}

/** The document cannot be used. Nothing on the host was changed. */
export class BundleError extends Error {}

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a bundle as it travels: JSON, gzipped JSON, or that in base64. Throws BundleError with every mistake. */
export function decodeBundle(bytes: Buffer, from: string): Bundle {
  const text = unpack(bytes, from);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BundleError(
      `${from}: is no JSON; send the host document as JSON, or that gzipped and in base64`,
    );
  }
  refuseOtherShape(value, from);
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success)
    throw new BundleError(`${from}: is no host document\n${z.prettifyError(parsed.error)}`);
  return { document: parsed.data, text, sha256: sha256(text) };
}

/** The bundle that this host was last given; undefined before the first. */
export async function currentBundle(system: System): Promise<Bundle | undefined> {
  const bytes = await readBytes(system, BUNDLE);
  return bytes && decodeBundle(bytes, BUNDLE);
}

function unpack(bytes: Buffer, from: string): string {
  const isJson = bytes.toString("latin1", 0, 64).trimStart().startsWith("{");
  if (isJson) return bytes.toString();
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return gunzipSync(isGzip ? bytes : Buffer.from(bytes.toString(), "base64"), {
      maxOutputLength: MAX_BYTES,
    }).toString();
  } catch {
    throw new BundleError(
      `${from}: is neither JSON nor gzip (plain or in base64), or was cut short; send it again`,
    );
  }
}

function refuseOtherShape(value: unknown, from: string): void {
  const schema = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (schema === 1) return;
  throw new BundleError(
    `${from}: has shape ${JSON.stringify(schema) ?? "unknown"}, and this nodewright-host knows only 1; put its newer release on the host first`,
  );
}
