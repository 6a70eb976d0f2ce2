export const EVM_SETTINGS = "/etc/nodewright/evm-node.json";
const STATE = "/var/lib/evm-node";
/** What the supervisor knows and did; anyone on the host may read it. */
export const EVM_STATE = `${STATE}/state.json`;
/** Its part of the audit trail: it runs as the service's user, who cannot write that of root. */
export const EVM_AUDIT = `${STATE}/audit.jsonl`;
/** EX_CONFIG: systemd does not start it again after this one. */
export const STOPPED = 78;
