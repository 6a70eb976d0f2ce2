import { z } from "zod";
import { CERTIFICATE_SETTINGS } from "../../components/core/services/proxy-certificate";
import { settingsFrom } from "../settings-file";
import type { System } from "../system";

const schema = z.strictObject({
  /** Where HAProxy reads it: certificate, those above it, key. */
  certificate: z.string(),
  /** HAProxy's own socket. */
  socket: z.string(),
  /** Absent where the operator's own is served. */
  acme: z
    .strictObject({
      directory: z.url(),
      /** On loopback; HAProxy hands the authority's questions on to it. */
      port: z.number(),
      names: z.array(z.string()).min(1),
      email: z.string().exactOptional(),
    })
    .exactOptional(),
});

/** What the plan says of the edge's certificate (components/core/services/proxy-certificate.ts). */
export type CertificateSettings = z.infer<typeof schema>;
export type AcmeSettings = NonNullable<CertificateSettings["acme"]>;

export const certificateSettings = (system: System): Promise<CertificateSettings> =>
  settingsFrom(system, CERTIFICATE_SETTINGS, schema, "HAProxy ends no TLS on this host; see docs/edge.md");
