import { z } from "zod";
import { adminsSchema } from "../../core/config/admins";
import { overlaps, parseCidr } from "../../core/network/address";
import { CATALOG } from "./catalog";

/** Regions with Spaces (SpacesRegions of the Terraform provider), of those that the catalog knows. */
const SPACES = ["ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "sfo2", "sfo3", "sgp1", "syd1", "tor1"];
const REGIONS = Object.keys(CATALOG.prices.regionFactor) as [string, ...string[]];

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** The platform's own (docs.digitalocean.com/products/networking/vpc/details/limits). */
const RESERVED = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24"];

// docs.digitalocean.com/products/networking/vpc/concepts/plan-your-network: "from /28 to /16".
const range = z.string().superRefine((text, context) => {
  const cidr = parseCidr(text);
  const complain = (message: string) => context.addIssue({ code: "custom", message });
  if (cidr?.family !== 4) return complain("is no IPv4 network: write it like 10.82.0.0/16");
  if (cidr.bits < 16 || cidr.bits > 28) complain("is of no size that a VPC has: from /28 to /16");
  if (!PRIVATE.some((block) => overlaps(block, text)))
    complain(`is not private: take a part of ${PRIVATE.join(", ")}`);
  const taken = RESERVED.find((block) => overlaps(block, text));
  if (taken !== undefined) complain(`overlaps ${taken}, which DigitalOcean keeps for itself: take another`);
});

/** Settings under `target.digitalocean`. The token and the keys of Spaces come from the environment alone. */
export const digitalOceanConfig = z.strictObject({
  region: z.enum(REGIONS).describe("Where everything runs. A region is one datacenter."),
  admins: adminsSchema,
  network: range
    .default("10.82.0.0/16")
    .describe(
      "Range of the VPC between the hosts; no other VPC of the account may overlap it. Default 10.82.0.0/16.",
    ),
  vpc: z
    .uuid("is no VPC: write its id, a UUID")
    .optional()
    .describe("A VPC that is there already; `network` must be its range. Default: the stack makes one."),
  image: z
    .string()
    .regex(
      /^([a-z][a-z0-9-]{2,}|\d+)$/,
      "is no image: write a slug like debian-12-x64, or a snapshot's number",
    )
    .default("debian-12-x64")
    .describe("What droplets are born from; ignored afterwards. Default debian-12-x64."),
  balancer: z
    .unknown()
    .refine(
      () => false,
      "is not here: a balancer of DigitalOcean has no web firewall, and could end TLS for a domain alone that leads there before it is made. Use hosts without a pool (count: 1) with services.proxy.tls: acme, or a balancer of your own before such hosts",
    )
    .optional()
    .describe("Refused: no balancer of DigitalOcean ends TLS here, and none has a web firewall."),
  zone: z
    .string()
    .regex(/^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "is no domain")
    .optional()
    .describe(
      "A domain of the account that is there already, to write the stack's names in. Default: the stack makes its own domain's.",
    ),
  keysInAccount: z
    .boolean()
    .default(false)
    .describe(
      "Whether the account holds the stack's SSH keys already (another stack's, or added by hand): it takes each key once. Default false.",
    ),
  spaces: z
    .strictObject({
      region: z
        .enum(SPACES as [string, ...string[]])
        .optional()
        .describe("Default: the stack's region, or nyc3 where that has no Spaces."),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "is no bucket name: 3 to 63 of a–z, 0–9 and -")
        .optional()
        .describe("Bucket names are one world for all customers. Default: made of stack and region."),
    })
    .prefault({})
    .describe("The object store that holds what hosts install."),
  mirror: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional()
    .describe("A web server of your own with the artifacts, each by its sha256, in place of a bucket."),
  tags: z
    .array(z.string().regex(/^[a-zA-Z0-9:\-_]{1,255}$/, "is no tag: letters, digits, colons, dashes and _"))
    .default([])
    .describe("Further tags of droplets and volumes. Default none."),
});

export type DigitalOceanConfig = z.output<typeof digitalOceanConfig>;

/** Where the bucket lies: Spaces is not in every region. */
export const spacesRegion = ({ region, spaces }: Pick<DigitalOceanConfig, "region" | "spaces">): string =>
  spaces.region ?? (SPACES.includes(region) ? region : "nyc3");
