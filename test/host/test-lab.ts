import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import Docker from "dockerode";
import { parse, stringify } from "yaml";
import type { HostPlan, Plan } from "../../components/core/plan/plan";
import type { LabKeys } from "../../lab/keys";
import { readJson } from "../../lab/read-json";
import { CACHE, type Room, roomOf } from "../../lab/room";
import type { LabStatus } from "../../lab/status";
import { PROJECT } from "../../stacks/stack-file";

/** What a command of the lab came to. */
export interface Run {
  code: number;
  out: string;
  err: string;
}

export interface UpReport extends LabStatus {
  changes: Record<string, number>;
  timings: Record<string, number>;
}

/** Those of the sample stack of the lab. */
export const HOSTS = ["seed-a", "validator-a", "rpc-a"];

/** A sample stack, and its host whose proxy the test talks to. */
interface Sample {
  stack: string;
  published: string;
}

type StackYaml = { config: Record<string, unknown> };

/** Different for each project folder, so that tests of two clones, and a lab that serves, never meet. */
const DIGEST = createHash("sha256").update(PROJECT).digest();
const NAME = `test-${DIGEST.toString("hex").slice(0, 6)}`;
/** Clear of the sample lab's 77 and 78. */
const FIRST_NET = 80 + (DIGEST.readUInt8(0) % 13) * 12;

/** A lab of the tests' own: own name, networks, port and folder. */
export class TestLab {
  readonly file: string;
  readonly name: string;
  readonly rpcPort: number;

  /** One number for each suite, 4 for drills and 5 for those of chains: it is in the lab's name, and all suites are loaded before the first runs. */
  constructor(
    number: 0 | 1 | 2 | 3 | 4 | 5 = 0,
    { stack, published }: Sample = { stack: "lab", published: "rpc-a" },
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
    this.write({
      ...sample.config,
      "nodewright:target": {
        docker: {
          networks: { cluster: subnet(0), public: subnet(1) },
          publish: { [published]: { rpc: this.rpcPort } },
        },
      },
    });
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
  edit(change: (config: Record<string, Record<string, Record<string, unknown>>>) => void): void {
    const { config } = parse(readFileSync(this.file, "utf8")) as { config: Parameters<typeof change>[0] };
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

  async up(): Promise<UpReport> {
    const { code, out, err } = await this.run("up", "--json");
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
  async inHost(host: string, ...words: string[]): Promise<string> {
    const { code, out, err } = await this.tryInHost(host, ...words);
    if (code !== 0) throw new Error(`${host}: ${words.join(" ")} ended with ${code}: ${err}${out}`);
    return out;
  }

  tryInHost = (host: string, ...words: string[]): Promise<Run> =>
    execIn(this.docker, this.container(host), words);

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

/** Runs a command in a container, as root, to its end. */
export async function execIn(docker: Docker, container: Docker.Container, words: string[]): Promise<Run> {
  const exec = await container.exec({ Cmd: words, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const [out, err] = [collector(), collector()];
  docker.modem.demuxStream(stream, out.stream, err.stream);
  await new Promise((resolve) => stream.on("end", resolve));
  return { code: (await exec.inspect()).ExitCode ?? -1, out: out.text(), err: err.text() };
}

/** A stream whose text is read when it is over. */
function collector(): { stream: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

export function ended(child: ChildProcess): Promise<Run> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data) => {
    out += data;
  });
  child.stderr?.on("data", (data) => {
    err += data;
  });
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 128 : -1), out, err })),
  );
}

export function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} is not there`);
  return value;
}
