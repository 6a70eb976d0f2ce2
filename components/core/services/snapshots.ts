import { z } from "zod";
import { NODEOS_DATA, SNAPSHOT_SETTINGS } from "./nodeos-files";
import { defineService, PROGRAMS, type ServiceContext, type ServiceFile } from "./service";

/** Private half of the key that published snapshots are signed with (ed25519, PKCS #8). */
export const SNAPSHOT_KEY = "snapshot-key";
/** `access key:secret key` of an object store. */
export const S3_LOGIN = "s3-login";
/** Of the unit that takes them. */
export const SNAPSHOT_UNIT = "nodewright-snapshot";
/** Memory of what was done, which the agent tells. */
export const AGENT_STATE = "/var/lib/nodewright";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "is no sha256: 64 hexadecimal digits, in quotes");
const mirrorUrl = z.string().regex(/^(https?|file):\/\/\S+$/, "is no URL: https://…, http://… or file:///…");
export const objectStore = z
  .string()
  .regex(
    /^(s3:https?:\/\/[^/\s]+\/\S+|file:\/\/\/\S+)$/,
    "is neither s3:https://server/bucket/path nor file:///folder",
  );
export const calendar = z
  .string()
  .regex(/^[\w\s*:.,/~-]+$/, "is no calendar event of systemd: write it like *-*-* 04:00:00");

const settings = z.strictObject({
  from: z
    .union(
      [
        z.literal("published"),
        z.strictObject({ url: mirrorUrl, sha256: hash.describe("Of the file at that URL, packed or not.") }),
      ],
      { error: "is neither `published` nor { url, sha256 }" },
    )
    .optional()
    .describe(
      "What a host with no state begins with: `published`, on the operator's mirror, or one { url, sha256 }. Default none.",
    ),
  mirror: mirrorUrl
    .optional()
    .describe("Where published snapshots are read from. Needed for `from: published`."),
  key: z
    .string()
    .regex(/^[\w+/]{43}=$|^[\w+/]{59}=$/, "is no ed25519 public key in base64 (32 bytes, or SPKI in DER)")
    .optional()
    .describe("Public key that published snapshots are signed with. Needed for `from: published`."),
  maxAgeDays: z
    .number()
    .positive()
    .optional()
    .describe("A published snapshot may be so old. Default any age."),
  schedule: z
    .union([z.literal("never"), calendar])
    .optional()
    .describe(
      "When nodeos writes one, a calendar event of systemd. Default every 6 hours on role backup, once a day on archive, else never.",
    ),
  keep: z.number().int().min(1).max(100).default(3).describe("Snapshots that stay on the host. Default 3."),
  publish: objectStore
    .optional()
    .describe(
      "Where a host of role backup publishes them: s3:https://server/bucket/path or file:///folder. Default nowhere.",
    ),
  publishKeep: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe("Snapshots that stay published. Default 5."),
  region: z.string().default("us-east-1").describe("Of the object store. Default us-east-1."),
});

type Context = ServiceContext<z.output<typeof settings>>;

const SCHEDULES: Readonly<Record<string, string>> = { backup: "00/6:30:00", archive: "*-*-* 05:15:00" };

const portOf = ({ listenersOf }: Context, name: string): number | undefined =>
  listenersOf("nodeos").find((each) => each.name === name)?.port;

const scheduleOf = (context: Context): string | undefined => {
  const chosen = context.settings.schedule ?? SCHEDULES[context.role];
  return chosen === "never" || portOf(context, "control") === undefined ? undefined : chosen;
};

function fromOf({ from, mirror, key }: Context["settings"]) {
  if (from === undefined) return {};
  if (from !== "published") return { from };
  return mirror === undefined || key === undefined ? {} : { from: { mirror, key } };
}

/** An archive begins before the EVM chain did, or the EVM node misses its first blocks. */
function beforeOf({ role, network }: Context) {
  const seconds = network.evm?.genesis.timestamp;
  if (role !== "archive" || network.birth || typeof seconds !== "string") return {};
  return { before: new Date(Number(seconds) * 1000).toISOString() };
}

function settingsFile(context: Context): ServiceFile {
  const { network, settings, role } = context;
  const { keep, publish, publishKeep, region, maxAgeDays } = settings;
  const value = {
    network: network.name,
    api: `http://127.0.0.1:${portOf(context, "http")}`,
    control: `http://127.0.0.1:${portOf(context, "control")}`,
    ...(network.native.chainId === undefined ? {} : { chainId: network.native.chainId }),
    keep,
    ...fromOf(settings),
    ...beforeOf(context),
    ...(maxAgeDays === undefined ? {} : { maxAgeSeconds: Math.round(maxAgeDays * 86_400) }),
    ...(publish !== undefined && role === "backup"
      ? { publish: { to: publish, region, keep: publishKeep } }
      : {}),
  };
  // Nothing in it is secret; nodeos' user reads it, and a change of it restarts nothing.
  return { path: SNAPSHOT_SETTINGS, content: { format: "json", value }, mode: "0644" };
}

/** Snapshots of a host: what it begins with, when it takes its own, and where they are published. */
export const snapshots = defineService({
  name: "snapshots",
  summary: "snapshots of nodeos: the first start, the schedule, publishing",
  settings,
  listeners: () => [],
  plan: (context) => {
    const { settings, role } = context;
    const schedule = scheduleOf(context);
    const publishes = settings.publish !== undefined && role === "backup";
    const folders =
      publishes && settings.publish?.startsWith("file://") ? [settings.publish.slice("file://".length)] : [];
    const file = settingsFile(context);
    const hasStart = "from" in (file.content as { value: object }).value;
    // A backup takes one whenever it is made.
    if (schedule === undefined && !hasStart && role !== "backup") return [];
    return [
      {
        service: "snapshots",
        unit: SNAPSHOT_UNIT,
        summary: "snapshot of nodeos",
        user: "root",
        exec: [`${PROGRAMS}/nodewright-host`, "snapshots", "take"],
        programs: ["nodewright-host"],
        files: [file],
        listeners: [],
        secrets: publishes ? [SNAPSHOT_KEY, ...(settings.publish?.startsWith("s3:") ? [S3_LOGIN] : [])] : [],
        folders,
        writes: [`${NODEOS_DATA}/snapshots`, AGENT_STATE, ...folders],
        schedule: schedule === undefined ? {} : { calendar: schedule },
        after: ["nodeos.service"],
        onChange: "restart",
        stop: { timeoutSeconds: 600 },
        // Files of nodeos' user are read, written beside and taken away.
        capabilities: ["CAP_DAC_OVERRIDE"],
      },
    ];
  },
});
