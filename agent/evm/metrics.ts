import type { Metric } from "../metric";
import type { EvmStatus } from "./status";

type Row = [name: string, help: string, value: number | boolean | undefined];

/** The EVM chain of a host, as Prometheus reads it. */
export function evmMetrics(evm: EvmStatus): Metric[] {
  const rows: Row[] = [
    ["evm_head_block", "Number of the newest EVM block.", evm.headBlock],
    ["evm_head_age_seconds", "Age of the newest EVM block.", evm.headAgeSeconds],
    ["evm_native_block", "Number of the native block behind the newest EVM block.", evm.nativeBlock],
    [
      "evm_lag_blocks",
      "Native blocks between the newest EVM block and the head of its source.",
      evm.lagBlocks,
    ],
    [
      "ship_lag_blocks",
      "Native blocks that the source has and its state history has not.",
      evm.shipLagBlocks,
    ],
    ["evm_node_source_local", "1 while blocks come from this host's own nodeos.", evm.isLocal],
    ["evm_node_stopped", "1 after eos-evm-node was given up: a person must look.", evm.phase === "stopped"],
    [
      "evm_copy_timestamp_seconds",
      "When the chain data was last copied on this host.",
      evm.copyTime === undefined ? undefined : Date.parse(evm.copyTime) / 1000,
    ],
  ];
  return [
    ...rows.map(
      ([name, help, value]): Metric => ({
        name: `nodewright_${name}`,
        help,
        type: "gauge",
        samples: value === undefined ? [] : [{ labels: {}, value: Number(value) }],
      }),
    ),
    {
      name: "nodewright_evm_node_starts_total",
      help: "Times that eos-evm-node was started.",
      type: "counter",
      samples: [{ labels: {}, value: evm.starts }],
    },
    {
      name: "nodewright_evm_node_recoveries_total",
      help: "What was done after it ended by itself.",
      type: "counter",
      samples: Object.entries(evm.recoveries).map(([step, value]) => ({ labels: { step }, value })),
    },
  ];
}
