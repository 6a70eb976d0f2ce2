import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { publicHalf } from "../../agent/snapshots/manifest";
import { secretName } from "../../components/core/naming";
import { SNAPSHOT_KEY } from "../../components/core/services/snapshots";
import { MIRROR } from "../../stacks/stack-file";
import {
  AGENT,
  agreed,
  BACKUP,
  BACKUP_HOST,
  backup,
  backups,
  head,
  info,
  inSync,
  PUBLISHED,
  REPOSITORY,
  verb,
} from "./backup-host";
import { recoveryOf } from "./chain-hosts";
import type { Drill, DrillContext, Figures } from "./drill";
import { untar } from "./untar";

const BORN = "seed-b";

/** Restores that must work, and backups that must not pass for good ones. */
export const restore: Drill = {
  name: "restore",
  summary:
    "Restores backups on an emptied and on a fresh host and compares its state with the producer's; a damaged backup must be noticed; a host is born from a published snapshot, and comes back by one.",
  defaults: { rounds: 6, seed: 1 },
  lab: {
    number: 4,
    edit: (config) => {
      const target = config["nodewright:target"] as { docker?: { publish?: unknown } };
      if (target.docker) target.docker.publish = {};
      config["nodewright:hosts"] = {
        "seed-a": { role: "seed" },
        "validator-a": { role: "validator", producer: "eosio" },
        [BACKUP]: BACKUP_HOST,
      };
    },
  },
  run: async (context) => {
    const { rounds, round } = context;
    for (let index = 0; index < rounds; index += 1) {
      const { fault, work } = ROUNDS[index % ROUNDS.length] ?? LAST;
      await round(fault, () => work(context));
    }
  },
};

interface Kind {
  fault: string;
  work(context: DrillContext): Promise<Figures>;
}

const LAST: Kind = {
  fault: "all of a host's chain data is lost; the last backup is restored",
  work: async (context) => {
    const { lab, until } = context;
    await backup(context);
    await lab.inHost(BACKUP, "systemctl", "stop", "evm-node", "nodeos");
    await lab.inHost(BACKUP, "sh", "-c", "rm -rf /data/nodeos/* /data/evm/*");
    const begun = performance.now();
    const { block } = JSON.parse(await verb(context, "backup", "restore", "--json")) as { block: number };
    await inSync(context);
    const seconds = (performance.now() - begun) / 1000;
    const at = await agreed(context);
    await until("the drill of the host itself passes", async () => {
      await verb(context, "backup", "drill", "--json");
      return true;
    });
    return { restoredBlock: block, comparedBlock: at, seconds };
  },
};

const DAMAGED: Kind = {
  fault: "a byte of the repository is changed by chance, then one of each pack",
  work: async (context) => {
    const { lab, random } = context;
    let count = 0;
    await backup(context);
    await lab.inHost(BACKUP, "cp", "-a", REPOSITORY, `${REPOSITORY}.whole`);
    try {
      const found = await lab.inHost(BACKUP, "find", `${REPOSITORY}/data`, "-type", "f", "-size", "+1k");
      const files = found.trim().split("\n").sort();
      count = files.length;
      const file = files[random.integer(0, files.length - 1)] ?? "";
      const at = random.integer(0, 1000);
      await lab.inHost(BACKUP, "chmod", "u+w", file);
      await lab.inHost(
        ...([BACKUP, "sh", "-c"] as const),
        `byte=$(od -An -tu1 -j ${at} -N 1 "$1" | tr -d ' '); printf "\\\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek=${at} conv=notrunc status=none`,
        ...["sh", file],
      );
      await mustNotice(context, "check", /restic check/);
      // Whatever of the repository the last backup needs.
      await lab.inHost(
        ...([BACKUP, "sh", "-c"] as const),
        `chmod u+w "$@"; for file; do printf '\\377\\376' | dd of="$file" bs=1 seek=500 conv=notrunc status=none; done`,
        ...["sh", ...files],
      );
      await mustNotice(context, "drill", /restic (check|restore)/);
    } finally {
      await lab.inHost(BACKUP, "sh", "-c", `rm -rf ${REPOSITORY} && mv ${REPOSITORY}.whole ${REPOSITORY}`);
    }
    await verb(context, "backup", "check");
    return { packs: count };
  },
};

async function mustNotice({ lab }: DrillContext, what: "check" | "drill", reason: RegExp): Promise<void> {
  const { code, out, err } = await lab.tryInHost(BACKUP, AGENT, "backup", what);
  if (code === 0) throw new Error(`the ${what} passed all the same: ${out}`);
  if (!reason.test(err)) throw new Error(`the ${what} failed, but for another reason: ${err}`);
}

