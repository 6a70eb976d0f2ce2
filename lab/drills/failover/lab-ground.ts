import { setTimeout as pause } from "node:timers/promises";
import type { FailoverStatus } from "../../../agent/failover/status";
import { knownAddress } from "../../../components/core/network/address-ref";
import { PROGRAMS } from "../../../components/core/services/service";
import { need } from "../run";
import type { SampleLab } from "../sample-lab";
import type { Ground, Part } from "./ground";
import type { Term } from "./judge";

const HOST_AGENT = `${PROGRAMS}/nodewright-host`;
const UNITS: Record<Part, string> = {
  nodeos: "nodeos.service",
  agent: "nodewright-failover.service",
  etcd: "nodewright-etcd.service",
};
const PORTS = { etcd: [2379, 2380], peers: [9876] };
const TABLE = "inet drill_failover";
/** Of a hundred packets: TCP still gets on, badly. */
const LOST_PERCENT = 15;
const QUICK_SECONDS = 20;

/** The group of a lab as some host of it that answers knows it. */
export async function groupStatus(lab: SampleLab): Promise<FailoverStatus> {
  const answers = await Promise.allSettled(
    validatorsOf(lab).map(async (host) => {
      const text = await quickly(lab.inHost(host, HOST_AGENT, "failover", "status", "--json"));
      return JSON.parse(text) as FailoverStatus;
    }),
  );
  const found = answers
    .flatMap((each) => (each.status === "fulfilled" ? [each.value] : []))
    .filter(({ view }) => view !== undefined)
    .sort((one, other) => (one.viewAgeSeconds ?? 0) - (other.viewAgeSeconds ?? 0));
  return need(found[0], "a host that knows its group");
}

/** Frozen hosts do not answer, and Docker waits for them. */
const quickly = <Value>(work: Promise<Value>): Promise<Value> =>
  Promise.race([
    work,
    pause(QUICK_SECONDS * 1000).then(() => {
      throw new Error(`no answer within ${QUICK_SECONDS} s`);
    }),
  ]);

export const termsOf = ({ view }: FailoverStatus): Term[] =>
  (view?.history ?? []).map(({ term, host }) => ({ term, host }));

export const validatorsOf = ({ plan }: SampleLab): string[] =>
  (plan.failover?.groups ?? []).flatMap(({ hosts }) => hosts.map(({ name }) => name));

/** Faults on hosts of a lab, as root of the hosts and of the machine below them. */
export function labGround(lab: SampleLab): Ground {
  const { members = [], groups = [] } = lab.plan.failover ?? {};
  const timing = need(groups[0], "a group that takes turns").timing;
  const heal = async (host: string) => void (await lab.tryInHost(host, "nft", `delete table ${TABLE}`));
  return {
    validators: validatorsOf(lab),
    members: members.map(({ host }) => host),
    leaseSeconds: timing.leaseSeconds,
    pause: (seconds) => pause(seconds * 1000),
    holder: async () => (await groupStatus(lab).catch(() => undefined))?.view?.holder?.host,
    leader: () => leaderOf(lab),
    signal: async (host, part, signal) =>
      void (await lab.tryInHost(
        host,
        "systemctl",
        "kill",
        "--kill-who=all",
        `--signal=${signal}`,
        UNITS[part],
      )),
    freeze: async (host) => void (await lab.container(host).pause()),
    thaw: async (host) => void (await lab.container(host).unpause()),
    kill: async (host) => {
      await lab.container(host).kill({ signal: "SIGKILL" });
      await pause(2_000);
      await lab.container(host).start();
    },
    cut: async (host, from, how) => {
      const ports = from === "everything" ? [...PORTS.etcd, ...PORTS.peers] : PORTS[from];
      await heal(host);
      await lab.inHost(host, "nft", cutOf(ports, how));
    },
    heal,
    moveTo: async (host) => {
      const [by = host] = validatorsOf(lab);
      return (await lab.tryInHost(by, HOST_AGENT, "failover", "move", host)).code === 0;
    },
    restart: async () => {
      await Promise.all(
        validatorsOf(lab).map((host) => lab.inHost(host, "systemctl", "restart", UNITS.agent, UNITS.nodeos)),
      );
    },
  };
}

/** Replies of the other end come from its port; what this host begins goes there; what others begin comes to its own. */
function cutOf(ports: readonly number[], how: "both" | "in" | "slow" | "lossy"): string {
  const set = `{ ${ports.join(", ")} }`;
  // No netem in this kernel: late packets are lost ones, a few at a time.
  const share = how === "slow" ? "numgen random mod 100 < 5" : `numgen random mod 100 < ${LOST_PERCENT}`;
  const verdict = how === "both" || how === "in" ? "drop" : `${share} drop`;
  const hooks = how === "in" ? (["input"] as const) : (["input", "output"] as const);
  // Its own member, on the host itself, it always reaches.
  const away = { input: 'iifname != "lo"', output: 'oifname != "lo"' };
  return [
    `add table ${TABLE}`,
    ...hooks.flatMap((hook) => [
      `add chain ${TABLE} ${hook} { type filter hook ${hook} priority -300; }`,
      ...["sport", "dport"].map(
        (side) => `add rule ${TABLE} ${hook} ${away[hook]} tcp ${side} ${set} ${verdict}`,
      ),
    ]),
  ].join("; ");
}

/** As each member's metrics say it. */
async function leaderOf(lab: SampleLab): Promise<string> {
  const { members = [] } = lab.plan.failover ?? {};
  for (let left = 120; left > 0; left--) {
    for (const { host } of members) {
      const { ipv4 } = knownAddress(lab.host(host).addresses.cluster);
      const words = ["curl", "-fsS", "-m", "5", `http://${ipv4}:2381/metrics`];
      const { out } = await lab.tryInHost(host, ...words);
      if (/^etcd_server_is_leader 1$/m.test(out)) return host;
    }
    await pause(1_000);
  }
  throw new Error("etcd has no leader");
}
