import { z } from "zod";
import { adminNetwork, adminsSchema } from "../../core/config/admins";
import { overlaps, parseCidr } from "../../core/network/address";

/** Regions that every account may use, or may ask to (AWS General Reference, Regions and Zones). */
const REGIONS = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2"],
  ...["eu-west-3", "ap-east-1", "ap-south-1", "ap-south-2", "ap-northeast-1", "ap-northeast-2"],
  ...["ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"],
  ...["ap-southeast-5", "ap-southeast-7", "af-south-1", "il-central-1", "me-central-1", "me-south-1"],
  "sa-east-1",
] as const;

/** A VPC spans at most a /16, and each zone takes two /20. */
const isNetwork = (text: string): boolean => {
  const cidr = parseCidr(text);
  return cidr?.family === 4 && cidr.bits >= 16 && cidr.bits <= 19;
};

const tagKey = z
  .string()
  .regex(/^(?!aws:)[\w.:/=+@ -]{1,128}$/, "is no tag: up to 128 letters, not aws: first");

const balancerSchema = z
  .strictObject({
    certificate: z
      .string()
      .regex(
        /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
        "is no certificate of ACM: arn:aws:acm:<region>:<account>:certificate/<id>",
      )
      .describe("ARN of the certificate, in ACM of the stack's region, for the names that clients call."),
    firewall: z
      .strictObject({
        requestsIn5Minutes: z
          .number()
          .int()
          .min(10)
          .max(2_000_000_000)
          .describe("Requests of one address in five minutes; what is over gets 429. From 10."),
      })
      .optional()
      .describe("AWS WAF before the balancer. Default none: the limits of services.proxy alone."),
  })
  .describe(
    "An Application Load Balancer before each pool, which ends TLS, in place of a network balancer, which passes TCP on. Default none.",
  );

/** Settings under `target.aws`. Credentials are never among them: they come from the environment. */
export const awsConfig = z
  .strictObject({
    region: z.enum(REGIONS).describe("Region of everything but the domain's zone: eu-central-1."),
    zones: z
      .array(z.string().regex(/^([a-z]{2}(-[a-z]+)+-\d)?[a-f]$/, "is no zone: write its letter, like a"))
      .min(1, "names no zone")
      .max(6)
      .default(["a", "b"])
      .describe("Availability zones to spread hosts over, by their letter. Default a and b."),
    admins: adminsSchema,
    network: z
      .string()
      .refine(isNetwork, "is no IPv4 network from /16 to /19: write it like 10.80.0.0/16")
      .default("10.80.0.0/16")
      .describe("IPv4 network of the stack. IPv6 comes from Amazon. Default 10.80.0.0/16."),
    image: z
      .string()
      .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "is no image: ami- and 17 hexadecimal digits")
      .optional()
      .describe("Image of new machines. Default: Debian 12's newest at that moment."),
    disk: z
      .strictObject({
        type: z
          .enum(["gp3", "io2"])
          .default("gp3")
          .describe("Kind of the data disks: gp3 or io2. Default gp3."),
        iops: z
          .number()
          .int()
          .min(100)
          .optional()
          .describe("Operations a second. Default 6000 under a node."),
        throughput: z
          .number()
          .int()
          .min(125)
          .optional()
          .describe("MiB a second, gp3 alone. Default 250 under a node."),
      })
      .prefault({}),
    mirror: z
      .url({ protocol: /^https?$/, error: "is no http or https URL" })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional()
      .describe("A mirror of your own in place of the stack's bucket. It must hold the host bundles, too."),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "is no bucket name: 3 to 63 of a–z, 0–9 and -")
      .optional()
      .describe(
        "Name of the mirror's bucket, unique in all of AWS. Default: made from the stack and the region.",
      ),
    balancer: balancerSchema.optional(),
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{5,31}$/, "is no hosted zone id: Z and up to 31 of A–Z and 0–9")
      .optional()
      .describe("Id of the Route 53 zone that holds the stack's domain already. Default: one is made."),
    tags: z
      .record(tagKey, z.string().max(256))
      .default({})
      .describe("Further tags of everything that is made: an owner, a cost centre. Default none."),
  })
  .superRefine(({ region, zones, network, admins, balancer }, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const most = 2 ** (19 - (parseCidr(network)?.bits ?? 16));
    if (isNetwork(network) && zones.length > most)
      complain(
        ["network"],
        `has room for ${most} of ${zones.length} zones, two /20 each: widen it, up to a /16`,
      );
    zones.forEach((zone, index) => {
      if (zone.length > 1 && zone.slice(0, -1) !== region) complain(["zones", index], `is not in ${region}`);
      if (zones.findIndex((other) => other.at(-1) === zone.at(-1)) < index)
        complain(["zones", index], "stands twice");
    });
    const home = balancer?.certificate.split(":")[3];
    if (home !== undefined && home !== region)
      complain(
        ["balancer", "certificate"],
        `is of ${home}, and a balancer in ${region} takes one of there: ask ACM in ${region} for it`,
      );
    if (balancer && zones.length < 2)
      complain(["zones"], "is one, and a balancer that ends TLS stands in two or more: name a second");
    admins.forEach((cidr, index) => {
      if (adminNetwork.safeParse(cidr).success && overlaps(cidr, network))
        complain(["admins", index], `overlaps the stack's own network, ${network}: nobody comes from there`);
    });
  });

export type AwsConfig = z.output<typeof awsConfig>;
