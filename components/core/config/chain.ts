import { PublicKey } from "@wharfkit/antelope";
import { z } from "zod";
import { sizeSchema } from "./units";

const KEY = /^(EOS|PUB_K1_|PUB_R1_)[1-9A-HJ-NP-Za-km-z]{45,60}$/;

/** Of what looks like one; the rest is spoken of already. */
function isKey(text: string): boolean {
  if (!KEY.test(text)) return true;
  try {
    return PublicKey.from(text).toString() !== "";
  } catch {
    return false;
  }
}

const accountName = z
  .string()
  .regex(/^(?!\.)[a-z1-5.]{1,12}(?<!\.)$/, "is no account name: up to 12 of a–z, 1–5 and dots");
const publicKey = z
  .string()
  .regex(KEY, "is no public key: EOS… or PUB_K1_…")
  .refine(isKey, "is no public key: a character of it is wrong");
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "is no sha256: 64 hexadecimal digits, as sha256sum prints them");
const assetText = z
  .string()
  .regex(/^\d+(\.\d{1,18})? [A-Z]{1,7}$/, "is no amount: write it like 1.0000 EOS, with all decimals");
const level = z.string().regex(/^[a-z1-5.]{1,12}@[a-z1-5.]{1,12}$/, "is no permission: account@permission");

const authority = z.union([
  publicKey,
  z.strictObject({
    threshold: z.number().int().min(1).default(1),
    keys: z.array(z.strictObject({ key: publicKey, weight: z.number().int().min(1).default(1) })).default([]),
    accounts: z
      .array(z.strictObject({ permission: level, weight: z.number().int().min(1).default(1) }))
      .default([]),
  }),
]);

const contract = z
  .strictObject({
    wasm: z.string().describe("Path of the contract's WebAssembly, relative to the project."),
    sha256: sha256.describe("Of the WebAssembly: what the chain shows as the account's code hash."),
    abi: z.string().describe("Path of its ABI as JSON."),
    abiSha256: sha256.describe("Of the ABI's file."),
    standIn: z
      .string()
      .min(10, "says too little: write what the contract takes the place of")
      .optional()
      .describe("What it takes the place of, where it is not the real one."),
  })
  .describe("Deployed only where the account runs other code.");

const account = z.strictObject({
  creator: accountName.default("eosio").describe("Account that makes it and pays for it. Default eosio."),
  owner: authority.optional().describe("Default: as `active`. Never changed on an account that exists."),
  active: authority.describe("A key, or { threshold, keys, accounts }."),
  code: z
    .boolean()
    .default(false)
    .describe("Whether its own contract may act for it (<account>@eosio.code). Default false."),
  contract: contract.optional(),
  ram: sizeSchema.optional().describe("RAM that it shall have, bought by its creator. Default: none bought."),
  cpu: assetText.optional().describe("Staked for CPU by its creator. Default none."),
  net: assetText.optional().describe("Staked for NET by its creator. Default none."),
});

const token = z.strictObject({
  contract: accountName.default("eosio.token"),
  issuer: accountName,
  maximum: assetText.describe("The most that there can be: `create`."),
  issued: assetText.optional().describe("What there shall be at least, issued to the issuer. Default none."),
});

const signer = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) }),
  z.strictObject({ keosd: z.string().describe("URL of an unlocked keosd.") }),
  z.strictObject({
    program: z.array(z.string()).min(1).describe("Signs a digest: a way to a hardware signer."),
    keys: z.array(publicKey).min(1),
  }),
]);

const evm = z.strictObject({
  account: accountName.describe("Account that holds the EVM contract."),
  chainId: z.number().int().min(1),
  gasPrice: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Wei. Default: 150 gwei at `init`, and then as it is on the chain."),
  minerCut: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe("Of 100,000. Default: 10 % at `init`, and then as it is on the chain."),
  ingressFee: assetText.describe("Fee for a transfer into the EVM."),
  token: accountName.default("eosio.token").describe("Contract of the token that the EVM runs on."),
  deposit: z
    .strictObject({ from: accountName, amount: assetText })
    .optional()
    .describe("First transfer to the contract's own account. Default none."),
  opens: z.array(accountName).default([]).describe("Accounts that send EVM transactions: wrappers."),
  genesis: z
    .strictObject({ timestamp: z.string(), mixHash: z.string().regex(/^0x[0-9a-f]{64}$/) })
    .optional()
    .describe("What hosts start from, checked against the chain. Default: told by the first run."),
});

const distribution = z.strictObject({
  file: z.string().describe("Lines `account,1.0000 EOS`. Relative to the project."),
  sha256,
  from: accountName,
  token: accountName.default("eosio.token"),
  total: assetText.describe("What the lines add up to."),
  memo: z.string().max(256).default(""),
  batch: z.number().int().min(1).max(400).default(100).describe("Lines a transaction. Default 100."),
});

const proposals = z.strictObject({
  proposer: level,
  contract: accountName.default("eosio.msig"),
  approvals: z.array(level).min(1).describe("Those who are asked."),
  days: z.number().int().min(1).max(90).default(7).describe("After which it expires. Default 7."),
  review: z.url().optional().describe("Page of proposals: /<proposer>/<proposal> is added to it."),
});

/** The `chain` section of a stack file. */
export const chainSchema = z.strictObject({
  endpoint: z.url().describe("HTTP API of a nodeos that takes transactions."),
  control: z
    .url()
    .optional()
    .describe("Producer API of a nodeos, on loopback or through a tunnel: needed to activate features."),
  chainId: sha256.optional().describe("The only chain to touch. Default: that of the network."),
  signers: z.array(signer).default([]).describe("Who signs. Keys stay where they are."),
  boot: contract
    .optional()
    .describe("Contract of eosio while features are activated, on a chain that has no better one."),
  features: z
    .array(z.string().regex(/^[A-Z0-9_]+$/))
    .default([])
    .describe("Protocol features, by name."),
  accounts: z.record(accountName, account).default({}),
  budget: assetText.optional().describe("The most that one run may spend on RAM, CPU and NET. Default none."),
  tokens: z.array(token).default([]),
  evm: evm.optional(),
  distribution: distribution.optional(),
  schedule: z
    .array(z.strictObject({ producer: accountName, key: publicKey }))
    .default([])
    .describe("Producers in order, each with its signing key. Default: left as it is."),
  proposals: z
    .record(accountName, proposals)
    .default({})
    .describe("Accounts whose actions are proposed to others instead of pushed."),
});

export type ChainSection = z.output<typeof chainSchema>;
export type ContractChoice = z.output<typeof contract>;
export type AuthorityChoice = z.output<typeof authority>;
export type ProposalChoice = z.output<typeof proposals>;
export type SignerChoice = z.output<typeof signer>;
