import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { parse, stringify } from "yaml";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import { PROJECT } from "../../stacks/stack-file";
import type { LabKeys } from "../keys";
import { readJson } from "../read-json";
import { CACHE, type Room, roomOf } from "../room";
import type { LabStatus } from "../status";
import { ended, execIn, mustEnd, need, type Run } from "./run";

export interface UpReport extends LabStatus {
  changes: Record<string, number>;
  timings: Record<string, number>;
}

interface UpOptions {
  signal?: AbortSignal;
  progress?: (line: string) => void;
}

/** Those of the sample stack of the lab. */
export const HOSTS = ["seed-a", "validator-a", "rpc-a"];

/** Settings of a stack file: by key, section, name. */
export type Settings = Record<string, Record<string, Record<string, unknown>>>;

/** Which hosts a suite or a drill wants. */
export interface LabChoice {
  /** 0 to 3 are those of suites, 4 of drills, 5 of drills of whole chains: each has networks of its own. */
  number?: 0 | 1 | 2 | 3 | 4 | 5;
  /** Sample stack; default `lab`. */
  stack?: string;
  /** Its host whose proxy is published to this machine; default `rpc-a`. */
  published?: string;
  /** With the sample's `chain` section, at ports of its own; default without: the chain begins as nodeos makes it. */
  ownChain?: boolean;
  /** Makes the stack file fit, before anything is brought up. */
  edit?: (config: Settings) => void;
}

type StackYaml = { config: Settings };

/** Different for each project folder, so that tests of two clones, and a lab that serves, never meet. */
const DIGEST = createHash("sha256").update(PROJECT).digest();
const NAME = `test-${DIGEST.toString("hex").slice(0, 6)}`;
/** Clear of the sample lab's 77 and 78. */
const FIRST_NET = 80 + (DIGEST.readUInt8(0) % 13) * 12;

/** A lab beside `npm run lab`, of a sample stack: own name, networks, port and folder. Suites and drills put their hosts here. */
export class SampleLab {
  readonly file: string;
  readonly name: string;
  readonly rpcPort: number;

  /** The number is in the lab's name: all suites are loaded before the first runs. */
  constructor(
    number: NonNullable<LabChoice["number"]> = 0,
    { stack = "lab", published = "rpc-a", ownChain = false, edit }: LabChoice = {},
  ) {
    this.name = `${NAME}-${number}`;
    this.rpcPort = 20_000 + (DIGEST.readUInt16BE(1) % 10_000) + number;
    const net = FIRST_NET + number * 2;
    const folder = join(CACHE, "test-stacks");
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `Pulumi.${this.name}.yaml`);
    const sample = parse(
      readFileSync(join(PROJECT, `stacks/config/Pulumi.${stack}.yaml`), "utf8"),
    ) as StackYaml;
    const subnet = (index: number) => ({
      ipv4: `10.${net + index}.0.0/16`,
      ipv6: `fd00:${net + index}::/64`,
    });
    const { "nodewright:chain": chain, ...others } = sample.config;
    const loopback = (offset: number) => `http://127.0.0.1:${this.rpcPort + offset}`;
    this.write({
      ...others,
      ...(ownChain
        ? { "nodewright:chain": { ...chain, endpoint: loopback(20), control: loopback(30) } }
        : {}),
      "nodewright:target": {
        docker: {
          networks: { cluster: subnet(0), public: subnet(1) },
          publish: { [published]: { rpc: this.rpcPort } },
        },
      },
    });
    if (edit) this.edit(edit);
  }

  get room(): Room {
    return roomOf(this.file);
  }

  get plan(): Plan {
    return need(readJson<Plan>(this.room.plan), "the plan of the test lab");
  }

  get keys(): LabKeys {
    return need(readJson<LabKeys>(this.room.keys), "the keys of the test lab");
  }

  get docker(): Docker {
    const { config } = this.plan.target as { config: { host: string } };
    return new Docker({ socketPath: config.host.replace("unix://", "") });
  }

  host(name: string): HostPlan {
    return need(
      this.plan.hosts.find((each) => each.name === name),
      name,
    );
  }

  write(config: Record<string, unknown>): void {
    writeFileSync(this.file, stringify({ config }));
  }

  /** Changes the stack file, as a person would. */
  edit(change: (config: Settings) => void): void {
    const { config } = parse(readFileSync(this.file, "utf8")) as StackYaml;
    change(config);
    this.write(config);
  }

  /** Starts a command of the lab; a test may kill it. It leads a process group, like a command of a terminal. */
  start(verb: string, ...words: string[]): ChildProcess {
    const program = [join(PROJECT, "lab/start.mjs"), "lab/main.ts", verb, "--stack", this.file, ...words];
    return spawn(process.execPath, program, {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }

  run(verb: string, ...words: string[]): Promise<Run> {
    return ended(this.start(verb, ...words));
  }

  async up({ signal, progress }: UpOptions = {}): Promise<UpReport> {
    const run = this.start("up", "--json");
    // In order, as Ctrl-C would: the next `up` or `down` goes on from there.
    const stop = () => void (run.pid && process.kill(-run.pid, "SIGINT"));
    signal?.addEventListener("abort", stop, { once: true });
    run.stderr?.on("data", (data) => progress?.(`lab: ${String(data).trim()}`));
    const { code, out, err } = await ended(run);
    signal?.removeEventListener("abort", stop);
    if (code !== 0) throw new Error(`npm run lab ended with ${code}:\n${err}\n${out}`);
    return JSON.parse(out) as UpReport;
  }

  async down(): Promise<void> {
    const { code, err, out } = await this.run("down");
    if (code !== 0) throw new Error(`npm run lab:down ended with ${code}:\n${err}\n${out}`);
    rmSync(this.file, { force: true });
  }

  container(host: string): Docker.Container {
    return this.docker.getContainer(`${this.name}-${host}`);
  }

  /** Runs a command on a host, as root, and gives its standard output. Throws when it fails. */
  inHost = async (host: string, ...words: string[]): Promise<string> =>
    mustEnd(`${host}: ${words.join(" ")}`, await this.tryInHost(host, ...words));

  tryInHost = (host: string, ...words: string[]): Promise<Run> => this.feed(host, words);

  /** The same, with something on standard input. */
  feed = (host: string, words: string[], input?: string | Buffer): Promise<Run> =>
    execIn(this.docker, this.container(host), words, input);

  /** JSON-RPC through the public endpoint, as any client would. */
  async rpc(body: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${this.rpcPort}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }
}
