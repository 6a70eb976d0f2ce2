import { z } from "zod";
import type { HostDocument } from "../../cloud-init/document";
import { post } from "../loopback";
import type { System } from "../system";
import { type ShipStatus, shipStatus } from "./ship-status";
import { readSupervisor, type SupervisorState } from "./state";

/** How the EVM chain of this host stands against the native one. What did not answer is left out. */
export interface EvmStatus {
  phase: SupervisorState["phase"];
  detail: string;
  /** Name of the nodeos that blocks come from, and whether it is this host's own. */
  source?: string;
  isLocal?: boolean;
  headBlock?: number;
  headAgeSeconds?: number;
  /** Number of the native block behind the EVM head (TrustEVM keeps its id in `mixHash`). */
  nativeBlock?: number;
  /** Native blocks between the EVM head and the head of its source. One EVM block holds two. */
  lagBlocks?: number;
  /** Native blocks that the source has and its state history has not. */
  shipLagBlocks?: number;
  starts: number;
  recoveries: Record<string, number>;
  lastFault?: { fault: string; time: string };
  copyTime?: string;
}

const block = z.object({
  result: z.object({ number: z.string(), timestamp: z.string(), mixHash: z.string() }),
});

/** Undefined on a host that runs no EVM node. Never throws. */
export async function evmStatus(
  system: System,
  { units }: Pick<HostDocument, "units">,
): Promise<EvmStatus | undefined> {
  if (!units.some(({ service }) => service === "evm-node")) return undefined;
  const state = await readSupervisor(system);
  const { source, rpc, lastFault, copyTime } = state;
  const [head, ship] = await Promise.all([
    rpc === undefined ? undefined : headOf(rpc, system.now()),
    source && shipStatus(source.ship).catch(() => undefined),
  ]);
  return {
    phase: state.phase,
    detail: state.detail,
    ...(source ? { source: source.name, isLocal: source.isLocal } : {}),
    ...head,
    ...lags(head, ship),
    starts: state.starts,
    recoveries: state.recoveries,
    ...(lastFault ? { lastFault } : {}),
    ...(copyTime ? { copyTime } : {}),
  };
}

type Head = Required<Pick<EvmStatus, "headBlock" | "headAgeSeconds" | "nativeBlock">>;

async function headOf(rpc: string, now: Date): Promise<Head | undefined> {
  const call = { jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: ["latest", false] };
  const parsed = block.safeParse(await post(rpc, call).catch(() => undefined));
  if (!parsed.success) return undefined;
  const { number, timestamp, mixHash } = parsed.data.result;
  return {
    headBlock: Number(number),
    headAgeSeconds: Math.max(0, now.getTime() / 1000 - Number(timestamp)),
    // The first four bytes of a native id are its number.
    nativeBlock: Number.parseInt(mixHash.slice(2, 10), 16),
  };
}

function lags(head: Head | undefined, ship: ShipStatus | undefined) {
  if (!ship) return {};
  return {
    shipLagBlocks: Math.max(0, ship.head - (ship.traceEnd - 1)),
    ...(head ? { lagBlocks: Math.max(0, ship.head - head.nativeBlock) } : {}),
  };
}
