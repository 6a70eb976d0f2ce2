import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type OpMap, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { OPERATOR_KEY } from "../../components/core/naming";
import { machinesOf, type Plan } from "../../components/core/plan/plan";
import { keysFor, type LabKeys } from "../../lab/keys";
import { type OpenWorld, openWorld, worldFile } from "../../lab/plugins/cloud/world";
import { preparePreview } from "../../lab/preview/engine";
import { deploy, toldPlainly } from "../../stacks/deploy";
import { loadPlan } from "../../stacks/load";
import { CONFIG_DIR, readStackFile, stackPath } from "../../stacks/stack-file";

type Raw = Record<string, unknown>;

/** Name of a sample's only target. */
export const targetOf = (sample: string): string => Object.keys((rawOf(sample).target as Raw) ?? {})[0] ?? "";

/** Every sample, by the name of its stack. */
export const samples = (): string[] =>
  readdirSync(CONFIG_DIR).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

export function rawOf(sample: string): Raw {
  const { raw, findings } = readStackFile(stackPath(sample));
  if (!raw) throw new Error(`${sample}: ${findings.map(({ message }) => message).join("; ")}`);
  return raw;
}

/** What the engine counts of a run, without what stayed as it was. */
export type Changes = Partial<Record<string, number>>;
export const changesOf = ({ same: _, ...changes }: OpMap = {}): Changes => changes;

/**
 * A sample on the real engine and a simulated cloud, in a scratch folder with a state, a world and keys of its own. Its
 * settings are written as a stack file, as an operator's are, and can be changed between two runs.
 */
export class CloudLife {
  readonly world: OpenWorld;
  /** All that was printed. */
  printed = "";
  private kept: NodeJS.ProcessEnv = {};

  private constructor(
    readonly folder: string,
    readonly sample: string,
    readonly cloud: string,
    readonly keys: LabKeys,
    readonly env: Record<string, string>,
    public raw: Raw,
  ) {
    this.world = openWorld(folder, cloud);
  }

  private started: Stack | undefined;

  /** `over` takes the place of the sample's own keys. */
  static async open(sample: string, over: Raw = {}): Promise<CloudLife> {
    const folder = mkdtempSync(join(tmpdir(), `nodewright-${sample}-`));
    for (const part of ["mirror", "state"]) mkdirSync(join(folder, part));
    const plan = planned(sample, { ...rawOf(sample), ...over });
    const keys = keysFor(join(folder, "keys.json"), plan);
    const raw = withKeys({ ...rawOf(sample), ...over }, plan, keys);
    const { setup } = await preparePreview(plan, true, () => {});
    const env = {
      ...setup.env,
      NODEWRIGHT_CLOUD_WORLD: folder,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "of a test",
      // Many small steps: without these the state is written anew for each of them.
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
    };
    const life = new CloudLife(folder, sample, plan.target.name, keys, env, raw);
    life.set({});
    await life.start();
    return life;
  }

  private async start(): Promise<void> {
    // The program runs in this process, so its environment is ours.
    this.kept = { ...process.env };
    Object.assign(process.env, this.env);
    this.started = await LocalWorkspace.createOrSelectStack(
      {
        stackName: this.sample,
        projectName: "nodewright",
        program: () => toldPlainly(deploy({ files: (sha256) => this.artifact(sha256) })),
      },
      { workDir: this.folder, envVars: this.env },
    );
    const secrets = { [OPERATOR_KEY]: this.keys.ssh.private, ...this.keys.secrets };
    await this.stack.setConfig("nodewright:secrets", { value: JSON.stringify(secrets), secret: true });
  }

  get stack(): Stack {
    if (!this.started) throw new Error("the stack was not started");
    return this.started;
  }

  get plan(): Plan {
    return planned(this.sample, this.raw);
  }

