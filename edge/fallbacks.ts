import { z } from "zod";
import type { Call } from "./call";
import type { EdgeContext } from "./context";
import { post } from "./upstream";

type Fallback = (call: Call, context: EdgeContext) => string | undefined | Promise<string | undefined>;

/** Results, as JSON text, of `local` methods for nodes that have none of their own. */
const FALLBACKS: Readonly<Record<string, Fallback>> = {
  web3_clientVersion: (_, { settings }) => JSON.stringify(settings.client),
  // A node that lags is out of service: what a client reaches is not syncing.
  eth_syncing: () => "false",
  eth_feeHistory: feeHistory,
};

/** What the edge answers itself; undefined where it cannot. */
export const fallback = (call: Call, context: EdgeContext) => FALLBACKS[call.method]?.(call, context);

const quantity = z.union([z.string().regex(/^0x[0-9a-f]+$/i), z.number().int().nonnegative()]);
const feeParams = z
  .tuple([quantity, z.string(), z.array(z.number().min(0).max(100)).max(100).nullish()])
  .or(z.tuple([quantity, z.string()]));
const priceAnswer = z.object({ result: z.string() });
const blocksAnswer = z.array(
  z.object({ id: z.number(), result: z.object({ gasUsed: z.string(), gasLimit: z.string() }) }),
);

/** As many blocks as are worth a request to a node; an answer may cover fewer than asked for. */
const BLOCKS = 20;

/** The chain's gas price is one number that its contract sets: it stands for the base fee of every block. */
async function feeHistory({ params }: Call, { settings, pool }: EdgeContext): Promise<string | undefined> {
  const parsed = feeParams.safeParse(params === undefined ? undefined : JSON.parse(params));
  const tip = pool.tip();
  if (!parsed.success || tip === undefined) return undefined;
  const [count, newestTag, percentiles] = parsed.data;
  const newest = /^0x/.test(newestTag)
    ? Math.min(Number(newestTag), tip)
    : newestTag === "earliest"
      ? 0
      : tip;
  const length = Math.min(Number(count), BLOCKS, newest + 1);
  const numbers = Array.from({ length }, (_, index) => newest - length + 1 + index);
  const ask = numbers.map((number, id) => ({
    ...{ jsonrpc: "2.0", id, method: "eth_getBlockByNumber" },
    params: [`0x${number.toString(16)}`, false],
  }));
  const price = '{"jsonrpc":"2.0","id":1,"method":"eth_gasPrice","params":[]}';
  const { read } = settings.timeouts;
  const [blocks, paid] = await Promise.all([
    length === 0
      ? []
      : post(`${settings.inside}/read`, JSON.stringify(ask), read, 8 << 20).then(({ text }) =>
          blocksAnswer.parse(JSON.parse(text)),
        ),
    post(`${settings.inside}/price`, price, read, 1 << 16).then(
      ({ text }) => priceAnswer.parse(JSON.parse(text)).result,
    ),
  ]);
  const ratios = [...blocks]
    .sort((left, right) => left.id - right.id)
    .map(({ result }) => Number(result.gasUsed) / Math.max(1, Number(result.gasLimit)));
  return JSON.stringify({
    oldestBlock: `0x${(numbers[0] ?? newest).toString(16)}`,
    baseFeePerGas: Array.from({ length: length + 1 }, () => paid),
    gasUsedRatio: ratios,
    ...(percentiles ? { reward: numbers.map(() => percentiles.map(() => "0x0")) } : {}),
  });
}
