import { z } from "zod";
import type { Collector } from "./collectors";
import { post } from "./loopback";
import { gauge, type Metric } from "./metric";

/** The unit file of the transaction wrapper says who signs, and which nodeos to ask (components/core/services/tx-wrapper). */
const setting = (unit: string, name: string): string | undefined =>
  new RegExp(`^Environment="${name}=([^"]+)"$`, "m").exec(unit)?.[1];

/** Numbers beyond 53 bits come as text; -1 stands for "without limit". */
const number = z.union([z.number(), z.string()]).transform(Number);
const limit = z.object({ available: number, max: number });
const answer = z.object({ ram_quota: number, ram_usage: number, cpu_limit: limit, net_limit: limit });

/**
 * What the accounts that EVM transactions live on have left, as a part of what they have in all: CPU, NET and RAM of the one
 * that signs them, and RAM of the EVM's own, which pays for whatever its users store. Without them no transaction of a user
 * reaches the chain, whatever else is well. A resource without limit is left out.
 */
export const evmAccountMetrics: Collector = async ({ document }) => {
  const unit = document.units.find(({ service }) => service === "tx-wrapper")?.content ?? "";
  const [signer, evm] = [setting(unit, "MINER_ACCOUNT"), setting(unit, "EVM_ACCOUNT")];
  const [node] = setting(unit, "RPC_ENDPOINTS")?.split("|") ?? [];
  if (signer === undefined || node === undefined) return [];
  const ofSigner = await leftOf(node, signer);
  const ofEvm = evm === undefined ? {} : await leftOf(node, evm);
  const samples = [...samplesOf(signer, ofSigner), ...samplesOf(evm, { ram: ofEvm.ram })];
  if (samples.length === 0) return [];
  return [
    gauge(
      "evm_account_left_ratio",
      "Part of the resources of an account that EVM transactions need which is left.",
      samples,
    ),
  ];
};

type Left = Partial<Record<"cpu" | "net" | "ram", number | undefined>>;

async function leftOf(node: string, account: string): Promise<Left> {
  const asked = post(`${node}/v1/chain/get_account`, { account_name: account });
  const { data } = answer.safeParse(await asked.catch(() => undefined));
  return data ? { cpu: share(data.cpu_limit), net: share(data.net_limit), ram: ramShare(data) } : {};
}

const samplesOf = (account = "", left: Left): Metric["samples"] =>
  Object.entries(left).flatMap(([resource, value]) =>
    value === undefined ? [] : [{ labels: { account, resource }, value }],
  );

const share = ({ available, max }: z.output<typeof limit>): number | undefined =>
  max < 0 ? undefined : max === 0 ? 0 : available / max;

const ramShare = ({ ram_quota: quota, ram_usage: used }: z.output<typeof answer>): number | undefined =>
  quota < 0 ? undefined : quota === 0 ? 0 : Math.max(0, quota - used) / quota;
