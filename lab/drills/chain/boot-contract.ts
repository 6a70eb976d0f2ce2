import { ABI, Name } from "@wharfkit/antelope";
import wabt from "wabt";

/** An action's name as WebAssembly compares it: i64. */
const number = (name: string): string =>
  BigInt.asIntN(64, BigInt(Name.from(name).value.toString())).toString();

const ACTIVATE = `
  (if (i64.eq (local.get $action) (i64.const ${number("activate")})) (then
    (call $require_auth (local.get $receiver))
    (drop (call $read (i32.const 1024) (i32.const 32)))
    (call $preactivate (i32.const 1024))))`;

const SETPRODS = `
  (if (i64.eq (local.get $action) (i64.const ${number("setprods")})) (then
    (call $require_auth (local.get $receiver))
    (local.set $size (call $read (i32.const 1024) (call $size)))
    (call $assert (i64.ge_s (call $propose (i64.const 1) (i32.const 1024) (local.get $size)) (i64.const 0))
      (i32.const 8))))`;

const PROPOSE = `
 (import "env" "set_proposed_producers_ex" (func $propose (param i64 i32 i32) (result i64)))`;

const source = (schedules: boolean): string => `(module
 (import "env" "require_auth" (func $require_auth (param i64)))
 (import "env" "action_data_size" (func $size (result i32)))
 (import "env" "read_action_data" (func $read (param i32 i32) (result i32)))
 (import "env" "preactivate_feature" (func $preactivate (param i32)))
 (import "env" "eosio_assert" (func $assert (param i32 i32)))${schedules ? PROPOSE : ""}
 (memory (export "memory") 2)
 (data (i32.const 8) "schedule refused\\00")
 (func (export "apply") (param $receiver i64) (param $code i64) (param $action i64)
  (local $size i32)
  (if (i64.ne (local.get $receiver) (local.get $code)) (then (return)))${ACTIVATE}${schedules ? SETPRODS : ""}))`;

/**
 * The contract that a private chain is booted with: `activate` a feature, and with `schedules` `setprods`. The intrinsic
 * behind the second is part of a feature, and a contract that names it before is refused.
 */
export async function bootContract({ schedules }: { schedules: boolean }): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat("boot.wat", source(schedules));
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

const struct = (name: string, fields: Record<string, string>) => ({
  name,
  base: "",
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

/** Of the boot contract, and of those actions of the system account that nodeos itself answers. */
export const BOOT_ABI = ABI.from({
  version: "eosio::abi/1.1",
  types: [],
  structs: [
    struct("activate", { feature_digest: "checksum256" }),
    struct("key_weight", { key: "public_key", weight: "uint16" }),
    struct("block_signing_authority_v0", { threshold: "uint32", keys: "key_weight[]" }),
    struct("producer_authority", { producer_name: "name", authority: "block_signing_authority" }),
    struct("setprods", { schedule: "producer_authority[]" }),
    struct("permission_level", { actor: "name", permission: "name" }),
    struct("permission_level_weight", { permission: "permission_level", weight: "uint16" }),
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
  ],
  variants: [{ name: "block_signing_authority", types: ["block_signing_authority_v0"] }],
  actions: ["activate", "setprods", "newaccount", "setcode", "setabi"].map((name) => ({
    name,
    type: name,
    ricardian_contract: "",
  })),
});
