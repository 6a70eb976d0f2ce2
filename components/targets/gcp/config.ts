import { z } from "zod";
import { adminsSchema } from "../../core/config/admins";
import type { Provisioned } from "../../core/hardware/disk";
import { overlaps, parseCidr } from "../../core/network/address";
import { balancerSchema } from "./balancer-config";
import { CATALOG } from "./catalog";

const REGIONS = Object.keys(CATALOG.prices.regionFactor) as [string, ...string[]];

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** The network is cut in two subnets, and the smaller of a fixed and a drawn address must not be likely to meet. */
const SIZES = { largest: 9, smallest: 22 } as const;

const network = z.string().superRefine((text, context) => {
  const cidr = parseCidr(text);
  const complain = (message: string) => context.addIssue({ code: "custom", message });
  if (cidr?.family !== 4) return complain("is no IPv4 network: write it like 10.81.0.0/16");
  if (cidr.bits < SIZES.largest || cidr.bits > SIZES.smallest)
    complain(`is of no size that serves: from /${SIZES.smallest} to /${SIZES.largest}`);
  if (!PRIVATE.some((block) => overlaps(block, text)))
    complain(`is not private: take a part of ${PRIVATE.join(", ")}`);
});

const hyperdisk = CATALOG.disks.find(({ name }) => name === "hyperdisk-balanced");

/** Whole numbers from what the price includes to the most that is sold. */
const figure = (offer: Provisioned | undefined) =>
  z
    .number()
    .int()
    .min(offer?.included ?? 0)
    .max(offer?.maximum ?? 0);

const disk = z.strictObject({
  type: z
    .enum(["hyperdisk-balanced", "pd-ssd"])
    .optional()
    .describe("Default: hyperdisk-balanced where the machine takes it, else pd-ssd."),
  iops: figure(hyperdisk?.iops)
    .optional()
    .describe("Operations a second, of hyperdisks. Default: those that the price includes, 3000."),
  throughput: figure(hyperdisk?.throughput)
    .optional()
    .describe("MB a second, of hyperdisks. Default: those that the price includes, 140."),
});

/** Settings under `target.gcp`. Credentials come from the environment alone. */
export const gcpConfig = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "is no project id: 6 to 30 of a–z, 0–9 and -, a letter first")
    .describe("Id of the project that everything is made in. Not its number, nor its name."),
  region: z.enum(REGIONS).describe("Where everything runs, like europe-west4."),
  zones: z
    .array(z.string().regex(/^[a-z]$/, "is no zone: write its letter, like b"))
    .min(1)
    .refine((letters) => new Set(letters).size === letters.length, "names a zone twice")
    .default(["b", "c"])
    .describe(
      "Letters of the region's zones that hosts of a group are spread over, in this order. Default b and c, which every region has.",
    ),
  admins: adminsSchema,
  network: network
    .default("10.81.0.0/16")
    .describe("Range of the hosts' own network, half of it for members of pools. Default 10.81.0.0/16."),
  image: z
    .string()
    .regex(
      /^projects\/[a-z][a-z0-9-]+\/global\/images\/(family\/)?[a-z][a-z0-9-]*$/,
      "is no image: write projects/PROJECT/global/images/NAME, or …/images/family/FAMILY",
    )
    .default("projects/debian-cloud/global/images/family/debian-12")
    .describe("What machines are born from; ignored afterwards. Default Google's newest Debian 12."),
  disk: disk.prefault({}).describe("Data disks of all hosts."),
  balancer: balancerSchema.optional(),
  dnsZone: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, "is no managed zone: write its name, not the domain")
    .optional()
    .describe("Name of a public managed zone that is there already. Default: the stack makes its domain's."),
  mirror: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional()
    .describe("A web server of your own with the artifacts, each by its sha256, in place of a bucket."),
  labels: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "is no label"),
      z.string().regex(/^[a-z0-9_-]{0,63}$/, "is no value of a label: a–z, 0–9, _ and -"),
    )
    .default({})
    .describe("Further labels of everything that takes labels: an owner, a cost centre. Default none."),
});

export type GcpConfig = z.output<typeof gcpConfig>;

/** Zones that a region has, by letter. All others have a, b and c (cloud.google.com/compute/docs/regions-zones). */
const OTHER_ZONES: Readonly<Record<string, string>> = {
  "us-central1": "abcf",
  "us-east1": "bcd",
  "europe-west1": "bcd",
};

export const zonesOf = (region: string): string[] => [...(OTHER_ZONES[region] ?? "abc")];
