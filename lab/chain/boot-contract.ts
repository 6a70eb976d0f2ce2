import { nativeAbi, struct } from "../../components/chain/native-abi";
import { assembled } from "../stand-ins/web-assembly";

const ACTIVATE = `
  (call $require_auth (local.get $receiver))
  (drop (call $read_action_data (i32.const 1024) (i32.const 32)))
  (call $preactivate_feature (i32.const 1024))`;

const SETPRODS = `
  (call $require_auth (local.get $receiver))
  (local.set $size (call $read_action_data (i32.const 1024) (call $action_data_size)))
  (call $eosio_assert
    (i64.ge_s (call $set_proposed_producers_ex (i64.const 1) (i32.const 1024) (local.get $size)) (i64.const 0))
    (i32.const 8))`;

/**
 * The contract that a private chain is booted with: `activate` a feature, and with `schedules` `setprods`. The intrinsic
 * behind the second is part of a feature, and a contract that names it before is refused.
 */
export const bootContract = ({ schedules }: { schedules: boolean }): Promise<Uint8Array> =>
  assembled({
    imports: [
      ...(["require_auth", "read_action_data", "preactivate_feature"] as const),
      ...(schedules ? (["action_data_size", "eosio_assert", "set_proposed_producers_ex"] as const) : []),
    ],
    texts: { 8: "schedule refused" },
    actions: { activate: ACTIVATE, ...(schedules ? { setprods: SETPRODS } : {}) },
  });

/** Of the boot contract, and of those actions of the system account that nodeos itself answers. */
export const BOOT_ABI = nativeAbi({
  structs: [
    struct("activate", { feature_digest: "checksum256" }),
    struct("block_signing_authority_v0", { threshold: "uint32", keys: "key_weight[]" }),
    struct("producer_authority", { producer_name: "name", authority: "block_signing_authority" }),
    struct("setprods", { schedule: "producer_authority[]" }),
  ],
  variants: [{ name: "block_signing_authority", types: ["block_signing_authority_v0"] }],
  actions: ["activate", "setprods"],
});
