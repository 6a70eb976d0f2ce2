import { isIP, isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { adminNetwork } from "../../core/config/admins";
import { portSchema } from "../../core/config/units";
import { parseCidr } from "../../core/network/address";
import { operatingSystems } from "../../core/os";

const cidr = (...families: (4 | 6)[]) =>
  z.string().refine(
    (text) => {
      const parsed = parseCidr(text);
      return parsed !== undefined && families.includes(parsed.family);
    },
    `is no network: write it like ${families.includes(4) ? "10.20.0.0/16" : "fd20::/64"}`,
  );

const address = z.strictObject({
  ipv4: z.string().refine(isIPv4, "is no IPv4 address"),
  ipv6: z.string().refine(isIPv6, "is no IPv6 address").exactOptional(),
});

const systemNames = operatingSystems.map(({ name }) => name) as [string, ...string[]];

const machine = z.strictObject({
  address: z
    .string()
    .refine(
      (text) => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text),
      "is no address and no name",
    )
    .describe("Where the operator's machine reaches it by SSH: an address or a name."),
  port: portSchema
    .default(22)
    .describe("Port there. The host itself must listen on 22, which its firewall opens. Default 22."),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, "is no user name")
    .default("root")
    .describe(
      "Who logs in with the secret `ssh/private-key`: root, or a user with `sudo` without a password. Default root.",
    ),
  hostKey: z
    .string()
    .regex(
      /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+=*( .*)?$/,
      "is no host key: write a line of the machine's /etc/ssh/ssh_host_ed25519_key.pub, `ssh-ed25519 AAAA…`",
    )
    .describe(
      "The machine's public host key. No other machine is spoken to. Read it at the console, or from your provider.",
    ),
  os: z.enum(systemNames).describe("What is installed on it."),
  addresses: z.strictObject({
    public: address.optional().describe("By which the world reaches it. Default none."),
    cluster: address.describe("Its own in the network `cluster`."),
  }),
  machine: z.string().default("a machine of yours").describe("What it is, for people who read the plan."),
  monthly: z.number().min(0).optional().describe("What it costs a month, in USD. Default: not told."),
  belowFloor: z
    .string()
    .min(10, "says too little: write why this machine will do, for whoever reads the plan")
    .optional()
    .describe(
      "Why a machine will do that has less than its role's floor, no ECC say. Its reasons are then warnings.",
    ),
  zone: z.string().optional().describe("Rack or data centre: what fails together. Default: not told."),
});

/** Settings under `target.bare-metal`. */
export const bareMetalConfig = z.strictObject({
  hosts: z.record(z.string(), machine).describe("Host → the machine that it shall be."),
  cluster: z
    .strictObject({
      ipv4: cidr(4),
      ipv6: cidr(6).optional(),
    })
    .describe("Network between the hosts, one that the world is not in: private addresses, or a VPN."),
  admins: z
    .array(adminNetwork)
    .min(1)
    .describe("Networks that may log in by SSH. The operator's own must be among them."),
  mirror: z
    .url({ protocol: /^(https?|file)$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .describe(
      "Where the hosts find the artifacts, each by its sha256: a web server of yours, or a folder that every host has (`file:///srv/mirror`).",
    ),
});

export type BareMetalConfig = z.output<typeof bareMetalConfig>;
export type Machine = BareMetalConfig["hosts"][string];
