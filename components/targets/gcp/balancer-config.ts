import { z } from "zod";

const firewall = z
  .strictObject({
    requestsIn5Minutes: z
      .number()
      .int()
      .min(10)
      .max(1_000_000)
      .describe("Requests of one address in five minutes; what is over gets 429. From 10 to a million."),
    bodyBytes: z
      .number()
      .int()
      .min(1024)
      .optional()
      .describe(
        "Longest body that a request may announce; a longer one gets 403. Default none: the edge's limits.bodyBytes, which answers in JSON.",
      ),
    adaptive: z
      .boolean()
      .default(false)
      .describe("Whether Cloud Armor learns what is usual, and alerts to what is not. Default false."),
  })
  .describe("Cloud Armor before the balancer. Default none: the limits of services.proxy alone.");

/** Settings under `target.gcp.balancer`; names that AWS has too mean the same there. */
export const balancerSchema = z
  .strictObject({
    certificate: z
      .string()
      .regex(
        /^projects\/[a-z][a-z0-9-]+\/(global\/sslCertificates|locations\/global\/certificateMaps)\/[a-z][a-z0-9-]*$/,
        "is no certificate of a global balancer: projects/PROJECT/global/sslCertificates/NAME, or projects/PROJECT/locations/global/certificateMaps/NAME",
      )
      .optional()
      .describe(
        "Certificate, or map of Certificate Manager, for the names that clients call. Default: one that Google gives for the names of the stack's domain that lead to the pool.",
      ),
    firewall: firewall.optional(),
  })
  .describe(
    "A global external Application Load Balancer before each pool, which ends TLS, in place of a passthrough one. Default none.",
  );
