import type { DrillContext } from "./drill";
import { sameIntegrity } from "./integrity";

export const BACKUP = "backup-a";
export const AGENT = "/opt/nodewright/bin/nodewright-host";
export const REPOSITORY = "/var/backups/nodewright";
/** Where its snapshots are published to. */
export const PUBLISHED = "/data/published";

/** Makes backups, and publishes snapshots, when it is told. */
export const BACKUP_HOST = {
  role: "backup",
  services: {
    snapshots: { publish: `file://${PUBLISHED}`, schedule: "never" },
    backups: { repository: REPOSITORY, drill: "never", keep: { last: 20 } },
  },
};

export const verb = ({ lab }: DrillContext, ...words: string[]): Promise<string> =>
  lab.inHost(BACKUP, AGENT, ...words);

/** A backup, as the timer makes it: with the secrets of its unit. */
export async function backup(context: DrillContext): Promise<void> {
  await inSync(context);
  await context.lab.inHost(BACKUP, "systemctl", "start", "nodewright-backup.service");
}

export const backups = async (context: DrillContext): Promise<{ id: string }[]> =>
  JSON.parse(await verb(context, "backup", "list", "--json")) as { id: string }[];

interface Info {
  head_block_num: number;
  earliest_available_block_num?: number;
}

/** A role whose HTTP is for the cluster listens on all addresses, loopback too. */
export const info = async ({ lab }: DrillContext, host: string): Promise<Info> =>
  JSON.parse(
    await lab.inHost(host, "curl", "-sS", "-X", "POST", "http://127.0.0.1:8888/v1/chain/get_info"),
  ) as Info;

export const head = async (context: DrillContext, host: string): Promise<number> =>
  (await info(context, host)).head_block_num;

export const inSync = (context: DrillContext): Promise<void> =>
  context.until(
    `${BACKUP} is in sync`,
    async () => (await head(context, BACKUP)) >= (await head(context, "validator-a")) - 4,
  );

/** The block at which the state of the backup host was the producer's. */
export async function agreed(context: DrillContext): Promise<number> {
  const api = (name: string) => {
    const listeners = context.lab.host(name).listeners;
    const own =
      listeners.find((each) => each.name === "control") ?? listeners.find((each) => each.name === "http");
    return { host: name, api: `http://127.0.0.1:${own?.port}` };
  };
  let block = 0;
  let differing: Error | undefined;
  await context.until("both are asked at one block", async () => {
    try {
      block = (await sameIntegrity(context.lab, api(BACKUP), api("validator-a"))).block;
    } catch (error) {
      if (!(error instanceof Error) || !/has the state/.test(error.message)) throw error;
      differing = error;
    }
    return true;
  });
  if (differing) throw differing;
  return block;
}
