import { LOGIN } from "../cloud-init/emit/user-data";
import { UserError } from "../components/core/config/finding";
import type { HostPlan, Plan } from "../components/core/plan/plan";
import type { Machine } from "../components/targets/bare-metal/config";

/** Addresses of a stack's hosts, by name, as its outputs tell them. */
export type Addresses = Record<string, { public?: string; cluster: string }>;

/** A host and how it is known: by the one key of the stack file, or as the operator's own `known_hosts` says. */
export interface SshRoute {
  /** Words of OpenSSH's `ssh`, up to the command. */
  words: string[];
  /** Lines of a `known_hosts`, which alone then count. */
  known?: string;
}

/** A plan knows where a machine of one's own is; a cloud tells it once the stack is up. */
export const isKnownBefore = ({ target }: Pick<Plan, "target">): boolean => target.name === "bare-metal";

/**
 * How the operator's own ssh, with the operator's own key, reaches a host of a stack that is no lab. Throws a `UserError`
 * for a host that the stack has not made yet.
 */
export function sshRoute(plan: Plan, addresses: Addresses, name: string): SshRoute {
  if (!isKnownBefore(plan)) return { words: viaCloud(plan, addresses, name) };
  const { hosts } = plan.target.config as { hosts: Record<string, Machine> };
  const machine = hosts[name];
  if (!machine) throw new UserError(`the stack file says no machine for "${name}"`);
  const { address, port, user, hostKey } = machine;
  return {
    words: ["-p", `${port}`, "-o", `HostKeyAlias=${name}`, `${user}@${address}`],
    known: `${name} ${hostKey.split(" ").slice(0, 2).join(" ")}\n`,
  };
}

/** Through the host that the outside can reach, where this one cannot be. */
function viaCloud({ hosts }: Plan, addresses: Addresses, name: string): string[] {
  const door = hosts.find((host: HostPlan) => host.name === name)?.reachedThrough;
  const at = (host: string, side: "public" | "cluster") => {
    const found = addresses[host]?.[side] ?? addresses[host]?.cluster;
    if (found === undefined) throw new UserError(`the stack has not made "${host}" yet: pulumi up`);
    return `${LOGIN}@${found}`;
  };
  return door === undefined ? [at(name, "public")] : ["-J", at(door, "public"), at(name, "cluster")];
}