/** The repository lies elsewhere, as it should: it is what outlives the machine and its disks. */
const FRESH: Kind = {
  fault: "the host and its disks are gone; the last backup is restored on a fresh one",
  work: async (context) => {
    const { lab, progress, signal } = context;
    await backup(context);
    const machine = (await lab.container(BACKUP).inspect()).Id;
    const repository = await buffer(await lab.container(BACKUP).getArchive({ path: REPOSITORY }));
    lab.edit((config) => delete config["nodewright:hosts"]?.[BACKUP]);
    await lab.up({ progress, signal });
    lab.edit((config) => {
      config["nodewright:hosts"] = { ...config["nodewright:hosts"], [BACKUP]: BACKUP_HOST };
    });
    await lab.up({ progress, signal });
    if ((await lab.container(BACKUP).inspect()).Id === machine) throw new Error("it is the same machine");
    await lab.inHost(BACKUP, "rm", "-rf", REPOSITORY);
    await lab.container(BACKUP).putArchive(repository, { path: dirname(REPOSITORY) });
    const begun = performance.now();
    const { block } = JSON.parse(await verb(context, "backup", "restore", "--json")) as { block: number };
    await inSync(context);
    const seconds = (performance.now() - begun) / 1000;
    return { restoredBlock: block, comparedBlock: await agreed(context), seconds };
  },
};

const SIXTH: Kind = {
  fault: "the newest five backups are removed by hand; the sixth is restored",
  work: async (context) => {
    for (let made = 0; made < 6; made += 1) await backup(context);
    const all = await backups(context);
    for (const { id } of all.slice(0, 5))
      await context.lab.inHost(BACKUP, "rm", `${REPOSITORY}/snapshots/${id}`);
    const { id } = JSON.parse(await verb(context, "backup", "restore", "--json")) as { id: string };
    if (!all[5]?.id.startsWith(id)) throw new Error(`${id} was restored, and the sixth is ${all[5]?.id}`);
    await inSync(context);
    return { comparedBlock: await agreed(context) };
  },
};

const BIRTH: Kind = {
  fault: "a new host is born from a published snapshot",
  work: (context) => whilePublished(context, () => birth(context)),
};

async function birth(context: DrillContext): Promise<Figures> {
  const { lab, progress, signal } = context;
  const key = publicHalf(lab.keys.secrets[secretName(BACKUP, SNAPSHOT_KEY)] ?? "");
  const begun = performance.now();
  lab.edit((config) => {
    const hosts = config["nodewright:hosts"] ?? {};
    hosts[BORN] = {
      role: "seed",
      services: { snapshots: { from: "published", mirror: lab.plan.mirror, key } },
    };
  });
  await lab.up({ progress, signal });
  await followsAgain(context);
  const { earliest_available_block_num: earliest } = await info(context, BORN);
  if (earliest === undefined || earliest < 3)
    throw new Error(`${BORN} has blocks from ${earliest}: it began with the genesis`);
  return { firstBlock: earliest, seconds: (performance.now() - begun) / 1000 };
}

/** Its block log begins with a snapshot, so there is nothing to replay. */
const NOTHING_LEFT: Kind = {
  fault: "a host has neither state nor snapshots, and the mirror nothing; then the mirror has one again",
  work: async (context) => {
    const { lab, until } = context;
    if (!lab.plan.hosts.some(({ name }) => name === BORN))
      await whilePublished(context, () => birth(context));
    await lab.inHost(BORN, "systemctl", "stop", "nodeos");
    await lab.inHost(BORN, "sh", "-c", "rm -rf /data/nodeos/state /data/nodeos/snapshots/*");
    await lab.tryInHost(BORN, "systemctl", "start", "nodeos");
    await until(`${BORN} has stopped and says why`, async () => {
      const { stopped } = await recoveryOf(lab, BORN);
      return stopped !== undefined && stopped.remedy !== "";
    });
    return whilePublished(context, async () => {
      const begun = performance.now();
      await lab.inHost(BORN, "systemctl", "start", "nodeos");
      await followsAgain(context);
      const { last } = await recoveryOf(lab, BORN);
      if (last?.rung !== "published") throw new Error(`it came back by ${last?.rung}`);
      return { seconds: (performance.now() - begun) / 1000 };
    });
  },
};

const followsAgain = (context: DrillContext): Promise<void> =>
  context.until(
    `${BORN} is in sync`,
    async () => (await head(context, BORN)) >= (await head(context, "seed-a")) - 2,
  );

/** A snapshot of this moment is on the mirror that every host of the lab reads, for as long as the work takes. */
async function whilePublished<Made>(context: DrillContext, work: () => Promise<Made>): Promise<Made> {
  await context.lab.inHost(BACKUP, "systemctl", "start", "nodewright-snapshot.service");
  const copied = await publishedOnMirror(context);
  try {
    return await work();
  } finally {
    for (const name of copied) rmSync(join(MIRROR, name), { force: true });
  }
}

const ROUNDS: readonly Kind[] = [LAST, DAMAGED, BIRTH, SIXTH, NOTHING_LEFT, FRESH];

/** The folder that the host published to, put on the mirror that every host of the lab reads. */
async function publishedOnMirror({ lab }: DrillContext): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-published-"));
  try {
    await untar(await lab.container(BACKUP).getArchive({ path: `${PUBLISHED}/.` }), folder);
    const names = readdirSync(folder).filter((name) => !name.startsWith("."));
    for (const name of names) cpSync(join(folder, name), join(MIRROR, name));
    return names;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
