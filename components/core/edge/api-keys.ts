import type { HaproxySection, ServiceFile } from "../services/service";
import type { EdgePlan } from "./edge-plan";
import { refuse } from "./haproxy-answer";
import { rule } from "./haproxy-rule";

/** Who may spend more than a stranger. The key itself is with its owner alone; here is its SHA-256. */
export interface ApiKeys {
  /** By the name of its owner, which stands in the log. */
  keys: Readonly<Record<string, { sha256: string; tier: string }>>;
  tiers: Readonly<Record<string, { unitsPerSecond: number }>>;
  /** Whether calls without a key are served. */
  anonymous: boolean;
}

const IN_PATH = "/key/";
const HEADER = "x-api-key";

export const hasKeys = ({ apiKeys }: Pick<EdgePlan, "apiKeys">): boolean =>
  Object.keys(apiKeys?.keys ?? {}).length > 0;
/** The owner's name for a key. HAProxy prints hexadecimal digits in capitals. */
const owner = (folder: string): string => `sha2(256),hex,map_str(${folder}/keys.map)`;

/**
 * Finds out whose key a request brings, in a header or as `/key/<key>`, and takes it out: no node and no log sees it.
 * A key that nobody has is refused: its owner would wonder at a stranger's limits.
 */
export function keyRules(plan: EdgePlan): string[][] {
  if (!hasKeys(plan)) return [];
  const { apiKeys, folder } = plan;
  const unknown = apiKeys?.anonymous
    ? ["key-in-path", "!key-known", "||", "key-in-header", "!key-known"]
    : // The health page is for whoever watches.
      ["!key-known", "METH_POST", "||", "!key-known", "{", "req.hdr(upgrade)", "-m", "found", "}"];
  return [
    ["acl", "key-in-path", "path_beg", IN_PATH],
    ["acl", "key-in-header", `req.hdr(${HEADER})`, "-m", "found"],
    ["acl", "key-known", "var(txn.key)", "-m", "found"],
    rule("set-var(txn.key)", `req.hdr(${HEADER}),${owner(folder)}`, "if", "key-in-header"),
    rule("set-var(txn.key)", `path,field(3,/),${owner(folder)}`, "if", "key-in-path"),
    rule(...refuse(401, -32001, "no key that is known here"), "if", ...unknown),
    rule("del-header", HEADER),
    rule("set-path", "/", "if", "key-in-path"),
  ];
}

/** By what a request's units are counted: its key, else its address. */
export const spender = (plan: EdgePlan, byAddress: readonly string[]): string[][] =>
  hasKeys(plan)
    ? [
        rule("track-sc1", "var(txn.key)", "table", "keys", "if", "key-known"),
        rule(...byAddress, "unless", "key-known"),
      ]
    : [rule(...byAddress)];

/**
 * Microseconds that one unit takes of a client's time: a whole number, so beyond some ten thousand units a second it is rough,
 * and so few that a batch of heavy calls is paid for within 2^30 of them, of which HAProxy keeps 32 bits.
 */
const microsPerUnit = (unitsPerSecond: number, { limits: { batch } }: EdgePlan): number =>
  Math.min(Math.max(1, Math.round(1e6 / unitsPerSecond)), Math.floor(2 ** 30 / (25 * batch)));

/** What a unit costs this client, as a converter's argument, and the rules that find it out. */
export const unitPrice = (plan: EdgePlan): { rules: string[][]; price: string } => {
  const stranger = String(microsPerUnit(plan.limits.unitsPerSecond, plan));
  if (!hasKeys(plan)) return { rules: [], price: stranger };
  const own = `var(txn.key),map_str_int(${plan.folder}/prices.map,${stranger})`;
  return {
    rules: [
      rule("set-var(txn.price)", `int(${stranger})`, "unless", "key-known"),
      rule("set-var(txn.price)", own, "if", "key-known"),
    ],
    price: "txn.price",
  };
};

/** Where what keys spend is counted, in the same shape as that of addresses. */
export const keyTable = (plan: EdgePlan, counters: string): HaproxySection[] =>
  hasKeys(plan)
    ? [
        {
          kind: "backend",
          name: "keys",
          lines: [
            ["stick-table", "type", "string", "len", "64", "size", "10k", "expire", "60s", "store", counters],
          ],
        },
      ]
    : [];

/** Whose key has which hash, and what a unit costs each. */
export function keyFiles(plan: EdgePlan): ServiceFile[] {
  const { apiKeys, folder } = plan;
  if (!apiKeys || !hasKeys(plan)) return [];
  const all = Object.entries(apiKeys.keys);
  const units = (tier: string): number => apiKeys.tiers[tier]?.unitsPerSecond ?? 1;
  const lines = (name: string, each: string[]): ServiceFile => ({
    path: `${folder}/${name}`,
    content: { format: "lines", lines: each },
  });
  return [
    lines(
      "keys.map",
      all.map(([name, { sha256 }]) => `${sha256.toUpperCase()} ${name}`),
    ),
    lines(
      "prices.map",
      all.map(([name, { tier }]) => `${name} ${microsPerUnit(units(tier), plan)}`),
    ),
  ];
}
