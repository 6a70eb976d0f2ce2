import { StartError } from "./start-error";

export interface MinerSettings {
  rpcEndpoints: string[];
  port: number;
  /** Named in the log only. */
  account: string;
}

const KEY = /^(PVT_(K1|R1)_[1-9A-HJ-NP-Za-km-z]{40,60}|5[1-9A-HJ-NP-Za-km-z]{50})$/;
const NAME = /^[a-z1-5.]{1,12}$/;

/** The environment of eos-evm-miner 1.0.1 (src/index.ts). The key is looked at and dropped. Throws `StartError`. */
export function minerSettings(env: Readonly<Record<string, string | undefined>>): MinerSettings {
  const missing = ["PRIVATE_KEY", "MINER_ACCOUNT", "RPC_ENDPOINTS"].filter((name) => !env[name]);
  if (missing.length > 0) throw new StartError(`Missing ${missing.join(", ")} in the environment`);
  if (!KEY.test(env.PRIVATE_KEY ?? "")) throw new StartError("PRIVATE_KEY is no private key of this chain");
  const account = name(env, "MINER_ACCOUNT", "");
  for (const [variable, fallback] of [
    ["EVM_ACCOUNT", "eosio.evm"],
    ["EVM_SCOPE", "eosio.evm"],
    ["MINER_PERMISSION", "active"],
  ] as const)
    name(env, variable, fallback);
  whole(env, "EXPIRE_SEC", 60);
  if (!["fixed", "cpu"].includes(env.MINER_FEE_MODE || "fixed"))
    throw new StartError("MINER_FEE_MODE is fixed or cpu");
  return { rpcEndpoints: endpoints(env.RPC_ENDPOINTS ?? ""), port: whole(env, "PORT", 50305), account };
}

type Environment = Parameters<typeof minerSettings>[0];

/** Parted by `|`: the README says comma, the code reads this. */
function endpoints(text: string): string[] {
  const urls = text.split("|").map((url) => url.trim());
  const wrong = urls.find((url) => !URL.canParse(url) || new URL(url).protocol !== "http:");
  if (wrong !== undefined)
    throw new StartError(`RPC_ENDPOINTS: ${wrong} is no http URL; several are parted by |`);
  return urls;
}

function name(env: Environment, variable: string, fallback: string): string {
  const value = env[variable] || fallback;
  if (!NAME.test(value))
    throw new StartError(`${variable}: ${value} is no name of an account or a permission`);
  return value;
}

function whole(env: Environment, variable: string, fallback: number): number {
  const value = Number(env[variable] || fallback);
  if (!Number.isInteger(value) || value < 1) throw new StartError(`${variable} is no whole number above 0`);
  return value;
}
