import { nativeOf } from "./chain/native";
import { control, headOf, inSync, loadLab, recoveryOf, sameState } from "./chain-hosts";
import type { Drill, DrillContext, Figures } from "./drill";

const HOST = "rpc-a";
const PEER = "seed-a";
const DATA = "/data/nodeos";
/** Where its own disk is seen while a small one covers it. */
const WHOLE = "/data/whole";

interface Damage {
  fault: string;
  /** Whether a good snapshot is taken first. */
  snapshot?: true;
  /** Whether nodeos is killed, and not stopped, before the damage. */
  kill?: true;
  /** Shell commands on the host while nodeos is down; `$snapshot` is the newest. */
  script: string;
  /** By what it must be recovered; default by nothing but mending. */
  rung?: "snapshot" | "replay";
  /** What its status must tell. */
  tells: RegExp;
}

const CUT_LOG = `truncate -s -100 ${DATA}/blocks/blocks.log`;

/** Every damage that a crash, a disk or a hand is known to leave. */
const DAMAGES: readonly Damage[] = [
  {
    fault: "torn block log",
    snapshot: true,
    kill: true,
    script: CUT_LOG,
    rung: "snapshot",
    tells: /cut off \d+ bytes of a block/,
  },
  { fault: "missing index", script: `rm ${DATA}/blocks/blocks.index`, tells: /wrote its index anew/ },
  {
    fault: "truncated state",
    snapshot: true,
    script: `truncate -s 4000000 ${DATA}/state/shared_memory.bin`,
    rung: "snapshot",
    tells: /the state was cut short/,
  },
  {
    fault: "snapshot newer than the block log",
    snapshot: true,
    script: `truncate -s 2000 ${DATA}/blocks/blocks.log`,
    rung: "replay",
    tells: /the block log ends with/,
  },
  {
    fault: "snapshot of another chain",
    snapshot: true,
    kill: true,
    script: `perl -0777 -pi -e 'BEGIN { our $id = pack("H*", shift) } s/\\Q$id\\E/chr(17) x 32/eg' "$(cat /tmp/chain-id)" "$snapshot"`,
    rung: "replay",
    tells: /is of another chain/,
  },
  {
    fault: "snapshot cut short",
    snapshot: true,
    kill: true,
    script: 'truncate -s -5000 "$snapshot"',
    rung: "replay",
    tells: /skipped .*\.bin/,
  },
  {
    fault: "state history behind the block log",
    script: `truncate -s 9000 ${DATA}/state-history/trace_history.log; rm ${DATA}/state-history/trace_history.index`,
    rung: "replay",
    tells: /the state history ends with block/,
  },
];

/** Damages on the disk of nodeos, each recovered by the ladder or stopped with its reason. */
export const tornLog: Drill = {
  name: "torn-log",
  summary:
    "damages the block log, state, index, snapshots and state history of a host and fills its disk; each time nodeos must come back by itself with the state of an undisturbed peer",
  defaults: { rounds: DAMAGES.length + 1, seed: 1 },
  run: async (context) => {
    const load = loadLab(context.lab);
    try {
      await context.until("the chain takes transactions", async () => load.accepted() > 5);
      // In another order each seed; a full disk last, and in each run that is long enough.
      const order = context.random.shuffle(DAMAGES);
      for (let count = 0; count < context.rounds; count++) {
        const damage = order[count % (order.length + 1)];
        if (damage) await context.round(damage.fault, () => damaged(context, damage));
        else await context.round("disk full while nodeos writes", () => diskFull(context));
      }
    } finally {
      await load.stop();
    }
  },
};

