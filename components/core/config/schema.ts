import { z } from "zod";
import type { FailoverConfig } from "../failover/config";
import { type NetworkChoice, networkSchema } from "../networks/choice";
import { type ChainSection, chainSchema } from "./chain";
import { hostsSchema, serviceSettings } from "./host-schema";
import type { Registry } from "./registry";
import type { Size } from "./units";

/** A stack file's `nodewright:` keys, checked. Settings of services are as given: defaults join after merging, in the plan. */
export interface StackConfig {
  network: NetworkChoice;
  target: { name: string; config: unknown };
  hosts: Record<string, HostConfig>;
  services: Record<string, Settings>;
  peers: string[];
  peersOf: string[];
  dnsSeeds: string[];
  sshKeys: string[];
  protect: boolean;
  releases: string;
  packageMirror?: PackageMirror | undefined;
  domain?: string | undefined;
  dns: { seeds: number; ttl: number };
  budget?: string | undefined;
  acceptStandIns?: string | undefined;
  evm: { alloc: Record<string, string> };
  secrets: Record<string, unknown>;
  chain?: ChainSection | undefined;
}

/** Where hosts take packages of the operating system from: a copy of the distribution's own repositories, signed by it. */
export interface PackageMirror {
  main: string;
  security: string;
}

export interface HostConfig extends HardwareWishes {
  role: string;
  count?: number | { min: number; max: number } | undefined;
  services: Record<string, Settings>;
  producer?: string | undefined;
  signingKey?: string | undefined;
  /** Host → its own key, where hosts of the entry take turns. */
  signingKeys?: Record<string, string> | undefined;
  failover?: FailoverConfig | undefined;
}

/** What a stack asks of a host's hardware, in place of the role's floor. */
export interface HardwareWishes {
  /** A machine type of the target, by its name. Default: the cheapest that meets the floor. */
  machine?: string | undefined;
  bareMetal?: boolean | undefined;
  cores?: number | undefined;
  memory?: Size | undefined;
  disk?: Size | undefined;
  /** Failure domain, of those that the target spreads over. Default: hosts of a group take turns. */
  zone?: string | undefined;
  /** Why less than the floor is asked for. Without it, less is a mistake. */
  belowFloor?: string | undefined;
}

export type Settings = Record<string, unknown>;

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

/** The stack in the world: its domain, and what it may cost. */
const namesAndMoney = {
  domain: z
    .string()
    .regex(
      /^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      "is no domain: write it like nodes.example.org",
    )
    .optional()
    .describe(
      "Domain of your own that the stack's public names stand in: seed1 …, rpc, archive, status. Default none.",
    ),
  dns: z
    .strictObject({
      seeds: z
        .number()
        .int()
        .min(1)
        .max(10)
        .default(5)
        .describe("Seed names over the seed hosts. Default 5."),
      ttl: z
        .number()
        .int()
        .min(30)
        .max(3600)
        .default(60)
        .describe("Seconds that resolvers may keep an answer. Default 60."),
    })
    .prefault({}),
  budget: z
    .string()
    .regex(/^\d+(\.\d+)? USD$/, "is no budget: write it like 9000 USD, a month")
    .optional()
    .describe("The most that the stack may cost a month, at the catalog's list prices. Default none."),
};

const peersSchema = {
  peers: z
    .array(z.string().regex(/^[\w.-]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, "is no peer: name:port"))
    .default([])
    .describe("Further p2p peers, name:port, that seeds are always connected with."),
  dnsSeeds: z
    .array(z.string().regex(/^[a-z][\w.-]*\.[\w-]+:\d{1,5}$/i, "is no DNS seed: name:port"))
    .default([])
    .describe(
      "DNS seeds, name:port: each address behind the name is a public node that seeds may connect to. Default none.",
    ),
  peersOf: z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+\/[\w.-]+$/, "is no stack: organization/project/stack"))
    .default([])
    .describe(
      "Other nodewright stacks, organization/project/stack, whose public relays this one's seeds peer with.",
    ),
};

const repository = z
  .url({ protocol: /^https?$/, error: "is no URL: write it like http://apt.example.org/debian" })
  .regex(/^\S+$/);

const packageMirrorSchema = z
  .strictObject({ main: repository, security: repository })
  .optional()
  .describe(
    "Copy of the distribution's repositories that hosts take packages from: { main, security }. Default: the distribution's own.",
  );

/** The schema of a stack file's `nodewright:` keys, for this registry. Strict: an unknown key is a mistake. */
export const stackSchema = (registry: Registry) =>
  z.strictObject({
    network: networkSchema(registry.networks).describe(
      "The chain to join: a preset by its name, { preset, evm } to add an EVM chain to one, or a chain of your own.",
    ),
    target: targetSchema(registry).describe(
      "Where the hosts run: one key, the target's name, with its settings.",
    ),
    hosts: hostsSchema(registry),
    services: serviceSettings(registry.services).describe(
      "Settings of services for all hosts; a host's own come over them.",
    ),
    ...peersSchema,
    ...namesAndMoney,
    chain: chainSchema.optional(),
    sshKeys: z
      .array(z.string().regex(/^(ssh-ed25519|ecdsa-sha2-\S+|ssh-rsa) \S+/, "is no OpenSSH public key"))
      .default([])
      .describe("OpenSSH public keys that may log in, from the target's admin addresses only."),
    protect: z.boolean().default(true).describe("Whether data disks refuse to be deleted. Default true."),
    releases: z
      .string()
      .default("lab/releases/lock.json")
      .describe("The release lock: what hosts install, by version and sha256. Relative to the project."),
    packageMirror: packageMirrorSchema,
    acceptStandIns: z
      .string()
      .min(10, "says too little: write why software that is not the real one will do")
      .optional()
      .describe(
        "Why a stack on a public chain may run stand-ins. Without it they are previewed, never brought up.",
      ),
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
