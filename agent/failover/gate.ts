import type { Command, System } from "../system";

/** Lets blocks in and out of a host, for so long as somebody who may do so says it again. */
export interface Gate {
  open(milliseconds: number): Promise<void>;
}

const TABLE = "nodewright_failover";

/**
 * A set of ports in the kernel whose elements end by themselves. Without its element a connection of nodeos to a peer is
 * reset both ways: what a host that was frozen and is thawed has signed gets nowhere, and what waited for it in its sockets
 * cannot make its chain look young. `nft` of a child takes its commands as words.
 */
export const kernelGate = (system: System, ports: readonly number[]): Gate => {
  let isThere = false;
  return {
    open: async (milliseconds) => {
      if (ports.length === 0) return;
      if (!isThere) isThere = await run(system, tableOf(ports));
      const timeout = `${Math.max(1, Math.floor(milliseconds))}ms`;
      const elements = (withTime: boolean) =>
        `{ ${ports.map((port) => (withTime ? `${port} timeout ${timeout}` : `${port}`)).join(", ")} }`;
      const set = `inet ${TABLE} open`;
      // An element that is there keeps its time when it is added again.
      isThere = await run(
        system,
        [
          `add element ${set} ${elements(false)}`,
          `delete element ${set} ${elements(false)}`,
          `add element ${set} ${elements(true)}`,
        ].join("; "),
      );
    },
  };
};

const tableOf = (ports: readonly number[]): string => {
  const all = `{ ${ports.join(", ")} }`;
  const chain = (hook: string, side: string) => [
    `add chain inet ${TABLE} ${hook} { type filter hook ${hook} priority -10; }`,
    `add rule inet ${TABLE} ${hook} tcp ${side} ${all} tcp ${side} != @open reject with tcp reset`,
  ];
  return [
    `add table inet ${TABLE}`,
    `delete table inet ${TABLE}`,
    `add table inet ${TABLE}`,
    `add set inet ${TABLE} open { type inet_service; flags timeout; }`,
    ...chain("input", "sport"),
    ...chain("output", "dport"),
  ].join("; ");
};

/** A kernel without nftables leaves the other guards; it is said once. */
async function run(system: System, text: string): Promise<boolean> {
  const command: Command = ["/usr/sbin/nft", text];
  const { code, stderr } = await system.run(command);
  if (code !== 0) throw new Error(`the gate of nodeos' peers: ${stderr.trim().split("\n")[0]}`);
  return true;
}

/** For where there is nobody to keep out. */
export const NO_GATE: Gate = { open: () => Promise.resolve() };
