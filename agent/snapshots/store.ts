import { copyFile, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type S3Login, withRemedy } from "../s3";
import { HostError, type Outcome, type System } from "../system";
import { hashOf } from "./record";

/** A place for published files: a folder, or a bucket of a server that speaks S3. Names are flat. */
export interface Store {
  /** `file`: a path of the host. */
  put(name: string, file: string): Promise<void>;
  /** Undefined if there is no such file. */
  get(name: string): Promise<Buffer | undefined>;
  remove(name: string): Promise<void>;
}

export interface StoreLogin extends S3Login {
  region: string;
}

const S3 = "s3:";

/** Opens `file:///folder` or `s3:https://server/bucket/prefix`. */
export function openStore(system: System, to: string, login: StoreLogin | undefined): Store {
  if (to.startsWith("file:")) return folderStore(system, system.path(fileURLToPath(to)));
  if (!to.startsWith(S3))
    throw new HostError(`${to}: is neither file:///folder nor s3:https://server/bucket`);
  if (!login) throw new HostError(`${to}: the secret s3-login is not on this host`);
  return bucketStore(system, to.slice(S3.length).replace(/\/+$/, ""), login);
}

/** Each file gets its name when it is whole and on the disk. */
function folderStore(system: System, folder: string): Store {
  return {
    async put(name, file) {
      const part = join(folder, `.${name}.part`);
      await mkdir(dirname(part), { recursive: true });
      await copyFile(system.path(file), part);
      const handle = await open(part, "r+");
      await handle
        .chmod(0o644)
        .then(() => handle.sync())
        .finally(() => handle.close());
      await rename(part, join(folder, name));
    },
    get: (name) =>
      readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      }),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** curl signs requests itself (SigV4); what it must not show in its arguments comes on standard input. */
function bucketStore(system: System, base: string, { accessKey, secretKey, region }: StoreLogin): Store {
  const curl = (hash: string, words: string[]) =>
    system.run(
      [
        "curl",
        ...[
          "--silent",
          "--show-error",
          "--fail-with-body",
          "--retry",
          "5",
          "--retry-connrefused",
          "--config",
          "-",
        ],
        ...["--aws-sigv4", `aws:amz:${region}:s3`, "--header", `x-amz-content-sha256: ${hash}`],
        ...words,
      ],
      Buffer.from(`user = ${JSON.stringify(`${accessKey}:${secretKey}`)}\n`),
    );
  const failure = (name: string, { code, stdout, stderr }: Outcome) => {
    const said = [stderr.trim() || `curl ended with ${code}`, codeOf(stdout)].filter(Boolean).join(", ");
    return new HostError(withRemedy(`${base}/${name}: ${said}`));
  };
  const must = async (name: string, hash: string, words: string[]) => {
    const outcome = await curl(hash, words);
    if (outcome.code !== 0) throw failure(name, outcome);
  };
  return {
    put: async (name, file) => {
      await must(name, await hashOf(system, file), ["--upload-file", system.path(file), `${base}/${name}`]);
    },
    get: async (name) => {
      const outcome = await curl(EMPTY_HASH, [`${base}/${name}`]);
      if (outcome.code === 0) return outcome.stdout;
      // Without the bucket nothing can be put there either: that is no empty store.
      if (/\b404\b/.test(outcome.stderr) && codeOf(outcome.stdout) !== "NoSuchBucket") return undefined;
      throw failure(name, outcome);
    },
    remove: async (name) => {
      await must(name, EMPTY_HASH, ["--request", "DELETE", `${base}/${name}`]);
    },
  };
}

/** What an answer of S3 calls its error: `NoSuchBucket`. */
const codeOf = (body: Buffer): string | undefined => /<Code>(\w+)<\/Code>/.exec(body.toString())?.[1];

/** sha256 of no bytes: requests without a body say so. */
const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
