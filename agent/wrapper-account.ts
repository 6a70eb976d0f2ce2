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
 * What the account that signs EVM transactions has left of CPU, NET and RAM, as a part of what it has in all: without them no
 * transaction of a user reaches the chain, whatever else is well. A resource without limit is left out.
 */
export const wrapperAccountMetrics: Collector = async ({ document }) => {
  const unit = document.units.find(({ service }) => service === "tx-wrapper")?.content ?? "";
  const account = setting(unit, "MINER_ACCOUNT");
  const [node] = setting(unit, "RPC_ENDPOINTS")?.split("|") ?? [];
  if (account === undefined || node === undefined) return [];
  const asked = { account_name: account };
  const { data } = answer.safeParse(await post(`${node}/v1/chain/get_account`, asked).catch(() => undefined));
  if (!data) return [];
  const left = { cpu: share(data.cpu_limit), net: share(data.net_limit), ram: ramShare(data) };
  return [
    gauge(
      "wrapper_account_left_ratio",
      "Part of the resources of the account that signs EVM transactions which is left.",
      Object.entries(left).flatMap(([resource, value]): Metric["samples"] =>
        value === undefined ? [] : [{ labels: { account, resource }, value }],
      ),
    ),
  ];
};

const share = ({ available, max }: z.output<typeof limit>): number | undefined =>
  max < 0 ? undefined : max === 0 ? 0 : available / max;

const ramShare = ({ ram_quota: quota, ram_usage: used }: z.output<typeof answer>): number | undefined =>
  quota < 0 ? undefined : quota === 0 ? 0 : Math.max(0, quota - used) / quota;
