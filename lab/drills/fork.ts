import { setTimeout as pause } from "node:timers/promises";
import { EVM_AUDIT } from "../../agent/evm/layout";
import { bootChain } from "./chain/boot";
import { evmBlock, isOnChain } from "./chain/evm";
import { type Native, nativeOf } from "./chain/native";
import type { Drill, DrillContext, Figures } from "./drill";
import type { SampleLab } from "./sample-lab";

/** The producer that the drill adds to a chain, as its stack file has it. */
export const SECOND = "validator-b";
export const SECOND_HOST = { role: "validator", producer: "second" };
const [FIRST, FOLLOWER] = ["validator-a", "rpc-a"];
const P2P = 9876;
const SETTLED_MS = 2_000;
const PATIENCE_SECONDS = 300;
/** One of two producers signs every other half second; a busy machine leaves some of its blocks out. */
const BRANCH_BLOCK_SECONDS = 2;
const DROP_IN = "/run/systemd/system/evm-node.service.d";

/** A fork in a round: how many blocks of the first producer's branch are thrown away, and whether the EVM node keeps so many. */
interface Fork {
  blocks: number;
  beyondKept?: true;
}

/** The second producer is cut off, the first one makes so many blocks and pauses, the other goes further, the cut heals. */
export const forkOf = (forks: readonly [Fork, ...Fork[]]): Drill => ({
  name: "fork",
  summary: `Two producers are parted, and forks of ${forks.map(({ blocks }) => blocks).join(", ")} blocks healed; the EVM node ends on the right chain, without a hand.`,
  defaults: { rounds: forks.length, seed: 1 },
  lab: {
    number: 5,
    edit: (config) => {
      const hosts = config["nodewright:hosts"];
      if (hosts) hosts[SECOND] = SECOND_HOST;
    },
  },
  run: async (context) => {
    await boot(context);
    for (let round = 0; round < context.rounds; round++) {
      const fork = forks[round % forks.length] ?? forks[0];
      const beyond = fork.beyondKept ? ", beyond what the EVM node keeps" : "";
      await context.round(`a fork of ${fork.blocks} blocks${beyond}`, () => makeFork(context, fork));
    }
  },
});

export const fork = forkOf([
  { blocks: 1 },
  { blocks: 10 },
  { blocks: 20, beyondKept: true },
  { blocks: 400 },
]);

async function boot({ lab, until, progress }: DrillContext): Promise<void> {
  progress("the chain gets a second producer");
  const { signing } = lab.keys;
  const scheduled = (host: string) => ({
    account: lab.host(host).producer?.name ?? "",
    publicKey: signing[host]?.public ?? "",
  });
  await bootChain({
    native: nativeOf(lab, FIRST),
    key: signing[FIRST]?.private ?? "",
    schedule: [scheduled(FIRST), scheduled(SECOND)],
    until,
  });
}

async function makeFork(context: DrillContext, { blocks, beyondKept }: Fork): Promise<Figures> {
  const { lab, until, progress } = context;
  const [first, second] = [nativeOf(lab, FIRST), nativeOf(lab, SECOND)];
  await agree(context, first, second);
  const ended = await endsByFork(lab);
  try {
    const apart = await part(context, first, second);
    if (beyondKept) await keepFew(lab, Math.floor(blocks / 4));
    progress(`parted at block ${apart}`);
    await until(
      "the first branch is long enough, and the EVM node on its way",
      async () => {
        if ((await first.info()).head < apart + blocks) return false;
        // With the last producer paused it would find no nodeos in sync to begin with.
        return (await evmBlock(lab, "latest")).nativeNum >= apart + Math.floor(blocks / 2);
      },
      PATIENCE_SECONDS + blocks * BRANCH_BLOCK_SECONDS,
    );
    await first.control("pause", {});
    const lost = await stillHead(context, first);
    await until("the EVM node follows the first branch", async () => {
      const { nativeNum, nativeId } = await evmBlock(lab, "latest");
      // The newest EVM block is that of the second before the newest native one: two native blocks, or fewer.
      return nativeNum >= lost - 2 && (await first.blockId(nativeNum)) === nativeId;
    });
    await until("the second branch is longer", async () => (await second.info()).head > lost + 1);
    const figures = await healed(context, { first, second, apart, lost });
    if (beyondKept && (await endsByFork(lab)) === ended) throw new Error("the EVM node had kept enough");
    return figures;
  } finally {
    await heal(lab);
    await Promise.all([first.control("resume", {}), second.control("resume", {})]);
    if (beyondKept) await keepAll(lab);
  }
}

