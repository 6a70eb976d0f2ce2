import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseGenesis } from "./genesis";
import { StartError } from "./start-error";

export interface ChainData {
  chainId: number;
  /** anvil reads it when it starts and writes it as it goes. */
  stateFile: string;
}

/**
 * Opens the chain in `<folder>/chaindata`, where eos-evm-node keeps its database. A folder without one is born from
 * the genesis file, which is not looked at later. Throws `StartError` with the words of the real program.
 */
export async function openChainData(folder: string, genesisFile: string | undefined): Promise<ChainData> {
  const database = join(folder, "chaindata");
  const config = join(database, "chain.json");
  const stateFile = join(database, "state.json");
  if (!existsSync(config)) await createChain(database, config, stateFile, genesisFile);
  await keepWhole(stateFile, join(database, "state.last-start.json"));
  const { chainId } = JSON.parse(await readFile(config, "utf8")) as Pick<ChainData, "chainId">;
  return { chainId, stateFile };
}

async function createChain(
  database: string,
  config: string,
  stateFile: string,
  genesisFile: string | undefined,
): Promise<void> {
  if (genesisFile === undefined) throw new StartError("Genesis state not provided");
  if (!existsSync(genesisFile)) throw new StartError(`Specified genesis file does not exist: ${genesisFile}`);
  const { chainId, accounts } = parseGenesis(await readFile(genesisFile, "utf8"));
  await mkdir(database, { recursive: true });
  // anvil has --init for a genesis file, but refuses it together with --state, and would live in the genesis' year.
  const state = { block: null, accounts, best_block_number: 0, blocks: [], transactions: [] };
  await writeFile(stateFile, JSON.stringify(state));
  // Last, and by rename: without it a folder counts as empty.
  await writeFile(`${config}.new`, JSON.stringify({ chainId }));
  await rename(`${config}.new`, config);
}

/** anvil overwrites its state in place: one that was killed then leaves a torn file, and the last start's is taken. */
async function keepWhole(stateFile: string, copy: string): Promise<void> {
  if (await isWhole(stateFile)) await copyFile(stateFile, copy);
  else await copyFile(copy, stateFile);
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
