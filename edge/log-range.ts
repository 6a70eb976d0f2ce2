import { type Call, errorText, INVALID_PARAMS, LIMIT_EXCEEDED } from "./call";
import type { EdgeContext } from "./context";
import { hasDoubleKeys } from "./json/scan";

/** The error that a query of logs gets which spans more blocks than one may, or could be read in two ways. */
export function refuseLogs(call: Call, { settings, pool }: EdgeContext): string | undefined {
  if (call.method !== "eth_getLogs" || call.params === undefined) return undefined;
  if (hasDoubleKeys(call.params))
    return errorText(call.id, INVALID_PARAMS, "a key of the filter stands twice");
  const { logBlocks } = settings.limits;
  const span = spanOf(JSON.parse(call.params), pool.tip());
  if (span === undefined || span <= logBlocks) return undefined;
  return errorText(call.id, LIMIT_EXCEEDED, `query spans ${span} blocks, at most ${logBlocks} are allowed`);
}

/** Blocks of the filter; undefined where it has no range, or where only the node can say what is wrong with it. */
function spanOf(params: unknown, tip: number | undefined): number | undefined {
  const filter: unknown = Array.isArray(params) ? params[0] : undefined;
  if (typeof filter !== "object" || filter === null) return undefined;
  const members = new Map(
    Object.entries(filter).map(([key, value]) => [key.toLowerCase(), value as unknown]),
  );
  if (members.has("blockhash")) return undefined;
  const [from, to] = ["fromblock", "toblock"].map((key) => blockOf(members.get(key), tip));
  // Without a tip nothing says how long "to the newest" is; the fewest blocks it can be from there are none.
  return from === undefined || to === undefined ? undefined : to - from + 1;
}

function blockOf(value: unknown, tip: number | undefined): number | undefined {
  if (value === "earliest") return 0;
  if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return Number(value);
  if (typeof value === "number") return value;
  return tip;
}
