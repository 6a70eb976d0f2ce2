import type { z } from "zod";
import { error, type Finding, warning } from "../../config/finding";
import { named } from "../../config/registry";
import type { Balancer } from "../../network/balancer";
import { proxy } from "../../services/proxy";
import { certificateNames, endsTls } from "../../services/proxy-certificate";
import type { proxySettings } from "../../services/proxy-settings";
import { settingsOf } from "../choose-services";
import { type HostPlan, machinesOf } from "../plan";
import type { Check, Checked } from "./index";

/** Certificates for the same names that Let's Encrypt gives in a week (its documentation, "Rate limits"). */
const SAME_NAMES_A_WEEK = 5;

interface Endpoint {
  group: string;
  machines: HostPlan[];
  isPool: boolean;
  settings: z.output<typeof proxySettings>;
}

/** Who ends TLS is said for every public endpoint, and can be as it is said. */
export const checkEdge: Check = (checked) => {
  const endpoints = endpointsOf(checked);
  return [
    ...unsaid(checked, endpoints),
    ...endpoints.flatMap((each) => [
      ...(each.isPool ? poolTls(each, checked) : hostTls(each, checked)),
      ...wrongKeys(each),
    ]),
  ];
};

function endpointsOf({ plan, config, registry }: Checked): Endpoint[] {
  return Object.entries(config.hosts).flatMap(([group, host]) => {
    const machines = machinesOf(plan).filter(
      (each) => each.group === group && each.services.some(({ unit }) => unit === "proxy"),
    );
    if (machines.length === 0) return [];
    const service = named(registry.services, proxy.name);
    const settings = settingsOf(service, host, config) as z.output<typeof proxySettings>;
    return [{ group, machines, settings, isPool: plan.pools.some(({ name }) => name === group) }];
  });
}

/** A lab has its operator before it; elsewhere nobody shall find out later that calls and keys went in the clear. */
function unsaid({ plan }: Checked, endpoints: readonly Endpoint[]): Finding[] {
  const silent = endpoints.filter(({ settings }) => settings.tls === undefined);
  return silent.length === 0 || !plan.target.traits.floors
    ? []
    : [
        error(
          "services.proxy.tls",
          `is not said for ${silent.map(({ group }) => group).join(", ")}: acme, own, balancer, or off where plain HTTP will do`,
        ),
      ];
}

const at = (group: string, key: string): string => `hosts.${group}.services.proxy.${key}`;

function poolTls({ group, settings }: Endpoint, { plan: { target }, registry }: Checked): Finding[] {
  if (endsTls(settings))
    return [
      error(
        at(group, "tls"),
        `${settings.tls} needs a key on each host, and a machine that the cloud makes by itself holds none: balancer, or off`,
      ),
    ];
  if (target.balancer) return behindBalancer(group, settings, target.balancer);
  return settings.tls === "balancer"
    ? [
        error(
          at(group, "tls"),
          `balancers of ${target.name} pass TCP on as it is: ${named(registry.targets, target.name).balancer ? `target.${target.name}.balancer, which ends it, ` : ""}off, or hosts without a pool (count: 1) with acme`,
        ),
      ]
    : [];
}

/** The pool's balancer is known: what the stack says beside must agree with it. */
function behindBalancer(group: string, settings: Endpoint["settings"], { callSeconds }: Balancer): Finding[] {
  const { tls, behind, timeouts } = settings;
  // The gateway has ten seconds more than the longest of them.
  const longest = Math.max(timeouts.heavy, timeouts.write) + 10;
  return [
    ...(tls === undefined || tls === "balancer"
      ? []
      : [error(at(group, "tls"), `is ${tls}, and the pool's balancer ends TLS: balancer`)]),
    ...(behind
      ? [
          error(
            at(group, "behind"),
            "names a balancer, and the pool's own, which is known, is the only one that reaches its machines: say behind for the hosts that it is meant for",
          ),
        ]
      : []),
    ...(longest > callSeconds
      ? [
          error(
            at(group, "timeouts"),
            `let a call take ${longest} s, and the balancer gives up after ${callSeconds}: at most ${callSeconds - 10}`,
          ),
        ]
      : []),
  ];
}

function hostTls({ group, machines, settings }: Endpoint, { plan }: Checked): Finding[] {
  const { tls, behind } = settings;
  if (tls === "balancer" && !behind)
    return [
      error(at(group, "tls"), "says that a balancer ends TLS, and not which: name it in behind, beside it"),
    ];
  if (tls !== "acme") return [];
  const nameless = machines.filter(
    (host) => certificateNames({ settings, publicNames: namesOf(host, plan) }).length === 0,
  );
  if (nameless.length > 0)
    return [
      error(
        at(group, "tls"),
        `acme, and no name leads to ${nameless.map(({ name }) => name).join(", ")}: set domain, or acme.names`,
      ),
    ];
  return machines.length > SAME_NAMES_A_WEEK
    ? [
        warning(
          at(group, "tls"),
          `${machines.length} hosts ask for the same names, and Let's Encrypt gives ${SAME_NAMES_A_WEEK} such certificates a week: bring them up over weeks, or use own`,
        ),
      ]
    : [];
}

const namesOf = ({ name }: HostPlan, { names }: Checked["plan"]): string[] =>
  (names?.records ?? []).filter(({ hosts }) => hosts.includes(name)).map((record) => record.name);

function wrongKeys({ group, settings: { keys, tiers, anonymous } }: Endpoint): Finding[] {
  const hashes = new Map<string, string>();
  const mistakes = Object.entries(keys).flatMap(([owner, { sha256, tier }]) => {
    const other = hashes.get(sha256);
    hashes.set(sha256, other ?? owner);
    return [
      ...(tier in tiers
        ? []
        : [
            error(
              at(group, `keys.${owner}.tier`),
              `is no tier: ${Object.keys(tiers).join(", ") || "none is set in tiers"}`,
            ),
          ]),
      ...(other === undefined
        ? []
        : [error(at(group, `keys.${owner}.sha256`), `is the key of ${other}, too`)]),
    ];
  });
  return anonymous || Object.keys(keys).length > 0
    ? mistakes
    : [error(at(group, "anonymous"), "shuts everyone out: there is no key")];
}