async function damaged({ lab, until }: DrillContext, damage: Damage): Promise<Figures> {
  await lab.inHost(HOST, "sh", "-c", `rm -f ${DATA}/snapshots/*.bin*`);
  if (damage.snapshot) await control(lab, HOST, "producer/create_snapshot");
  const info = JSON.parse(await lab.inHost(HOST, "curl", "-fsS", "http://127.0.0.1:8888/v1/chain/get_info"));
  await lab.inHost(HOST, "sh", "-c", `printf %s ${info.chain_id} >/tmp/chain-id`);
  const before = await recoveryOf(lab, HOST);
  const told = before.notes.length;
  const goal = (await headOf(lab, PEER)) + 4;
  // Only what is irreversible is in the block log.
  await until(
    "the block log reaches the snapshot",
    async () => (await nativeOf(lab, HOST).info()).lib > goal,
  );
  if (damage.kill) await lab.inHost(HOST, "systemctl", "kill", "-s", "KILL", "nodeos");
  await lab.inHost(HOST, "systemctl", "stop", "nodeos");
  const script = `set -e; snapshot=$(ls -t ${DATA}/snapshots/*.bin 2>/dev/null | head -n 1); ${damage.script}`;
  await lab.inHost(HOST, "sh", "-c", script);
  const begun = performance.now();
  await lab.inHost(HOST, "systemctl", "start", "nodeos");
  await until(`${HOST} is in sync again`, async () => {
    return (await headOf(lab, HOST)) > goal && (await inSync(lab, HOST, PEER));
  });
  const backSeconds = Math.round(performance.now() - begun) / 1000;
  await sameState(lab, HOST, PEER);
  // A recovery is told as ended by who watches it, a moment after nodeos answers.
  if (damage.rung)
    await until("its status tells of the recovery", async () => {
      return (await recoveryOf(lab, HOST)).last?.begun !== before.last?.begun;
    });
  const { last, notes } = await recoveryOf(lab, HOST);
  const tells = notes.slice(Math.min(told, notes.length - 1)).map(({ what }) => what);
  if (!notes.some(({ what }) => damage.tells.test(what)))
    throw new Error(`its status does not tell ${damage.tells}, but: ${tells.join("; ")}`);
  if (damage.rung && last?.rung !== damage.rung)
    throw new Error(`recovered by ${last?.rung}, not by ${damage.rung}: ${tells.join("; ")}`);
  return { backSeconds, ...(damage.rung && last ? { [`${last.rung}Seconds`]: last.seconds } : {}) };
}

/** On a small disk of its own, so that nobody else's is filled. */
async function diskFull(context: DrillContext): Promise<Figures> {
  const { lab, until } = context;
  const shell = (text: string) => lab.inHost(HOST, "sh", "-ec", text);
  const back = async () => {
    await shell(
      `systemctl stop nodeos; umount ${DATA}; umount ${WHOLE}; rmdir ${WHOLE}; systemctl start nodeos`,
    );
    await until(`${HOST} is back on its own disk`, () => inSync(lab, HOST, PEER));
  };
  await shell(
    // Room for what is there, and as much again as nodeos wants to be free: a tenth.
    `systemctl stop nodeos; size=$(($(du -sm ${DATA} | cut -f1) * 3 / 2 + 300)); mkdir -p ${WHOLE}; mount --bind ${DATA} ${WHOLE}; mount --make-private ${WHOLE}; mount -t tmpfs -o size=\${size}M tmpfs ${DATA}; chown nodeos: ${DATA}; cp -a --sparse=always ${WHOLE}/. ${DATA}/; systemctl start nodeos`,
  );
  const figures = await filled(context).catch(async (error: Error) => {
    // The first error is the one to know of, whatever tidying up then meets.
    await back().catch((second: Error) => {
      throw new Error(`${error.message}; and tidying up: ${second.message}`);
    });
    throw error;
  });
  await back();
  return figures;
}

async function filled({ lab, until }: DrillContext): Promise<Figures> {
  await until(`${HOST} runs on the small disk`, () => inSync(lab, HOST, PEER));
  // Ends with an error, as it should: the disk is full then.
  await lab.tryInHost(HOST, "dd", "if=/dev/zero", `of=${DATA}/filler`, "bs=1M");
  await until("its status tells that the disk is full", async () =>
    /% full/.test((await recoveryOf(lab, HOST)).stopped?.reason ?? ""),
  );
  const begun = performance.now();
  await lab.inHost(HOST, "rm", `${DATA}/filler`);
  await until(`${HOST} is in sync again`, () => inSync(lab, HOST, PEER));
  const backSeconds = Math.round(performance.now() - begun) / 1000;
  await sameState(lab, HOST, PEER);
  return { backSeconds };
}
