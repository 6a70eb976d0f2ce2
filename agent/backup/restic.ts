import { z } from "zod";
import { BACKUP_PASSWORD } from "../../components/core/services/backups";
import { S3_LOGIN } from "../../components/core/services/snapshots";
import { credential } from "../credentials";
import { s3Login, withRemedy } from "../s3";
import { HostError, type Outcome, type System } from "../system";
import type { BackupSettings } from "./settings";

const snapshotSchema = z.object({
  id: z.string(),
  short_id: z.string(),
  time: z.string(),
  hostname: z.string(),
  paths: z.array(z.string()),
  tags: z.array(z.string()).nullish(),
});

export type Backup = z.infer<typeof snapshotSchema>;

export interface Restic {
  /** Runs restic to a good end and gives its standard output; throws HostError with its reason. */
  run(...words: string[]): Promise<string>;
  /** Backups of this host, newest first. */
  backups(): Promise<Backup[]>;
  /** Makes the repository if there is none yet. */
  init(): Promise<void>;
}

/**
 * Secrets go in on standard input and become variables of restic alone: they stand in no argument, and in no file beside
 * the credential itself.
 */
const LAUNCH = `IFS= read -r RESTIC_PASSWORD
IFS= read -r AWS_ACCESS_KEY_ID
IFS= read -r AWS_SECRET_ACCESS_KEY
export RESTIC_PASSWORD AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
exec restic "$@"`;

export async function openRestic(system: System, settings: BackupSettings): Promise<Restic> {
  const { repository, region, cache, host } = settings;
  const password = await credential(system, BACKUP_PASSWORD);
  const isBucket = repository.startsWith("s3:");
  const login = isBucket ? s3Login(await credential(system, S3_LOGIN)) : { accessKey: "", secretKey: "" };
  const input = Buffer.from(`${[password, login.accessKey, login.secretKey].join("\n")}\n`);
  const reasonOf = (stderr: string) => (isBucket ? withRemedy(stderr.trim()) : stderr.trim());
  const attempt = (words: readonly string[]): Promise<Outcome> =>
    system.run(
      [
        ...(["sh", "-c", LAUNCH, "sh"] as const),
        ...["--repo", isBucket ? repository : system.path(repository)],
        ...["--cache-dir", system.path(`${cache}/cache`), "--option", `s3.region=${region}`],
        ...words,
      ],
      input,
    );
  const run = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await attempt(words);
    if (code === 0) return stdout.toString();
    if (code === 127) throw new HostError("restic is not installed: provision this host again");
    throw new HostError(`restic ${words[0]}: ${reasonOf(stderr) || `it ended with ${code}`}`);
  };
  return {
    run,
    backups: async () => {
      const found = z
        .array(snapshotSchema)
        .nullable()
        .parse(JSON.parse(await run("snapshots", "--json", "--host", host)));
      return (found ?? []).toSorted((one, other) => other.time.localeCompare(one.time));
    },
    init: async () => {
      const { code, stderr } = await attempt(["cat", "config"]);
      if (code === 0) return;
      // A wrong password, or a store that does not answer, must never lead to a second repository.
      if (!/Is there a repository at the following location/.test(stderr) || /wrong password/.test(stderr))
        throw new HostError(`the repository ${repository} cannot be opened: ${reasonOf(stderr)}`);
      await run("init");
    },
  };
}
