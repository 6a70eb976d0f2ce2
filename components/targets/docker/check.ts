import { error, type Finding } from "../../core/config/finding";
import { overlaps } from "../../core/network/address";
import type { HostPlan } from "../../core/plan/plan";
import type { CheckedPlan } from "../target";
import type { DockerConfig } from "./config";

/** Mistakes that only this target can see. */
export const checkDocker = (config: DockerConfig, { hosts }: CheckedPlan, whole: boolean): Finding[] => [
  ...overlapping(config),
  ...(whole ? strangers(config, hosts) : []),
  ...unpublishable(config, hosts),
  ...publishedTwice(config),
];

function overlapping({ networks: { cluster, public: outside } }: DockerConfig): Finding[] {
  return (["ipv4", "ipv6"] as const)
    .filter((family) => overlaps(cluster[family], outside[family]))
    .map((family) =>
      error(
        `networks.cluster.${family}`,
        `${cluster[family]} overlaps networks.public.${family}, ${outside[family]}: give them separate ranges`,
      ),
    );
}

function strangers({ publish }: DockerConfig, hosts: readonly HostPlan[]): Finding[] {
  const names = hosts.map(({ name }) => name);
  return Object.keys(publish)
    .filter((name) => !names.includes(name))
    .map((name) => error(`publish.${name}`, `is no host of this stack. Hosts: ${names.join(", ")}`));
}

function unpublishable({ publish }: DockerConfig, hosts: readonly HostPlan[]): Finding[] {
  return Object.entries(publish).flatMap(([name, listeners]) => {
    const host = hosts.find((each) => each.name === name);
    if (!host) return [];
    const open = host.listeners
      .filter(({ exposure }) => exposure === "public")
      .map((listener) => listener.name);
    return Object.keys(listeners)
      .filter((listener) => !open.includes(listener))
      .map((listener) =>
        error(
          `publish.${name}.${listener}`,
          `is no public listener of "${name}". It has: ${open.join(", ") || "none"}`,
        ),
      );
  });
}

function publishedTwice({ publish }: DockerConfig): Finding[] {
  const taken = new Map<number, string>();
  return Object.entries(publish).flatMap(([host, listeners]) =>
    Object.entries(listeners).flatMap(([listener, port]) => {
      const path = `publish.${host}.${listener}`;
      const other = taken.get(port);
      taken.set(port, other ?? path);
      return other === undefined
        ? []
        : [error(path, `port ${port} of this machine is published by ${other} already: choose another`)];
    }),
  );
}
