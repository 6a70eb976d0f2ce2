import type { AlertGroup } from "./alert";

const NODEOS = ["nodeos"];
const EVM = ["evm-rpc"];

/** A block is final some minutes after it was made (180 s at most with 21 producers before instant finality). */
const FINAL_WITHIN = "10m";

export const chain: AlertGroup = {
  name: "chain",
  alerts: [
    {
      name: "HeadOld",
      severity: "page",
      of: NODEOS,
      expr: 'nodewright_head_age_seconds{service="nodeos"} > 30',
      minutes: 2,
      summary: "{{ $labels.host }}: nodeos is {{ $value | humanizeDuration }} behind",
    },
    {
      name: "IrreversibleStuck",
      severity: "page",
      of: NODEOS,
      expr: `changes(nodewright_last_irreversible_block[${FINAL_WITHIN}]) == 0 and nodewright_last_irreversible_block offset ${FINAL_WITHIN}`,
      minutes: 1,
      summary: `{{ $labels.host }}: no block became final within ${FINAL_WITHIN}`,
    },
    {
      name: "NoPeers",
      severity: "page",
      of: NODEOS,
      // A relay that stands alone calls nobody, and that is as planned.
      expr: "nodewright_peers == 0 and nodewright_peers_wanted > 0",
      minutes: 5,
      summary: "{{ $labels.host }}: nodeos is connected with nobody",
    },
    {
      name: "FewPeers",
      severity: "ticket",
      of: NODEOS,
      expr: "nodewright_peers > 0 and nodewright_peers < nodewright_peers_wanted / 2",
      minutes: 30,
      summary:
        "{{ $labels.host }}: nodeos is connected with {{ $value }} nodes, less than half of those it shall have",
    },
    {
      name: "StateAlmostFull",
      severity: "page",
      of: NODEOS,
      expr: "nodewright_chain_state_free_bytes / nodewright_chain_state_size_bytes < 0.1",
      minutes: 10,
      summary: "{{ $labels.host }}: {{ $value | humanizePercentage }} of nodeos' state database is left",
    },
    {
      name: "DirtyRestart",
      severity: "ticket",
      of: NODEOS,
      expr: "increase(nodewright_dirty_restarts_total[1d]) > 0",
      minutes: 0,
      summary: "{{ $labels.host }}: nodeos was found dirty {{ $value }} times within a day",
    },
    {
      name: "ShipBehind",
      severity: "page",
      of: ["evm-node"],
      expr: "nodewright_ship_lag_blocks > 240",
      minutes: 5,
      summary: "{{ $labels.host }}: state history is {{ $value }} blocks behind nodeos",
    },
    {
      name: "EvmBehind",
      severity: "page",
      of: EVM,
      expr: 'nodewright_head_age_seconds{service=~"evm-rpc.*"} - on (host) group_left () nodewright_head_age_seconds{service="nodeos"} > 30',
      minutes: 3,
      summary:
        "{{ $labels.host }}: the EVM chain of {{ $labels.service }} is {{ $value | humanizeDuration }} behind nodeos",
    },
    {
      name: "EvmAccountShort",
      severity: "page",
      of: ["tx-wrapper"],
      expr: "nodewright_evm_account_left_ratio < 0.1",
      minutes: 10,
      summary:
        "{{ $labels.account }}: {{ $value | humanizePercentage }} of its {{ $labels.resource }} are left for EVM transactions",
    },
  ],
};
