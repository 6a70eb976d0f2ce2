import type { Origin } from "./native-chain";
import { StartError } from "./start-error";

/** An account as anvil's state file holds it. */
interface Account {
  nonce: number;
  balance: string;
  code: string;
  storage: Record<string, string>;
}

export interface Genesis {
  chainId: number;
  accounts: Record<string, Account>;
  /** The native block that `mixHash` names, at the genesis' time. None where it is all zeros: a chain not born yet. */
  origin?: Origin;
}

type Fields = Readonly<Record<string, unknown>>;

/** What an EVM genesis file (the one of eos-evm-node's `--genesis-json`) says of the chain. Throws `StartError`. */
export function parseGenesis(text: string): Genesis {
  const genesis = fields(parse(text), "the file");
  const nonce = integer(genesis.nonce, "nonce");
  // eos-evm-node reads the contract's account from the nonce; 0 and 1000 are other clients' defaults.
  if (nonce === 0n || nonce === 1000n) throw new StartError(`Invalid genesis nonce ${nonce}`);
  const chainId = Number(integer(fields(genesis.config, "config").chainId, "config.chainId"));
  if (chainId < 1 || !Number.isSafeInteger(chainId)) throw wrong("config.chainId", "is no chain id");
  const accounts = Object.entries(fields(genesis.alloc ?? {}, "alloc")).map(([address, account]) => {
    if (!/^(0x)?[0-9a-fA-F]{40}$/.test(address)) throw wrong(`alloc.${address}`, "is no address");
    return [`0x${address.replace(/^0x/, "").toLowerCase()}`, toAccount(fields(account, address))];
  });
  const origin = originOf(genesis);
  return {
    chainId,
    accounts: Object.fromEntries(accounts) as Genesis["accounts"],
    ...(origin ? { origin } : {}),
  };
}

function originOf({ mixHash, timestamp }: Fields): Origin | undefined {
  if (typeof mixHash !== "string" || !/^0x[0-9a-f]{64}$/i.test(mixHash))
    throw wrong("mixHash", "is no block id");
  const id = mixHash.slice(2).toLowerCase();
  // A native block's id begins with its number.
  const num = Number.parseInt(id.slice(0, 8), 16);
  return num === 0 ? undefined : { num, id, time: Number(integer(timestamp, "timestamp")) * 1000 };
}

const toAccount = ({ nonce, balance, code, storage }: Fields): Account => ({
  nonce: Number(integer(nonce ?? 0, "nonce")),
  balance: `0x${integer(balance ?? 0, "balance").toString(16)}`,
  code: typeof code === "string" ? code : "0x",
  storage: { ...fields(storage ?? {}, "storage") } as Record<string, string>,
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartError(`genesis: not JSON: ${(cause as Error).message}`);
  }
}

function fields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(name, "is no JSON object");
  return value as Fields;
}

function integer(value: unknown, name: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === "string" && /^(0x[0-9a-fA-F]+|\d+)$/.test(value)) return BigInt(value);
  throw wrong(name, "is no whole number");
}

const wrong = (name: string, what: string) => new StartError(`genesis: ${name} ${what}`);
