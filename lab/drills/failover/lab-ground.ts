import { setTimeout as pause } from "node:timers/promises";
import { NODEOS_DATA } from "../../../components/core/services/nodeos-files";
import { need } from "../run";
import type { SampleLab } from "../sample-lab";
import type { Ground, Part } from "./ground";
import { shiftClock } from "./lab-clock";
import { groupStatus, HOST_AGENT, leaderOf, validatorsOf } from "./lab-group";
import { cutHost, healHost } from "./lab-network";

const UNITS: Record<Part, string> = {
  nodeos: "nodeos.service",
  agent: "nodewright-failover.service",
  etcd: "nodewright-etcd.service",
};

/** Faults on hosts of a lab, as root of the hosts and of the machine below them. */
export function labGround(lab: SampleLab): Ground {
  const { members = [], groups = [] } = lab.plan.failover ?? {};
  const { leaseSeconds } = need(groups[0], "a group that takes turns").timing;
  return {
    validators: validatorsOf(lab),
    members: members.map(({ host }) => host),
    leaseSeconds,
    pause: (seconds) => pause(seconds * 1000),
    holder: async () => (await groupStatus(lab).catch(() => undefined))?.view?.holder?.host,
    leader: () => leaderOf(lab),
    signal: async (host, part, signal) => {
      const words = ["systemctl", "kill", "--kill-who=all", `--signal=${signal}`, UNITS[part]];
      await lab.tryInHost(host, ...words);
    },
    freeze: async (host) => void (await lab.container(host).pause()),
    thaw: async (host) => void (await lab.container(host).unpause()),
    kill: async (host) => {
      await lab.container(host).kill({ signal: "SIGKILL" });
      await pause(2_000);
      await lab.container(host).start();
    },
    cut: (host, from, how) => cutHost(lab, host, from, how),
    heal: (host) => healHost(lab, host),
    // The agent's process alone has another disk: nodeos keeps its own.
    fill: async (host) => {
      const full = `mount -t tmpfs -o size=64k drill ${NODEOS_DATA} && ! cat /dev/zero 2>/dev/null >${NODEOS_DATA}/full`;
      await lab.inHost(host, ...(await besideAgent(lab, host)), "sh", "-c", full);
    },
    empty: async (host) =>
      void (await lab.tryInHost(host, ...(await besideAgent(lab, host)), "umount", NODEOS_DATA)),
    shiftClock: (host, milliseconds) => shiftClock(lab, host, milliseconds),
    moveTo: async (host) => {
      const [by = host] = validatorsOf(lab);
      const { code, out } = await lab.tryInHost(by, HOST_AGENT, "failover", "move", host);
      return code === 0 && !out.includes("already");
    },
    restart: async () => {
      const restart = ["systemctl", "restart", UNITS.agent, UNITS.nodeos];
      await Promise.all(validatorsOf(lab).map((host) => lab.inHost(host, ...restart)));
    },
  };
}

/** Words before a command that is to see the mounts of a host's agent. */
async function besideAgent(lab: SampleLab, host: string): Promise<string[]> {
  const pid = await lab.inHost(host, "systemctl", "show", "--property=MainPID", "--value", UNITS.agent);
  return ["nsenter", "--mount", `--target=${pid.trim()}`];
}
