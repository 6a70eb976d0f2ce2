import type { ChainSection } from "../config/chain";
import type { Transfer } from "./distribution-file";

/** What is known of a contract's files, by their paths. */
export interface ContractFiles {
  wasm: { size: number };
  abi: { size: number; packedSha256: string };
}

/** The section of a stack file, with what its files hold. */
export interface DeclaredChain extends ChainSection {
  files: Record<string, ContractFiles>;
  transfers: Transfer[];
}
