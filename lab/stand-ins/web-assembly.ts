import { Name } from "@wharfkit/antelope";
import wabt from "wabt";

/** A name as WebAssembly compares it: i64. */
export const nameNumber = (name: string): string =>
  BigInt.asIntN(64, BigInt(Name.from(name).value.toString())).toString();

/** Intrinsics of nodeos that a contract may import, as `$name` (libraries/chain/webassembly/runtimes). */
const INTRINSICS = {
  require_auth: "(param i64)",
  action_data_size: "(result i32)",
  read_action_data: "(param i32 i32) (result i32)",
  preactivate_feature: "(param i32)",
  set_proposed_producers_ex: "(param i64 i32 i32) (result i64)",
  eosio_assert: "(param i32 i32)",
  current_time: "(result i64)",
  db_find_i64: "(param i64 i64 i64 i64) (result i32)",
  db_update_i64: "(param i32 i64 i32 i32)",
  db_get_i64: "(param i32 i32 i32) (result i32)",
  db_store_i64: "(param i64 i64 i64 i64 i32 i32) (result i32)",
};

export interface Contract {
  imports: readonly (keyof typeof INTRINSICS)[];
  /** Texts at addresses, for `eosio_assert`. */
  texts?: Readonly<Record<number, string>>;
  /** WebAssembly text of each action; `$receiver` is the contract's own account. */
  actions: Readonly<Record<string, string>>;
}

/** A contract, from the text of its actions. Other contracts' actions that it is told of are passed over. */
export async function assembled({ imports, texts = {}, actions }: Contract): Promise<Uint8Array> {
  const source = `(module
    ${imports.map((name) => `(import "env" "${name}" (func $${name} ${INTRINSICS[name]}))`).join("\n")}
    (memory (export "memory") 2)
    ${Object.entries(texts)
      .map(([address, text]) => `(data (i32.const ${address}) "${text}\\00")`)
      .join("\n")}
    (func (export "apply") (param $receiver i64) (param $code i64) (param $action i64)
      (local $size i32) (local $row i32) (local $at i32)
      (if (i64.ne (local.get $receiver) (local.get $code)) (then (return)))
      ${Object.entries(actions)
        .map(
          ([name, body]) =>
            `(if (i64.eq (local.get $action) (i64.const ${nameNumber(name)})) (then ${body}))`,
        )
        .join("\n")}))`;
  const { parseWat } = await wabt();
  const module = parseWat("contract.wat", source);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
