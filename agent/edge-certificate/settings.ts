import { z } from "zod";
import { CERTIFICATE_SETTINGS } from "../../components/core/services/proxy-certificate";
import { readText } from "../disk";
import { HostError, type System } from "../system";

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

export async function certificateSettings(system: System): Promise<CertificateSettings> {
  const text = await readText(system, CERTIFICATE_SETTINGS);
  if (text === undefined)
    throw new HostError(
      `${CERTIFICATE_SETTINGS} is not there: HAProxy ends no TLS on this host; see docs/edge.md`,
    );
  return schema.parse(JSON.parse(text));
}