interface Parted {
  first: Native;
  second: Native;
  /** Head of the second branch when they were parted, and of the first one when it ended. */
  apart: number;
  lost: number;
}

async function healed(
  { lab, until }: DrillContext,
  { first, second, apart, lost }: Parted,
): Promise<Figures> {
  const begun = performance.now();
  const thrownAway = await first.blockId(lost);
  await heal(lab);
  const follower = nativeOf(lab, FOLLOWER);
  await until("nodeos takes the longer branch", async () => {
    const [id, right] = await Promise.all([follower.blockId(lost), second.blockId(lost)]);
    return id === right && id !== thrownAway;
  });
  await until("the EVM node is on the longer branch", () =>
    isOnChain(lab, second, Math.max(apart - 2, lost - 60)),
  );
  return { forkedBlocks: lost - apart, backSeconds: Math.round(performance.now() - begun) / 1000 };
}

/** Both producers make blocks, and are of one mind. */
async function agree({ lab, until }: DrillContext, first: Native, second: Native): Promise<void> {
  await until("both producers agree", async () => {
    const [one, other] = await Promise.all([first.info(), second.info()]);
    const common = Math.min(one.head, other.head);
    const isSame = (await first.blockId(common)) === (await second.blockId(common));
    // Irreversible needs both of them.
    return isSame && Math.abs(one.head - other.head) <= 2 && one.head - one.lib <= 60;
  });
  await until("the EVM chain follows", async () => isOnChain(lab, first, (await first.info()).head - 20));
}

/** More than a producer still signs after it was told to pause. */
const MARGIN = 6;

/**
 * Answers with the last block that both have. At a change of turns both may sign a block of the same number, and a nodeos
 * signs none below one that it has signed: parted just then the second producer would wait for the first. So it pauses
 * before, and goes on when the other has a block more.
 */
async function part({ lab, until }: DrillContext, first: Native, second: Native): Promise<number> {
  await second.control("pause", {});
  const { head } = await second.info();
  await until("the first producer alone makes blocks", async () => {
    const other = await second.info();
    return other.head >= head + MARGIN && (await first.blockId(other.head)) === other.headId;
  });
  await lab.inHost(SECOND, "nft", NO_PEERS);
  await until("the first producer goes on alone", async () => {
    const apart = await second.info();
    return (await first.info()).head > apart.head + 1;
  });
  const { head: apart } = await second.info();
  await second.control("resume", {});
  return apart;
}

const NO_PEERS = [
  "add table inet drill",
  ...["input", "output"].flatMap((hook) => [
    `add chain inet drill ${hook} { type filter hook ${hook} priority -300; }`,
    ...["dport", "sport"].map((side) => `add rule inet drill ${hook} tcp ${side} ${P2P} drop`),
  ]),
].join("; ");

/** The head of a producer that was told to pause: it may still sign the block that it has in hand. */
async function stillHead({ until }: DrillContext, native: Native): Promise<number> {
  let before = -1;
  await until("the first producer stands still", async () => {
    const { head } = await native.info();
    const isStill = head === before;
    before = head;
    if (!isStill) await pause(SETTLED_MS);
    return isStill;
  });
  return before;
}

/** How often eos-evm-node ended for want of the block where a fork begins, as the trail of its host has it. */
async function endsByFork(lab: SampleLab): Promise<number> {
  const { out } = await lab.tryInHost(FOLLOWER, "grep", "-c", "after: fork", EVM_AUDIT);
  return Number(out.trim() || 0);
}

/** Also where it is healed already. */
const heal = async (lab: SampleLab): Promise<void> =>
  void (await lab.tryInHost(SECOND, "nft", "delete table inet drill"));

/** So that a fork need not be longer than what is reversible: a setting that only the stand-in has. */
async function keepFew(lab: SampleLab, blocks: number): Promise<void> {
  const unit = `[Service]\\nEnvironment=EVM_STANDIN_KEPT_BLOCKS=${blocks}\\n`;
  await lab.inHost(FOLLOWER, "sh", "-c", `mkdir -p ${DROP_IN} && printf '${unit}' >${DROP_IN}/drill.conf`);
  await restart(lab);
}

async function keepAll(lab: SampleLab): Promise<void> {
  await lab.inHost(FOLLOWER, "rm", "-rf", DROP_IN);
  await restart(lab);
}

async function restart(lab: SampleLab): Promise<void> {
  await lab.inHost(FOLLOWER, "systemctl", "daemon-reload");
  await lab.inHost(FOLLOWER, "systemctl", "restart", "evm-node");
}
