import type { Collector } from "../collectors";
import { gauge, plain } from "../metric";
import { readCertificateState } from "./keep";

/** The certificate that HAProxy serves. Left out where it serves none. */
export const edgeCertificateMetrics: Collector = async ({ system }) => {
  const found = await readCertificateState(system);
  const seconds = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text) / 1000);
  return [
    gauge(
      "edge_certificate_start_timestamp_seconds",
      "Since when the edge's certificate is good.",
      plain(seconds(found?.from)),
    ),
    gauge(
      "edge_certificate_expiry_timestamp_seconds",
      "Until when the edge's certificate is good.",
      plain(seconds(found?.until)),
    ),
    gauge(
      "edge_certificate_placeholder",
      "1 while the edge serves a certificate of its own making.",
      plain(found === undefined ? undefined : Number(found.isPlaceholder)),
    ),
  ];
};
