import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseGenesis } from "./genesis";
import type { Origin } from "./native-chain";
import { DamagedError } from "./native-log";
import { StartError } from "./start-error";

export interface ChainData {
  chainId: number;
  /** The native block that the genesis names; a chain that was not born with its genesis takes the first it sees. */
  origin?: Origin;
  /** anvil reads it when it starts and writes it as it goes. */
  stateFile: string;
  /** Of the native blocks behind it. */
  logFile: string;
  /** Keeps where the chain begins. */
  begin(origin: Origin): Promise<void>;
}

type Config = Pick<ChainData, "chainId" | "origin">;

const filesOf = (folder: string) => {
  const database = join(folder, "chaindata");
  const inside = (name: string) => join(database, name);
  return {
    database,
    config: inside("chain.json"),
    stateFile: inside("state.json"),
    lastStart: inside("state.last-start.json"),
    logFile: inside("native.log"),
  };
};

/**
 * Opens the chain in `<folder>/chaindata`, where eos-evm-node keeps its database. A folder without one is born from
 * the genesis file, which is not looked at later. Throws `StartError` with the words of the real program.
 */
export async function openChainData(folder: string, genesisFile: string | undefined): Promise<ChainData> {
  const { database, config, stateFile, lastStart, logFile } = filesOf(folder);
  if (!existsSync(config)) await createChain(database, config, stateFile, genesisFile);
  await keepWhole(stateFile, lastStart);
  const known = await readConfig(config);
  return {
    ...known,
    stateFile,
    logFile,
    begin: (origin) => writeConfig(config, { chainId: known.chainId, origin }),
  };
}

/** For eos-evm-rpc, which only reads: where the chain begins once that is known, and the log of its native blocks. */
export async function readChainData(folder: string): Promise<{ origin?: Origin; logFile: string }> {
  const { config, logFile } = filesOf(folder);
  const { origin } = existsSync(config) ? await readConfig(config) : {};
  return { ...(origin ? { origin } : {}), logFile };
}

async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as Config;
  } catch {
    throw new DamagedError("the chain config is none");
  }
}

async function createChain(
  database: string,
  config: string,
  stateFile: string,
  genesisFile: string | undefined,
): Promise<void> {
  if (genesisFile === undefined) throw new StartError("Genesis state not provided");
  if (!existsSync(genesisFile)) throw new StartError(`Specified genesis file does not exist: ${genesisFile}`);
  const { chainId, accounts, origin } = parseGenesis(await readFile(genesisFile, "utf8"));
  await mkdir(database, { recursive: true });
  // anvil has --init for a genesis file, but refuses it together with --state.
  const state = { block: null, accounts, best_block_number: 0, blocks: [], transactions: [] };
  await writeFile(stateFile, JSON.stringify(state));
  // Last: without it a folder counts as empty.
  await writeConfig(config, { chainId, ...(origin ? { origin } : {}) });
}

async function writeConfig(file: string, config: Config): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(config));
  await rename(`${file}.new`, file);
}

/** anvil overwrites its state in place: one that was killed then leaves a torn file, and the last start's is taken. */
async function keepWhole(stateFile: string, copy: string): Promise<void> {
  if (await isWhole(stateFile)) await copyFile(stateFile, copy);
  else if (existsSync(copy)) await copyFile(copy, stateFile);
  else throw new DamagedError("the state is torn");
}

async function isWhole(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return buffer.toString() === "}";
  } finally {
    await handle.close();
  }
}
