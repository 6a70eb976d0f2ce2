import { X509Certificate } from "node:crypto";
import { z } from "zod";
import type { Collector } from "./collectors";
import { readState, writeState } from "./disk";
import { CERTIFICATES } from "./layout";
import { gauge } from "./metric";
import type { System } from "./system";

/** By the name of the secret that a certificate came in: the end of its time, in ms of the epoch. */
const known = z.record(z.string(), z.number());

const readKnown = (system: System) => readState(system, CERTIFICATES, (value) => known.parse(value), {});

/**
 * Keeps until when a certificate in a secret is good, which anyone may know: the agent's user reads no secret. The first
 * certificate of a file is the host's own. Call it under the lock.
 */
export async function noteCertificate(system: System, secret: string, value: Buffer): Promise<void> {
  const [pem] =
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(value.toString("latin1")) ?? [];
  if (pem === undefined) return;
  const expiry = expiryOf(pem);
  if (expiry === undefined) return;
  const before = await readKnown(system);
  if (before[secret] !== expiry) await writeState(system, CERTIFICATES, { ...before, [secret]: expiry });
}

/** Undefined for what only looks like a certificate: whoever uses it will say so. */
function expiryOf(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}

export const certificateMetrics: Collector = async ({ system }) => [
  gauge(
    "certificate_expiry_timestamp_seconds",
    "Until when a certificate is good.",
    Object.entries(await readKnown(system)).map(([secret, expiry]) => ({
      labels: { secret },
      value: expiry / 1000,
    })),
  ),
];
