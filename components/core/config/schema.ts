import { z } from "zod";
import type { Role } from "../roles/role";
import type { Service } from "../services/service";
import type { Registry } from "./registry";

/** A stack file's `nodewright:` keys, checked. Settings of services are as given: defaults join after merging, in the plan. */
export interface StackConfig {
  network: string;
  target: { name: string; config: unknown };
  hosts: Record<string, HostConfig>;
  services: Record<string, Settings>;
  peers: string[];
  sshKeys: string[];
  protect: boolean;
  releases: string;
  evm: { alloc: Record<string, string> };
  secrets: Record<string, unknown>;
}

export interface HostConfig {
  role: string;
  count?: number | undefined;
  services: Record<string, Settings>;
  producer?: string | undefined;
  signingKey?: string | undefined;
}

export type Settings = Record<string, unknown>;

export const HOST_NAME = /^[a-z][a-z0-9-]{1,39}$/;
const MOST_HOSTS = 200;

const serviceSettings = (services: readonly Service[]) =>
  z
    .strictObject(Object.fromEntries(services.map(({ name, settings }) => [name, settings.optional()])))
    .default({});

const hostSchema = (role: Role, registry: Registry) =>
  z.strictObject({
    role: z.literal(role.name),
    count: z
      .number()
      .int()
      .min(1)
      .max(MOST_HOSTS)
      .optional()
      .describe("Hosts of this kind, named <key>-1, <key>-2 …. Without it there is one, named as its key."),
    services: serviceSettings(registry.services.filter(({ name }) => role.services.includes(name))),
    ...role.settings,
  });

function hostsSchema(registry: Registry) {
  const [first, ...others] = registry.roles.map((role) => hostSchema(role, registry));
  if (!first) throw new Error("a registry needs at least one role");
  const name = z
    .string()
    .regex(HOST_NAME, "is no host name: a–z, 0–9 and -, a letter first, 2 to 40 of them");
  return z.record(name, z.discriminatedUnion("role", [first, ...others]));
}

const targetSchema = (registry: Registry) =>
  z
    .strictObject(Object.fromEntries(registry.targets.map(({ name, config }) => [name, config.optional()])))
    .transform((targets, context) => {
      const [chosen, ...others] = Object.entries(targets).filter(([, config]) => config !== undefined);
      if (chosen && others.length === 0) return { name: chosen[0], config: chosen[1] as unknown };
      context.addIssue({
        code: "custom",
        message: `names ${chosen ? "more than one target" : "no target"}: write one of ${registry.targets.map(({ name }) => name).join(", ")}`,
      });
      return z.NEVER;
    });

/** The schema of a stack file's `nodewright:` keys, for this registry. Strict: an unknown key is a mistake. */
export const stackSchema = (registry: Registry) =>
  z.strictObject({
    network: z
      .enum(Object.keys(registry.networks) as [string, ...string[]])
      .describe("The chain to join, by the name of its preset."),
    target: targetSchema(registry).describe(
      "Where the hosts run: one key, the target's name, with its settings.",
    ),
    hosts: hostsSchema(registry),
    services: serviceSettings(registry.services).describe(
      "Settings of services for all hosts; a host's own come over them.",
    ),
    peers: z
      .array(z.string().regex(/^[\w.-]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, "is no peer: name:port"))
      .default([])
      .describe("Further p2p peers, name:port, that seeds connect to."),
    sshKeys: z
      .array(z.string().regex(/^(ssh-ed25519|ecdsa-sha2-\S+|ssh-rsa) \S+/, "is no OpenSSH public key"))
      .default([])
      .describe("OpenSSH public keys that may log in, from the target's admin addresses only."),
    protect: z.boolean().default(true).describe("Whether data disks refuse to be deleted. Default true."),
    releases: z
      .string()
      .default("lab/releases/lock.json")
      .describe("The release lock: what hosts install, by version and sha256. Relative to the project."),
    /** For a private chain: EVM accounts that exist from the start, with their balance in wei. */
    evm: z
      .strictObject({
        alloc: z
          .record(
            z.string().regex(/^0x[0-9a-fA-F]{40}$/, "is no EVM address"),
            z.string().regex(/^\d+$/, "is no number of wei"),
          )
          .default({}),
      })
      .default({ alloc: {} }),
    secrets: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Set by `pulumi config set --secret`, never by hand. Named <host>/<secret>."),
  });
