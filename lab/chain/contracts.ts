import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PROJECT } from "../../stacks/stack-file";
import { CACHE } from "../room";
import { EVM_ABI, evmContract } from "../stand-ins/evm-contract";
import { BOOT_ABI, bootContract } from "./boot-contract";

/** A contract as a chain section pins it. */
export interface PinnedContract {
  wasm: string;
  sha256: string;
  abi: string;
  abiSha256: string;
  standIn: string;
}

/** The contracts of a lab's chain. nodeos' package brings a system contract that ignores `setprods`, and no EVM. */
export interface LabContracts {
  boot: PinnedContract;
  system: PinnedContract;
  evm: PinnedContract;
}

const FOLDER = join(CACHE, "contracts");

/** Assembles them, and writes them where the section finds them. */
export async function labContracts(): Promise<LabContracts> {
  mkdirSync(FOLDER, { recursive: true });
  const system = "the system contract: activates features and sets producers, no more";
  return {
    boot: pinned("boot", await bootContract({ schedules: false }), BOOT_ABI, system),
    system: pinned("system", await bootContract({ schedules: true }), BOOT_ABI, system),
    evm: pinned(
      "evm",
      await evmContract(),
      EVM_ABI,
      "the EVM contract: keeps what init and open say, runs no EVM",
    ),
  };
}

function pinned(name: string, wasm: Uint8Array, abi: object, standIn: string): PinnedContract {
  const json = JSON.stringify(abi);
  return {
    ...{ wasm: written(`${name}.wasm`, wasm), sha256: hash(wasm) },
    ...{ abi: written(`${name}.abi`, json), abiSha256: hash(json) },
    standIn,
  };
}

/** Another lab may read it at this moment. */
function written(name: string, content: Uint8Array | string): string {
  const path = join(FOLDER, name);
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
  return relative(PROJECT, path);
}

const hash = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
