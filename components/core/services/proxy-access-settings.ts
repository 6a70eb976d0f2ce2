import { z } from "zod";

/** Where the public's own authority is asked (its documentation, "Staging and production"). */
const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

const DNS_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/;
const label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "is no name: a–z, 0–9 and -, up to 40");

/** How clients reach the edge, and who they are: settings of `services.proxy`. */
export const accessSettings = {
  tls: z
    .union([z.enum(["acme", "own", "balancer", "off"]), z.literal(false)], {
      error: "is none of acme, own, balancer, off",
    })
    // YAML 1.1 reads a bare off as false.
    .transform((said) => (said === false ? "off" : said))
    .optional()
    .describe(
      "Who ends TLS: acme (HAProxy, its certificate from an ACME authority), own (HAProxy, with the secret tls-certificate), balancer (one in front, or the pool's), off (nobody: plain HTTP). To be said for every public endpoint.",
    ),
  acme: z
    .strictObject({
      directory: z
        .url({ protocol: /^https$/, error: "is no https URL" })
        .default(LETS_ENCRYPT)
        .describe(`The authority's directory. Default Let's Encrypt, ${LETS_ENCRYPT}.`),
      email: z.email("is no e-mail address").optional().describe("Who hears of trouble. Default nobody."),
      names: z
        .array(z.string().regex(DNS_NAME, "is no name: write it like rpc.example.org"))
        .max(100)
        .default([])
        .describe("Names that the certificate is for. Default those that the stack's domain gives the host."),
    })
    .prefault({}),
  tiers: z
    .record(
      label,
      z.strictObject({
        unitsPerSecond: z
          .number()
          .int()
          .min(1)
          .max(100_000_000)
          .describe("What one key may spend a second, over ten seconds, wherever its owner calls from."),
      }),
    )
    .default({})
    .describe("Limits by kind of key. Default none."),
  keys: z
    .record(
      label,
      z.strictObject({
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, "is no SHA-256: 64 hexadecimal digits, in quotes")
          .describe("Of the key, which its owner alone has."),
        tier: label,
      }),
    )
    .default({})
    .describe(
      "API keys by the name of their owner, as hash. Sent as X-Api-Key or in the path, /key/<key>. Default none.",
    ),
  anonymous: z.boolean().default(true).describe("Whether calls without a key are served. Default true."),
};
