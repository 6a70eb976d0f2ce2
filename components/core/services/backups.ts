import { z } from "zod";
import { CHAIN_DATA } from "./evm-node";
import { NODEOS_DATA } from "./nodeos-files";
import { defineService, PROGRAMS, type ServiceContext, type ServicePlan } from "./service";
import { AGENT_STATE, calendar, S3_LOGIN } from "./snapshots";

/** Password of the backup repository: without it nobody can read it, its owner neither. */
export const BACKUP_PASSWORD = "backup-password";
export const BACKUP_SETTINGS = "/etc/nodewright/backups.json";
/** What restic keeps of the repository's index; also where a drill restores to. */
const CACHE = "/data/backup";

const number = z.number().int().min(0).max(1000);

const settings = z.strictObject({
  repository: z
    .string()
    .regex(/^(s3:https?:\/\/[^/\s]+\/\S+|\/\S+)$/, "is neither s3:https://server/bucket/path nor a folder")
    .optional()
    .describe(
      "Where backups go: s3:https://server/bucket/path, or a folder of this host (a mount). Default none: no backups.",
    ),
  region: z.string().default("us-east-1").describe("Of the object store. Default us-east-1."),
  schedule: calendar
    .default("*-*-* 03:30:00")
    .describe("When, a calendar event of systemd. Default every day at 03:30 UTC."),
  keep: z
    .strictObject({
      last: number.default(7).describe("The newest so many. Default 7."),
      daily: number.default(14).describe("Of so many days. Default 14."),
      weekly: number.default(8).describe("Of so many weeks. Default 8."),
      monthly: number.default(6).describe("Of so many months. Default 6."),
    })
    .refine(({ last }) => last >= 1, "must keep the last one at least")
    .prefault({})
    .describe("Which backups stay."),
  drill: z
    .union([z.literal("never"), calendar])
    .default("Sun *-*-* 06:00:00")
    .describe(
      "When the last backup is restored beside the running node and compared with it. Default Sundays at 06:00 UTC.",
    ),
});

type Context = ServiceContext<z.output<typeof settings>>;

const settingsFile = ({ settings, listenersOf, network, stack, host }: Context) => {
  const { repository, region, keep } = settings;
  const port = (name: string) => listenersOf("nodeos").find((each) => each.name === name)?.port;
  const value = {
    repository,
    region,
    keep,
    stack,
    host,
    api: `http://127.0.0.1:${port("http")}`,
    control: `http://127.0.0.1:${port("control")}`,
    p2p: `127.0.0.1:${port("p2p")}`,
    ...(network.native.chainId === undefined ? {} : { chainId: network.native.chainId }),
    // In the order in which they are stopped; started in reverse.
    units: [...(listenersOf("evm-node").length > 0 ? ["evm-node"] : []), "nodeos"],
    ...(listenersOf("evm-node").length > 0 ? { evm: CHAIN_DATA } : {}),
    cache: CACHE,
  };
  return { path: BACKUP_SETTINGS, content: { format: "json" as const, value }, mode: "0644" };
};

/** Encrypted, incremental backups of a host of role backup, and the drill that proves them. */
export const backups = defineService({
  name: "backups",
  summary: "backups of the chain's data, pruned, checked, restored in a drill",
  settings,
  listeners: () => [],
  plan: (context) => {
    const { repository, schedule, drill } = context.settings;
    if (repository === undefined) return [];
    const common = {
      service: "backups",
      user: "root",
      programs: ["nodewright-host", "nodeos"],
      packages: ["restic"],
      listeners: [],
      secrets: [BACKUP_PASSWORD, ...(repository.startsWith("s3:") ? [S3_LOGIN] : [])],
      data: CACHE,
      folders: repository.startsWith("/") ? [repository] : [],
      writes: [NODEOS_DATA, AGENT_STATE, ...(repository.startsWith("/") ? [repository] : [])],
      after: ["nodeos.service"],
      onChange: "restart",
      // A backup that is stopped still starts what it has stopped.
      stop: { timeoutSeconds: 900 },
      capabilities: ["CAP_DAC_OVERRIDE", "CAP_CHOWN", "CAP_FOWNER"],
    } satisfies Partial<ServicePlan>;
    return [
      {
        ...common,
        unit: "nodewright-backup",
        summary: "backup of chain data",
        exec: [`${PROGRAMS}/nodewright-host`, "backup", "run"],
        files: [settingsFile(context)],
        schedule: { calendar: schedule },
      },
      {
        ...common,
        unit: "nodewright-backup-drill",
        summary: "restore drill",
        exec: [`${PROGRAMS}/nodewright-host`, "backup", "drill"],
        files: [],
        schedule: drill === "never" ? {} : { calendar: drill },
      },
    ];
  },
});
