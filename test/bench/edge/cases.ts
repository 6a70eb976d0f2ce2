/** A body that clients send over and over. */
export interface Case {
  name: string;
  body: string;
  connections: number;
}

const ADDRESS = `0x${"11".repeat(20)}`;

const call = (id: number, data = "0x18160ddd") => ({
  jsonrpc: "2.0",
  id,
  method: "eth_call",
  params: [{ to: ADDRESS, data }, "latest"],
});
const gasPrice = (id: number) => ({ jsonrpc: "2.0", id, method: "eth_gasPrice", params: [] });

const reads = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => call(index + 1)));

/** Nine reads, then one call that the writer answers. */
const mixed = (count: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, index) => (index % 10 === 9 ? gasPrice(index + 1) : call(index + 1))),
  );

const SMALL = JSON.stringify(call(1));
const LARGE = JSON.stringify(call(1, `0x${"ab".repeat(50_000)}`));

export const CASES: readonly Case[] = [
  { name: "small, 1 connection", body: SMALL, connections: 1 },
  { name: "small", body: SMALL, connections: 32 },
  { name: "small, 256 connections", body: SMALL, connections: 256 },
  { name: "100 KB", body: LARGE, connections: 32 },
  { name: "batch of 10", body: reads(10), connections: 32 },
  { name: "batch of 50", body: reads(50), connections: 32 },
  { name: "batch of 100", body: reads(100), connections: 32 },
  { name: "mixed batch of 50", body: mixed(50), connections: 32 },
];

/** Longer rounds than the others: a p99 of few seconds says little. */
export const STEADY = { body: SMALL, perSecond: 2_000, seconds: 5, times: { rounds: 3, warmUp: 1 } };

export const SOCKET = { body: SMALL, connections: 8 };
