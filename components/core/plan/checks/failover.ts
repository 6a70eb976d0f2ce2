import { error, type Finding } from "../../config/finding";
import { ETCD, type FailoverGroup, type FailoverPlan } from "../../failover/plan";
import { inequality, isSafe, LEAST_STOP, leastLease, TERMS } from "../../failover/timing";
import type { HostPlan } from "../plan";
import type { Check, Checked } from "./index";

/** Options with which nodeos would produce when its agent did not say so. */
const KEPT_OPTIONS = ["pause-on-startup", "max-irreversible-block-age"];

/** What is written of a failover must be safe, and speak of hosts that are there. */
export const checkFailover: Check = (checked) => {
  const { plan, config } = checked;
  const options = config.services.nodeos?.options as object | undefined;
  return [
    ...(plan.failover?.groups ?? []).flatMap((group) => [
      ...unsafeTimes(group),
      ...strangers(group, checked),
      ...keptOptions(`hosts.${group.group}.services`, config.hosts[group.group]?.services.nodeos?.options),
    ]),
    ...(plan.failover ? keptOptions("services", options) : []),
    ...sharedKeys(plan.hosts),
  ];
};

/** A quorum that one failure takes away is none. Looks for what is missing: of whole files only. */
export const checkQuorum: Check = ({ plan, config }) => [
  ...Object.entries(config.hosts)
    .filter(([, { producer, count, failover }]) => producer !== undefined && !failover && count === 1)
    .map(([name]) => error(`hosts.${name}.count`, ALONE)),
  ...(plan.failover ? [...lonely(plan.failover), ...uneven(plan.failover), ...domains(plan.failover)] : []),
];

const ALONE =
  "1 validator cannot fail over: use 2 or more, or say why one will do: failover: { none: … } without a count";

const lonely = ({ groups }: FailoverPlan): Finding[] =>
  groups.filter(({ hosts }) => hosts.length < 2).map(({ group }) => error(`hosts.${group}.count`, ALONE));

/** Where the stack file says who votes. */
const votersPath = ({ groups }: FailoverPlan): string => `hosts.${groups[0]?.group ?? ""}.failover.witnesses`;

function uneven(failover: FailoverPlan): Finding[] {
  const { members } = failover;
  if (members.length === 3 || members.length === 5) return [];
  const names = members.map(({ host }) => host).join(", ");
  const why =
    members.length % 2 === 0
      ? `an even quorum outlives no more losses than one less: with ${members.length} members, half of them can stand against half`
      : "3 or 5 members are the choice: fewer decide nothing, more only take longer";
  return [
    error(
      votersPath(failover),
      `etcd would run on ${names}: ${why}. Name witnesses that make 3 or 5 with the validators; each must be a seed, monitor, archive or backup in a failure domain of its own`,
    ),
  ];
}

function domains(failover: FailoverPlan): Finding[] {
  const path = `hosts.${failover.groups[0]?.group ?? ""}.failover.domains`;
  const unknown = failover.members.filter(({ domain }) => domain === undefined).map(({ host }) => host);
  const byDomain = new Map<string, string[]>();
  for (const { host, domain } of failover.members)
    if (domain !== undefined) byDomain.set(domain, [...(byDomain.get(domain) ?? []), host]);
  return [
    ...(unknown.length === 0
      ? []
      : [
          error(
            path,
            `nobody says what fails together with ${unknown.join(", ")}: write a domain for each, a rack or a site, or its zone where the target has zones`,
          ),
        ]),
    ...[...byDomain]
      .filter(([, hosts]) => hosts.length > 1)
      .map(([domain, hosts]) =>
        error(
          path,
          `${hosts.join(" and ")} are both in ${domain}: its loss would take ${hosts.length} of ${failover.members.length} voters at once. Each member needs a failure domain of its own: more zones of the target, or another witness`,
        ),
      ),
  ];
}

