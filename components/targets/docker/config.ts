import { z } from "zod";
import { portSchema } from "../../core/config/units";
import { parseCidr } from "../../core/network/address";

const cidr = (family: 4 | 6, example: string) =>
  z
    .string()
    .refine(
      (text) => parseCidr(text)?.family === family,
      `is no IPv${family} network: write it like ${example}`,
    );

const subnet = (ipv4: string, ipv6: string) =>
  z
    .strictObject({ ipv4: cidr(4, ipv4).default(ipv4), ipv6: cidr(6, ipv6).default(ipv6) })
    .default({ ipv4, ipv6 });

/** Settings under `target.docker`. */
export const dockerConfig = z.strictObject({
  networks: z
    .strictObject({
      cluster: subnet("10.77.0.0/16", "fd00:77::/64").describe(
        "Between the hosts; has no way out. Default 10.77.0.0/16 and fd00:77::/64.",
      ),
      public: subnet("10.78.0.0/16", "fd00:78::/64").describe(
        "The outside of every host. Default 10.78.0.0/16 and fd00:78::/64.",
      ),
    })
    .prefault({}),
  image: z
    .string()
    .optional()
    .describe(
      "Image of the hosts: Debian with systemd and cloud-init. The lab builds one and gives its tag.",
    ),
  mirror: z
    .string()
    .startsWith("/", "is no absolute path")
    .optional()
    .describe("Folder on the Docker machine that holds the artifacts. The lab gives its own."),
  host: z
    .string()
    .optional()
    .describe("Docker API, as in DOCKER_HOST. Default: DOCKER_HOST, else /var/run/docker.sock."),
  publish: z
    .record(z.string(), z.record(z.string(), portSchema))
    .default({})
    .describe("Host → listener → port on the machine's 127.0.0.1. Default none."),
  labels: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "is no label"), z.string())
    .default({})
    .describe("Further labels of everything that is made: an owner, a cost centre. Default none."),
});

export type DockerConfig = z.output<typeof dockerConfig>;
