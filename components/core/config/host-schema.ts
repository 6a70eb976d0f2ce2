import { z } from "zod";
import type { Role } from "../roles/role";
import type { Service } from "../services/service";
import type { Registry } from "./registry";
import { sizeSchema } from "./units";

export const HOST_NAME = /^[a-z][a-z0-9-]{1,39}$/;
const MOST_HOSTS = 200;

export const serviceSettings = (services: readonly Service[]) =>
  z
    .strictObject(Object.fromEntries(services.map(({ name, settings }) => [name, settings.optional()])))
    .default({});

const number = z.number().int().min(1).max(MOST_HOSTS);
const range = z
  .strictObject({ min: number, max: number })
  .refine(({ min, max }) => min <= max, "has a min above its max");

const hardwareWishes = {
  machine: z
    .string()
    .optional()
    .describe("Machine type, by the target's name. Default: the cheapest that meets the role's floor."),
  bareMetal: z.boolean().optional().describe("Whether the machine shall be ours alone. Default false."),
  cores: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("At least so many (virtual) cores. Default: the role's floor."),
  memory: sizeSchema.optional().describe("At least so much memory. Default: the role's floor."),
  disk: sizeSchema.optional().describe("Size of the data disk. Default: the role's floor."),
  zone: z
    .string()
    .optional()
    .describe("Failure domain, by the target's name for it. Default: hosts of a group take turns over all."),
  belowFloor: z
    .string()
    .min(10, "says too little: write why less than the floor will do, for whoever reads the plan")
    .optional()
    .describe(
      "Why this host may have less than its role's floor. Shown in the plan, kept in the stack's outputs.",
    ),
};

const hostSchema = (role: Role, registry: Registry) =>
  z.strictObject({
    role: z.literal(role.name),
    count: (role.scales
      ? z.union([number, range], {
          error: `must be a number of hosts, 1 to ${MOST_HOSTS}, or { min, max } of them`,
        })
      : number
    )
      .optional()
      .describe(
        "Hosts of this kind, named <key>-1, <key>-2 …. Without it there is one, named as its key. Hosts of a role that scales become the cloud's scaling group, of a fixed size or { min, max }.",
      ),
    ...hardwareWishes,
    services: serviceSettings(registry.services.filter(({ name }) => role.services.includes(name))),
    ...role.settings,
  });

/** What an entry of that role may say. */
export const hostShape = (role: Role, registry: Registry): z.ZodType => hostSchema(role, registry);

/** Keys that an entry of that role may have. */
export const hostKeys = (role: Role, registry: Registry): string[] =>
  Object.keys(hostSchema(role, registry).shape);

export function hostsSchema(registry: Registry) {
  const [first, ...others] = registry.roles.map((role) => hostSchema(role, registry));
  if (!first) throw new Error("a registry needs at least one role");
  const name = z
    .string()
    .regex(HOST_NAME, "is no host name: a–z, 0–9 and -, a letter first, 2 to 40 of them");
  return z.record(name, z.discriminatedUnion("role", [first, ...others]));
}
