import { setTimeout as pause } from "node:timers/promises";
import { isOnChain } from "./chain/evm";
import { nativeOf } from "./chain/native";
import type { Drill, DrillContext } from "./drill";

const HOST = "rpc-a";
const SHIP = 8999;

type Fault = [what: string, begin: string[], end: string[]];

const table = (verdict: string): string[] => [
  "nft",
  [
    "add table inet drill",
    "add chain inet drill out { type filter hook output priority -300; }",
    `add rule inet drill out oifname lo tcp dport ${SHIP} ${verdict}`,
    `add rule inet drill out oifname lo tcp sport ${SHIP} ${verdict}`,
  ].join("; "),
];
const NO_TABLE = ["nft", "delete table inet drill"];

/** Ways in which state history goes: its connections are cut, no packet passes, or nodeos itself is stopped. */
const FAULTS: [Fault, ...Fault[]] = [
  ["its connections cut", table("reject with tcp reset"), NO_TABLE],
  ["its packets lost", table("drop"), NO_TABLE],
  ["nodeos stopped", ["systemctl", "stop", "nodeos"], ["systemctl", "start", "nodeos"]],
];

/** State history goes for these times, one a round, and comes back. */
export const shipLossOf = (seconds: readonly [number, ...number[]]): Drill => ({
  name: "ship-loss",
  summary: `State history of ${HOST} is lost for ${seconds.join(", ")} s; the EVM node goes on on the right chain, without a hand.`,
  defaults: { rounds: seconds.length, seed: 1 },
  run: async (context) => {
    for (let round = 0; round < context.rounds; round++) {
      const fault = context.random.pick(FAULTS);
      const lost = seconds[round % seconds.length] ?? seconds[0];
      await context.round(`state history lost for ${lost} s: ${fault[0]}`, () => lose(context, fault, lost));
    }
  },
});

export const shipLoss = shipLossOf([1, 30, 300]);

async function lose({ lab, until, signal }: DrillContext, [, begin, end]: Fault, lost: number) {
  const native = nativeOf(lab, HOST);
  const reference = nativeOf(lab, "seed-a");
  await until("the EVM chain follows", async () =>
    isOnChain(lab, reference, (await reference.info()).head - 20),
  );
  await lab.inHost(HOST, ...begin);
  try {
    await pause(lost * 1000, undefined, { signal });
  } finally {
    await lab.inHost(HOST, ...end);
  }
  const begun = performance.now();
  const { head } = await reference.info();
  await until("nodeos is back", async () => (await native.info()).head >= head);
  await until("the EVM chain is on the right chain again", () => isOnChain(lab, reference, head));
  return { lostSeconds: lost, backSeconds: Math.round(performance.now() - begun) / 1000 };
}
