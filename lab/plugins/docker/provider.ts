import { version } from "@pulumi/docker/package.json";
import { z } from "zod";
import type { ProviderSpec } from "../provider";
import { containerResource } from "./container";
import { connectDaemon, daemonHost, explainDaemon } from "./daemon";
import { networkResource } from "./network";
import { remoteImageResource } from "./remote-image";
import { volumeResource } from "./volume";

const configSchema = z.strictObject({
  /** The daemon: `unix:///path` or `tcp://name:port`. Default: DOCKER_HOST, else the system's socket. */
  host: z
    .string()
    .regex(/^(unix:\/\/\/|tcp:\/\/)./, "unix:///path or tcp://name:port")
    .optional(),
});

/** The project's own plugin `docker`, for unmodified programs of `@pulumi/docker`. */
export function dockerProvider(): ProviderSpec<z.infer<typeof configSchema>> {
  let host = daemonHost(undefined);
  return {
    name: "docker",
    version,
    config: configSchema,
    resources: (config) => {
      host = daemonHost(config.host);
      const docker = connectDaemon(host);
      return {
        "docker:index/container:Container": containerResource(docker),
        "docker:index/network:Network": networkResource(docker),
        "docker:index/remoteImage:RemoteImage": remoteImageResource(docker),
        "docker:index/volume:Volume": volumeResource(docker),
      };
    },
    explain: (error) => explainDaemon(error, host),
  };
}
