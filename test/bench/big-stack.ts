import { createHash } from "node:crypto";
import { KeyType, PublicKey } from "@wharfkit/antelope";

type Raw = Record<string, unknown>;

/** Settings of each target, with networks that have room for a thousand hosts where the target's own limits allow it. */
const TARGETS = {
  aws: { region: "eu-central-1", zones: ["a", "b", "c"], admins: ["203.0.113.0/24"] },
  digitalocean: { region: "fra1", admins: ["203.0.113.0/24"] },
  docker: {
    networks: {
      cluster: { ipv4: "10.0.0.0/9", ipv6: "fd00:77::/64" },
      public: { ipv4: "10.128.0.0/9", ipv6: "fd00:78::/64" },
    },
  },
  gcp: {
    project: "nodewright-bench",
    region: "europe-west4",
    admins: ["203.0.113.0/24"],
    network: "10.0.0.0/9",
  },
} satisfies Record<string, Raw>;

export type BenchTarget = keyof typeof TARGETS;
export const BENCH_TARGETS = Object.keys(TARGETS) as BenchTarget[];

/** Most hosts of one group that share their load: each lists all others. */
const GROUP = 40;
const PRODUCERS = 21;

/**
 * The `nodewright:` keys of a stack as a big operator would write it: exactly `hosts` hosts (10 or more), none of them in a
 * scaling group, which is one host to a plan. Relays, producers, writers and monitors are few; histories are the rest, and
 * where no cloud balances so are groups of readers.
 */
export function bigStack(target: BenchTarget, hosts: number): Raw {
  const seeds = Math.max(2, Math.round(hosts / 50));
  const producers = Math.min(PRODUCERS, Math.max(1, Math.round(hosts / 50)));
  const writers = Math.max(1, Math.round(hosts / 100));
  const rest = hosts - seeds - producers - writers - 1;
  const readers = target === "docker" ? Math.floor(rest / 2) : 0;
  return {
    network: "eos",
    target: { [target]: TARGETS[target] },
    domain: "nodes.example.org",
    sshKeys: [`ssh-ed25519 ${"A".repeat(68)} operator@example.org`],
    services: { proxy: { tls: "off" } },
    hosts: {
      ...groups("seed", "seed", seeds),
      ...Object.fromEntries(each(producers, (index) => [`producer-${index}`, producer(index)])),
      ...Object.fromEntries(each(writers, (index) => [`writes-${index}`, { role: "rpc" }])),
      ...groups("read", "rpc", readers),
      ...groups("history", "archive", rest - readers),
      watch: { role: "monitor" },
    },
  };
}

const each = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

const groups = (key: string, role: string, count: number): Raw =>
  Object.fromEntries(
    each(Math.ceil(count / GROUP), (index) => [
      `${key}-${index}`,
      { role, count: Math.min(GROUP, count - (index - 1) * GROUP) },
    ]),
  );

const producer = (index: number): Raw => ({
  role: "validator",
  producer: `producer1${"abcdefghijklmnopqrstuvwxyz"[index]}`,
  signingKey: madeUpKey(index),
});

/** Each producer has a key of its own; to none of them is there a private half that anybody knows. */
const madeUpKey = (index: number): string =>
  PublicKey.from({
    type: KeyType.K1,
    compressed: Buffer.concat([Buffer.from([2]), createHash("sha256").update(`producer ${index}`).digest()]),
  }).toString();
