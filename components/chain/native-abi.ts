import { ABI } from "@wharfkit/antelope";

/** A struct of an ABI: its fields in order. */
export const struct = (name: string, fields: Record<string, string>) => ({
  name,
  base: "",
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

/** Actions of an ABI, each with the struct of its own name. */
export const actions = (...names: string[]) =>
  names.map((name) => ({ name, type: name, ricardian_contract: "" }));

const STRUCTS = [
  struct("permission_level", { actor: "name", permission: "name" }),
  struct("permission_level_weight", { permission: "permission_level", weight: "uint16" }),
  struct("key_weight", { key: "public_key", weight: "uint16" }),
  struct("wait_weight", { wait_sec: "uint32", weight: "uint16" }),
  struct("authority", {
    threshold: "uint32",
    keys: "key_weight[]",
    accounts: "permission_level_weight[]",
    waits: "wait_weight[]",
  }),
  struct("newaccount", { creator: "name", name: "name", owner: "authority", active: "authority" }),
  struct("setcode", { account: "name", vmtype: "uint8", vmversion: "uint8", code: "bytes" }),
  struct("setabi", { account: "name", abi: "bytes" }),
  struct("updateauth", { account: "name", permission: "name", parent: "name", auth: "authority" }),
  struct("linkauth", { account: "name", code: "name", type: "name", requirement: "name" }),
];

const NATIVE = ["newaccount", "setcode", "setabi", "updateauth", "linkauth"];
/** Actions of `eosio` that nodeos itself answers, whatever contract that account runs. */
export const isNative = (account: string, action: string): boolean =>
  account === "eosio" && NATIVE.includes(action);

/** An ABI with the native actions of the system's account, and more. */
export const nativeAbi = (
  more: {
    structs?: ReturnType<typeof struct>[];
    actions?: string[];
    variants?: { name: string; types: string[] }[];
  } = {},
): ABI =>
  ABI.from({
    version: "eosio::abi/1.1",
    types: [],
    structs: [...STRUCTS, ...(more.structs ?? [])],
    variants: more.variants ?? [],
    actions: actions(...NATIVE, ...(more.actions ?? [])),
  });

export const NATIVE_ABI = nativeAbi();
