import { setTimeout as pause } from "node:timers/promises";
import type { FailoverStatus } from "../../../agent/failover/status";
import { knownAddress } from "../../../components/core/network/address-ref";
import { PROGRAMS } from "../../../components/core/services/service";
import { need } from "../run";
import type { SampleLab } from "../sample-lab";
import type { Term } from "./judge";

export const HOST_AGENT = `${PROGRAMS}/nodewright-host`;
const QUICK_SECONDS = 20;

export const validatorsOf = ({ plan }: SampleLab): string[] =>
  (plan.failover?.groups ?? []).flatMap(({ hosts }) => hosts.map(({ name }) => name));

export const termsOf = ({ view }: FailoverStatus): Term[] =>
  (view?.history ?? []).map(({ term, host, reason, time }) => ({ term, host, reason, time }));

/** The group of a lab as that host knows it that looked last. */
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
    .sort((one, other) => lookedAt(other) - lookedAt(one));
  return need(found[0], "a host that knows its group");
}

/** A file that nobody writes any more grows old by itself. */
const lookedAt = ({ time, viewAgeSeconds = 0 }: FailoverStatus): number =>
  Date.parse(time) - viewAgeSeconds * 1000;

/** Frozen hosts do not answer, and Docker waits for them. */
const quickly = <Value>(work: Promise<Value>): Promise<Value> =>
  Promise.race([
    work,
    pause(QUICK_SECONDS * 1000).then(() => {
      throw new Error(`no answer within ${QUICK_SECONDS} s`);
    }),
  ]);

/** The member that leads, as its metrics say. */
export async function leaderOf(lab: SampleLab): Promise<string> {
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
