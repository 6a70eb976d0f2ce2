import { ABI } from "@wharfkit/antelope";
import { actions, struct } from "../../components/chain/native-abi";
import { assembled, nameNumber } from "./web-assembly";

const TABLE = { config: nameNumber("config"), balances: nameNumber("balances") };

/** Where the parts of `init`'s data lie once they were read to 1024: three options that are all given, and a name. */
const INIT = `
  (call $require_auth (local.get $receiver))
  (call $eosio_assert (i32.eq (call $action_data_size) (i32.const 47)) (i32.const 8))
  (drop (call $read_action_data (i32.const 1024) (i32.const 47)))
  (call $eosio_assert
    (i32.lt_s
      (call $db_find_i64 (local.get $receiver) (local.get $receiver) (i64.const ${TABLE.config}) (i64.const ${TABLE.config}))
      (i32.const 0))
    (i32.const 64))
  (i32.store (i32.const 2048) (i32.const 0))
  (i64.store (i32.const 2052) (i64.load (i32.const 1024)))
  (i32.store (i32.const 2060) (i32.wrap_i64 (i64.div_u (call $current_time) (i64.const 1000000))))
  (i64.store (i32.const 2064) (i64.load (i32.const 1047)))
  (i64.store (i32.const 2072) (i64.load (i32.const 1055)))
  (i64.store (i32.const 2080) (i64.load (i32.const 1033)))
  (i32.store (i32.const 2088) (i32.load (i32.const 1042)))
  (i32.store (i32.const 2092) (i32.const 0))
  (drop (call $db_store_i64 (local.get $receiver) (i64.const ${TABLE.config}) (local.get $receiver)
    (i64.const ${TABLE.config}) (i32.const 2048) (i32.const 48)))`;

/** A fee that is given takes the place of the one in the row, at 2048; `$at` goes over what is not. */
const fee = (size: number, ...copies: string[]): string => `
  (local.set $at (i32.add (local.get $at) (i32.const 1)))
  (if (i32.load8_u (i32.sub (local.get $at) (i32.const 1)))
    (then ${copies.join("\n")} (local.set $at (i32.add (local.get $at) (i32.const ${size})))))`;

const SETFEEPARAMS = `
  (call $require_auth (local.get $receiver))
  (drop (call $read_action_data (i32.const 1024) (call $action_data_size)))
  (local.set $row
    (call $db_find_i64 (local.get $receiver) (local.get $receiver) (i64.const ${TABLE.config}) (i64.const ${TABLE.config})))
  (call $eosio_assert (i32.ge_s (local.get $row) (i32.const 0)) (i32.const 128))
  (drop (call $db_get_i64 (local.get $row) (i32.const 2048) (i32.const 48)))
  (local.set $at (i32.const 1024))
  ${fee(8, "(i64.store (i32.const 2080) (i64.load (local.get $at)))")}
  ${fee(4, "(i32.store (i32.const 2088) (i32.load (local.get $at)))")}
  ${fee(
    16,
    "(i64.store (i32.const 2064) (i64.load (local.get $at)))",
    "(i64.store (i32.const 2072) (i64.load (i32.add (local.get $at) (i32.const 8))))",
  )}
  (call $db_update_i64 (local.get $row) (local.get $receiver) (i32.const 2048) (i32.const 48))`;

/** A second `open` changes nothing, as with the real contract. */
const OPEN = `
  (drop (call $read_action_data (i32.const 1024) (i32.const 8)))
  (call $require_auth (i64.load (i32.const 1024)))
  (if (i32.lt_s
        (call $db_find_i64 (local.get $receiver) (local.get $receiver) (i64.const ${TABLE.balances}) (i64.load (i32.const 1024)))
        (i32.const 0))
    (then
      (i64.store (i32.const 2048) (i64.load (i32.const 1024)))
      (i64.store (i32.const 2056) (i64.const 0))
      (drop (call $db_store_i64 (local.get $receiver) (i64.const ${TABLE.balances}) (i64.load (i32.const 1024))
        (i64.load (i32.const 1024)) (i32.const 2048) (i32.const 16)))))`;

/**
 * A stand-in: takes the place of the EVM contract, which no registry has built. It keeps what `init`, `setfeeparams` and `open` say in
 * tables of the real one's names, and runs no EVM.
 */
export const evmContract = (): Promise<Uint8Array> =>
  assembled({
    imports: [
      ...(["require_auth", "action_data_size", "read_action_data", "eosio_assert"] as const),
      ...(["current_time", "db_find_i64", "db_store_i64"] as const),
      ...(["db_get_i64", "db_update_i64"] as const),
    ],
    texts: {
      8: "init needs chain id, all three fees, and the token's contract",
      64: "contract already initialized",
      128: "contract not initialized",
    },
    actions: { init: INIT, setfeeparams: SETFEEPARAMS, open: OPEN },
  });

export const EVM_ABI = ABI.from({
  version: "eosio::abi/1.1",
  types: [],
  structs: [
    struct("fee_parameters", { gas_price: "uint64?", miner_cut: "uint32?", ingress_bridge_fee: "asset?" }),
    struct("init", { chainid: "uint64", fee_params: "fee_parameters", token_contract: "name" }),
    struct("setfeeparams", { fee_params: "fee_parameters" }),
    struct("open", { owner: "name" }),
    struct("config", {
      version: "uint32",
      chainid: "uint64",
      genesis_time: "time_point_sec",
      ingress_bridge_fee: "asset",
      gas_price: "uint64",
      miner_cut: "uint32",
      status: "uint32",
    }),
    struct("balance", { owner: "name", balance: "uint64" }),
  ],
  actions: actions("init", "setfeeparams", "open"),
  tables: [
    { name: "config", index_type: "i64", key_names: [], key_types: [], type: "config" },
    { name: "balances", index_type: "i64", key_names: [], key_types: [], type: "balance" },
  ],
});
