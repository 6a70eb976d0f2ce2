import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ground } from "../../../lab/drills/failover/ground";
import { until } from "../../../lab/drills/until";
import { HOSTS, type HostName, type LoopbackGroup, seconds } from "./loopback-group";
import type { LinkState } from "./tcp-link";

/** Faults on processes of this machine. */
export function loopbackGround(group: LoopbackGroup): Ground {
  const unitOf = (host: string, part: string) => {
    if (part === "etcd") return group.member(host);
    return part === "nodeos" ? group.host(host as HostName).nodeos : group.host(host as HostName).agent;
  };
  return {
    validators: HOSTS,
    members: group.memberNames,
    leaseSeconds: group.host("a").settings.timing.leaseSeconds,
    pause: seconds,
    holder: async () => (await group.view().catch(() => undefined))?.holder?.host,
    leader: () => group.leader(),
    signal: async (host, part, signal) => unitOf(host, part).signal(signal),
    freeze: async (name) => {
      const host = group.host(name as HostName);
      host.isFrozen = true;
      for (const unit of [host.agent, host.nodeos]) unit.signal("SIGSTOP");
      // What the kernel's gate does on a host once nobody refreshes it.
      const { fenceSeconds } = host.settings.timing;
      host.gate = setTimeout(() => host.toPeers.set("dropped"), fenceSeconds * 1000);
    },
    thaw: async (name) => {
      const host = group.host(name as HostName);
      clearTimeout(host.gate);
      for (const unit of [host.nodeos, host.agent]) unit.signal("SIGCONT");
      await seconds(1);
      host.toPeers.set("through", { ends: true });
      host.isFrozen = false;
    },
    kill: async (name) => {
      const host = group.host(name as HostName);
      for (const unit of [host.agent, host.nodeos]) unit.signal("SIGKILL");
    },
    cut: async (name, from, how) => {
      const host = group.host(name as HostName);
      const state: LinkState = how === "both" ? "dropped" : how === "in" ? "deaf" : { slow: 300 };
      if (from !== "etcd") host.toPeers.set(state);
      if (from !== "peers") for (const link of host.toEtcd) link.set(state);
    },
    heal: async (name) => {
      const host = group.host(name as HostName);
      for (const link of [host.toPeers, ...host.toEtcd]) link.set("through", { ends: true });
    },
    fill: async (name) => writeFileSync(join(group.host(name as HostName).folder, "full"), ""),
    empty: async (name) => rmSync(join(group.host(name as HostName).folder, "full"), { force: true }),
    shiftClock: async (name, milliseconds) =>
      writeFileSync(join(group.host(name as HostName).folder, "clock-ms"), `${milliseconds}`),
    moveTo: async (host) => {
      const order = { kind: "move" as const, host, by: "drill", time: new Date().toISOString() };
      return (await group.store().order(order, 30)) !== undefined;
    },
    restart: async () => {
      for (const name of HOSTS) for (const part of ["agent", "nodeos"]) unitOf(name, part).signal("SIGTERM");
      await until("the agents have ended", async () =>
        HOSTS.every((name) => group.host(name).agent.starts > 1),
      );
    },
  };
}