  /** Writes settings over those of the stack file; the engine's own keys in it stay. Undefined takes one out. */
  set(over: Raw): void {
    this.raw = Object.fromEntries(
      Object.entries({ ...this.raw, ...over }).filter(([, value]) => value !== undefined),
    );
    const path = join(this.folder, `Pulumi.${this.sample}.yaml`);
    const before = existsSync(path) ? (parse(readFileSync(path, "utf8")) as Raw) : {};
    const secrets = (before.config as Raw | undefined)?.["nodewright:secrets"];
    const keys = Object.entries(this.raw).map(([key, value]) => [`nodewright:${key}`, value]);
    const config = { ...Object.fromEntries(keys), ...(secrets ? { "nodewright:secrets": secrets } : {}) };
    writeFileSync(path, stringify({ ...before, config }));
  }

  setTarget(over: Raw): void {
    const own = (this.raw.target as Record<string, Raw>)[this.cloud];
    this.set({ target: { [this.cloud]: { ...own, ...over } } });
  }

  async preview(): Promise<Changes> {
    const once = async () => (await this.stack.preview(this.listening())).changeSummary;
    const seen = await once();
    // On a busy machine the engine's last event may be lost (pulumi automation, "Failed to parse summary event").
    return changesOf(Object.keys(seen).length > 0 ? seen : await once());
  }

  async up(): Promise<Changes> {
    return changesOf((await this.stack.up(this.listening())).summary.resourceChanges);
  }

  async refresh(): Promise<Changes> {
    return changesOf((await this.stack.refresh(this.listening())).summary.resourceChanges);
  }

  /** As `pulumi destroy --yes` in a shell, which looks first whether it may; answers with what it said. */
  destroy(): { status: number | null; said: string } {
    const { status, stdout, stderr } = spawnSync("pulumi", ["destroy", "--yes", "--non-interactive"], {
      cwd: this.folder,
      env: { ...process.env, ...this.env },
      encoding: "utf8",
    });
    this.printed += stdout + stderr;
    return { status, said: stdout + stderr };
  }

  /** Number of resources in the world, by type. */
  count(): Record<string, number> {
    const file = worldFile(this.folder, this.cloud);
    if (!existsSync(file)) return {};
    const { resources } = JSON.parse(readFileSync(file, "utf8")) as { resources: Record<string, Raw> };
    const counts = Object.entries(resources).map(([token, all]) => [token, Object.keys(all).length] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** Everything that the backend keeps, as it lies on the disk. */
  state(): string {
    const folder = join(this.folder, "state");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
  }

  close(): void {
    if (this.started) {
      for (const name of Object.keys(process.env)) if (!(name in this.kept)) delete process.env[name];
      Object.assign(process.env, this.kept);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A simulated cloud does not look at what it stores. */
  private artifact(sha256: string): string {
    const path = join(this.folder, "mirror", sha256);
    writeFileSync(path, sha256);
    return path;
  }

  private readonly listening = () => ({
    onOutput: (text: string) => {
      this.printed += text;
    },
  });
}

function planned(sample: string, raw: Raw): Plan {
  const { plan, findings } = loadPlan(sample, raw);
  if (!plan) throw new Error(findings.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return plan;
}

/** The sample with keys of this run, as its first comment asks the operator for. */
function withKeys(raw: Raw, { hosts }: Plan, keys: LabKeys): Raw {
  const signed = Object.entries(raw.hosts as Record<string, Raw>).map(([group, host]) => {
    const producer = hosts.find((each) => each.group === group && each.producer);
    const pair = producer && keys.signing[producer.name];
    return [group, pair ? { ...host, signingKey: pair.public } : host];
  });
  return {
    ...raw,
    hosts: Object.fromEntries(signed),
    sshKeys: [keys.ssh.public],
    acceptStandIns: "nothing real runs on a simulated cloud",
  };
}

/** A release lock of the same software, each release that comes from outside in another version. */
export function writeNewerLock(folder: string, lock: string): string {
  const { releases } = JSON.parse(readFileSync(lock, "utf8")) as { releases: Raw[] };
  const newer = releases.map((release) =>
    typeof release.sha256 === "string"
      ? { ...release, version: `${String(release.version)}1`, sha256: release.sha256.replace(/^../, "99") }
      : release,
  );
  const path = join(folder, "newer-lock.json");
  writeFileSync(path, JSON.stringify({ releases: newer }));
  return path;
}

export const releasesOf = (plan: Plan): string[] => [
  ...new Set(machinesOf(plan).flatMap(({ releases }) => releases.map(({ sha256 }) => sha256))),
];
