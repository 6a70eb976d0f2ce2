import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import "../support/engine-connections";
import * as automation from "@pulumi/pulumi/automation/server";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { stringify } from "yaml";
import { typescriptArguments } from "../../lab/engine/executable";
import { type EngineSetup, prepareSetup } from "../../lab/engine/setup";
import { readEvents, type Told } from "../../lab/policy/events";
import { PACK } from "../../lab/policy/run";
import { NO_CREDENTIALS } from "../../lab/preview/engine";
import type { Resource } from "../../policies/resource";
import { PROJECT } from "../../stacks/stack-file";
import { replay } from "../support/replay";
import type { Recorded } from "./recorded";
import { replayable } from "./replayable";

/** What serves a program of this process to an engine; the SDK's types do not tell of it. */
const { LanguageServer } = automation as unknown as {
  LanguageServer: new (program: () => Promise<void>) => UntypedServiceImplementation;
};

/** A run of the engine: what it told, and how it ended. */
export interface EngineRun extends Told {
  status: number | null;
  /** All that it printed. */
  printed: string;
}

/**
 * A sample on the real engine with the real policy pack. Its resources are registered by a program in this process, and
 * made by this project's own plugins, which serve all runs of the stack: what a run costs is the engine and the pack.
 * One run after the other: while the program registers, this process answers no other engine.
 */
export class EngineStack {
  private runs = 0;

  private constructor(
    readonly recorded: Recorded,
    private readonly folder: string,
    private readonly setup: EngineSetup,
    private readonly plugins: readonly { stop: () => void }[],
    private readonly env: Record<string, string>,
  ) {}

  static async open(recorded: Recorded): Promise<EngineStack> {
    const folder = mkdtempSync(join(tmpdir(), "nodewright-judged-"));
    for (const part of ["state", "world", "mirror"]) mkdirSync(join(folder, part));
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "nodewright", runtime: "nodejs" }));
    const settings = Object.entries(recorded.raw).map(([key, value]) => [`nodewright:${key}`, value]);
    writeFileSync(
      join(folder, `Pulumi.${recorded.stack}.yaml`),
      stringify({ config: Object.fromEntries(settings) }),
      { mode: 0o600 },
    );
    const setup = await prepareSetup(() => {});
    const served = await serve(join(folder, "world"), packagesOf(recorded));
    const env = {
      ...setup.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "of a test",
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_DEBUG_PROVIDERS: served.map(({ name, port }) => `${name}:${port}`).join(),
    };
    const stack = new EngineStack(recorded, folder, setup, served, env);
    const { status, printed } = await stack.pulumi(["stack", "init", recorded.stack]);
    if (status !== 0) throw new Error(`${recorded.stack}: no stack was made:\n${printed}`);
    return stack;
  }

  /**
   * One run over these resources: a preview is judged by the pack, an update by nobody. `policies` is the text of a policy
   * file; default: the samples' own.
   */
  async run(verb: "preview" | "up", resources: readonly Resource[], policies?: string): Promise<EngineRun> {
    const log = join(this.folder, `events-${++this.runs}.jsonl`);
    const settings = `${log}.yaml`;
    if (policies !== undefined) writeFileSync(settings, policies);
    const program = await serveProgram(resources);
    const words = [
      ...[verb, "--stack", this.recorded.stack, "--event-log", log],
      ...["--exec-kind", "auto.inline", `--client=127.0.0.1:${program.port}`],
      ...(verb === "up" ? ["--yes", "--skip-preview"] : ["--policy-pack", PACK]),
    ];
    try {
      const ended = await this.pulumi(words, policies === undefined ? {} : { NODEWRIGHT_POLICIES: settings });
      return { ...ended, ...readEvents(log) };
    } finally {
      program.stop();
    }
  }

  close(): void {
    for (const { stop } of this.plugins) stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async pulumi(words: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(this.setup.pulumi, [...words, "--non-interactive"], {
      cwd: this.folder,
      env: { ...process.env, ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => said.push(data));
    const [status] = (await once(child, "close")) as [number | null];
    return { status, printed: Buffer.concat(said).toString() };
  }
}

const packagesOf = ({ resources }: Recorded): string[] => [
  ...new Set(resources.map(({ type }) => type.split(":")[0] ?? "")),
];

interface Served {
  name: string;
  port: number;
  stop: () => void;
}

/** Folder of each package's plugin; nobody can log in to hosts of a simulated cloud. */
const PLUGINS: Readonly<Record<string, string>> = {
  ...{ aws: "aws", gcp: "gcp", digitalocean: "digitalocean", docker: "docker" },
  command: "simulated-command",
};
/** A plugin answers in a second or two; on a machine that is busy, much later. */
const BEGINS_WITHIN_MS = 300_000;

/**
 * The plugins of the packages that a sample has resources of. Each is a process of its own: the engine gives one up that
 * does not answer within seconds, and this process is busy at times.
 */
const serve = (world: string, packages: readonly string[]): Promise<Served[]> =>
  Promise.all(
    packages.flatMap((name) =>
      PLUGINS[name] === undefined ? [] : [servePlugin(name, PLUGINS[name], world)],
    ),
  );

async function servePlugin(name: string, folder: string, world: string): Promise<Served> {
  const credentials = (NO_CREDENTIALS as Readonly<Record<string, Record<string, string>>>)[name];
  const main = join(PROJECT, "lab", "plugins", folder, "main.ts");
  const child = spawn(process.execPath, typescriptArguments(main), {
    env: { ...process.env, ...credentials, NODEWRIGHT_CLOUD_WORLD: world },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const signal = AbortSignal.timeout(BEGINS_WITHIN_MS);
  const [port] = (await once(createInterface(child.stdout), "line", { signal })) as [string];
  return { name, port: Number(port), stop: () => child.kill() };
}

/** Serves the program to the engine, as the SDK's Automation API does. */
async function serveProgram(resources: readonly Resource[]): Promise<{ port: number; stop: () => void }> {
  const server = new Server();
  const program = async () => replay(replayable(resources));
  server.addService(LanguageRuntimeService, new LanguageServer(program));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}
