import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ABI, Serializer } from "@wharfkit/antelope";
import type { ContractFiles, DeclaredChain } from "../core/chain/declared-chain";
import { readDistribution } from "../core/chain/distribution-file";
import type { FileValue } from "../core/chain/step";
import type { ChainSection, ContractChoice } from "../core/config/chain";
import { error, type Finding } from "../core/config/finding";

const hash = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Reads the files that a section names, from `root`, and verifies each. All that is wrong is in `findings`. */
export function loadDeclared(
  section: ChainSection,
  root: string,
): { declared: DeclaredChain; findings: Finding[] } {
  const findings: Finding[] = [];
  const files: Record<string, ContractFiles> = {};
  const pinned = (path: string, file: string, sha256: string): Buffer | undefined => {
    const whole = resolve(root, file);
    if (!existsSync(whole)) findings.push(error(path, `${file} is not there`));
    else {
      const bytes = readFileSync(whole);
      const found = hash(bytes);
      if (found === sha256) return bytes;
      findings.push(
        error(
          path,
          `${file} has the sha256 ${found}, pinned is ${sha256}: it is another file. Nothing is deployed`,
        ),
      );
    }
    return undefined;
  };
  for (const [path, choice] of contractsOf(section)) {
    const wasm = pinned(`${path}.sha256`, choice.wasm, choice.sha256);
    const abi = pinned(`${path}.abiSha256`, choice.abi, choice.abiSha256);
    if (!wasm || !abi) continue;
    try {
      const packed = packedAbi(abi);
      files[choice.wasm] = {
        wasm: { size: wasm.length },
        abi: { size: packed.length, packedSha256: hash(packed) },
      };
    } catch (cause) {
      findings.push(error(`${path}.abi`, `${choice.abi} is no ABI: ${(cause as Error).message}`));
    }
  }
  const { distribution } = section;
  const text = distribution && pinned("chain.distribution.sha256", distribution.file, distribution.sha256);
  const read = distribution && text ? readDistribution(text.toString("utf8"), distribution) : undefined;
  findings.push(...(read?.findings ?? []));
  return { declared: { ...section, files, transfers: read?.transfers ?? [] }, findings };
}

const contractsOf = ({ boot, accounts }: ChainSection): [path: string, choice: ContractChoice][] => [
  ...(boot ? [["chain.boot", boot] as [string, ContractChoice]] : []),
  ...Object.entries(accounts).flatMap(([name, { contract }]): [string, ContractChoice][] =>
    contract ? [[`chain.accounts.${name}.contract`, contract]] : [],
  ),
];

const packedAbi = (json: Uint8Array): Uint8Array =>
  Serializer.encode({ object: ABI.from(Buffer.from(json).toString("utf8")), type: ABI }).array;

/** A contract's file as it travels to the chain; it was verified when the section was loaded, and is again. */
export function contractBytes({ file, sha256, as }: FileValue, root: string): Uint8Array {
  const bytes = readFileSync(resolve(root, file));
  if (hash(bytes) !== sha256) throw new Error(`${file} has changed while it was used`);
  return as === "abi" ? packedAbi(bytes) : bytes;
}