function unsafeTimes({ group, timing }: FailoverGroup): Finding[] {
  const path = `hosts.${group}.failover.timing`;
  const { renewSeconds, fenceSeconds, leaseSeconds, stopSeconds } = timing;
  const unsafe = isSafe(timing)
    ? []
    : [
        error(
          `${path}.leaseSeconds`,
          `a holder could still sign when another has taken over: ${inequality(timing)}. The least lease is ${leastLease(timing)} s: ${TERMS.map(({ key, what }) => `${key}, ${timing[key]} s, until ${what}`).join("; ")}`,
        ),
      ];
  return [
    ...unsafe,
    ...(renewSeconds * 2 > fenceSeconds
      ? [
          error(
            `${path}.renewSeconds`,
            `${renewSeconds} s leaves no room for a lost renewal before the fence, ${fenceSeconds} s: renew twice within it at least`,
          ),
        ]
      : []),
    ...(stopSeconds < LEAST_STOP
      ? [
          error(
            `${path}.stopSeconds`,
            `${stopSeconds} s is less than the guard needs to find the agent silent and to end nodeos: ${LEAST_STOP} at least`,
          ),
        ]
      : []),
    ...(leaseSeconds > 300
      ? [error(`${path}.leaseSeconds`, `${leaseSeconds} s is how long a crash stops production: 300 at most`)]
      : []),
  ];
}

/** Names in `witnesses`, `domains`, `primary` and `signingKeys` that lead nowhere. */
function strangers({ group, hosts }: FailoverGroup, { plan, config, whole }: Checked): Finding[] {
  if (!whole) return [];
  const { failover, signingKeys } = config.hosts[group] ?? {};
  const path = `hosts.${group}.failover`;
  const own = hosts.map(({ name }) => name);
  const all = plan.hosts.map(({ name }) => name);
  const known = (name: string, at: string, among: readonly string[], what: string) =>
    among.includes(name) ? [] : [error(at, `"${name}" is no ${what}. There are: ${among.join(", ")}`)];
  const votes = (name: string, index: number) => {
    const host = plan.hosts.find((each) => each.name === name);
    return !host || own.includes(name) || host.services.some(({ service }) => service === ETCD)
      ? []
      : [
          error(
            `${path}.witnesses[${index}]`,
            `"${name}" is a ${host.role}, which runs no etcd: seeds, monitors, archives and backups do`,
          ),
        ];
  };
  return [
    ...(failover?.witnesses ?? []).flatMap((name, index) => [
      ...known(name, `${path}.witnesses[${index}]`, all, "host of the stack"),
      ...votes(name, index),
    ]),
    ...Object.keys(failover?.domains ?? {}).flatMap((name) =>
      known(name, `${path}.domains.${name}`, all, "host of the stack"),
    ),
    ...(failover?.primary === undefined
      ? []
      : known(failover.primary, `${path}.primary`, own, "host of this entry")),
    ...Object.keys(signingKeys ?? {}).flatMap((name) =>
      known(name, `hosts.${group}.signingKeys.${name}`, own, "host of this entry"),
    ),
  ];
}

const keptOptions = (path: string, options: unknown): Finding[] =>
  KEPT_OPTIONS.filter((name) => options !== null && typeof options === "object" && name in options).map(
    (name) =>
      error(
        `${path}.nodeos.options.${name}`,
        "is set by the failover, which alone lets nodeos produce: take it out",
      ),
  );

/** A key on two hosts signs twice whatever else is done right. */
function sharedKeys(hosts: readonly HostPlan[]): Finding[] {
  const owners = new Map<string, HostPlan>();
  return hosts.flatMap((host) => {
    const key = host.producer?.signingKey;
    if (key === undefined) return [];
    const other = owners.get(key);
    owners.set(key, other ?? host);
    return other === undefined
      ? []
      : [
          error(
            `hosts.${host.group}.${other.group === host.group ? "signingKeys" : "signingKey"}`,
            `"${host.name}" would sign with the key of "${other.name}": each host needs its own, of which the producer's authority on chain lists all (docs/failover.md)`,
          ),
        ];
  });
}
