import { z } from "zod";
import { sizeSchema } from "../config/units";
import type { EvmFacts } from "./evm-genesis";

const ACCOUNT = /^[a-z1-5]([a-z1-5.]{0,10}[a-z1-5])?$/;
const NO_BLOCK = /^0x0{64}$/i;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?Z?$/;
const HEX_SECONDS = /^0x[0-9a-f]{1,12}$/i;

/** As `genesis_time` of the contract or `timestamp` of a genesis file has it; comes out as the former, with a Z. */
const genesisTime = z
  .string()
  .refine(
    (text) => HEX_SECONDS.test(text) || (UTC.test(text) && !Number.isNaN(Date.parse(text))),
    'is no time: write it as the contract\'s config table has it, "2023-04-05T02:18:09", or as the genesis file, "0x642cda61"',
  )
  .transform((text) => {
    const time = HEX_SECONDS.test(text) ? Number(text) * 1000 : Date.parse(text.replace(/Z?$/, "Z"));
    return new Date(time).toISOString().replace(".000Z", "Z");
  });

const evmFields = {
  chainId: z
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .describe("EVM chain id: chainid of the contract's config table."),
  account: z
    .string()
    .regex(ACCOUNT, "is no account name: up to 12 of a–z, 1–5 and dots, no dot at its end")
    .describe("Native account that holds the EVM contract. The genesis nonce is made from it."),
};

const genesisFields = {
  timestamp: genesisTime.describe("genesis_time of the contract's config table, UTC; or hex seconds."),
  mixHash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/i, "is no block id: 0x and 64 hexadecimal digits, in quotes")
    .refine(
      (id) => !NO_BLOCK.test(id),
      "names no block: write the id of the native block at the genesis time",
    )
    .describe("Id of the native block at the genesis time."),
  extraData: z
    .string()
    .min(1)
    .max(32)
    .describe("As the chain's published genesis file has it; part of the hash of block 0. Default EOSEVM."),
};

/** `extraData` of the genesis files that today's upstream documents. */
const EXTRA_DATA = "EOSEVM";

/** Of an EVM whose genesis may come from the chain. */
type KnownEvm = EvmFacts | Omit<EvmFacts, "timestamp" | "mixHash">;

const flat = ({ genesis, ...rest }: { genesis: object; chainId?: unknown; account?: unknown }): unknown => ({
  ...rest,
  ...genesis,
});

const customEvm = z
  .strictObject({
    ...evmFields,
    genesis: z
      .strictObject({ ...genesisFields, extraData: genesisFields.extraData.default(EXTRA_DATA) })
      .optional()
      .describe("What evm-node starts from. Default: read from the chain that `chain.evm` brings up."),
  })
  .transform(({ genesis = { extraData: EXTRA_DATA }, ...evm }) => flat({ ...evm, genesis }) as KnownEvm);

/** What an operator adds to the EVM chain of a preset: any part of it. */
const partOfEvm = z
  .strictObject({
    chainId: evmFields.chainId.optional(),
    account: evmFields.account.optional(),
    genesis: z
      .strictObject({
        timestamp: genesisFields.timestamp.optional(),
        mixHash: genesisFields.mixHash.optional(),
        extraData: genesisFields.extraData.default(EXTRA_DATA),
      })
      .prefault({}),
  })
  .transform((evm) => flat(evm) as Partial<EvmFacts>);

/** A preset with the EVM chain that it lacks: `network: { preset: wax, evm: … }`. */
export const extendedPreset = z.strictObject({
  preset: z.string().describe("The chain to join, by the name of its preset."),
  evm: partOfEvm.optional().describe("What the preset does not know of the EVM chain on it."),
});

/** A chain that has no preset: `network: { name: …, native: { chainId }, evm, peers }`. */
export const customNetwork = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/, "is no network name: a–z, 0–9 and -, a letter first, 2 to 40 of them")
    .describe("A name of your own for the chain."),
  native: z.strictObject({
    chainId: z
      .string()
      .regex(
        /^[0-9a-f]{64}$/i,
        "is no native chain id: 64 hexadecimal digits, chain_id of `cleos get info`, in quotes",
      )
      .describe("chain_id of `cleos get info`."),
    symbol: z
      .string()
      .regex(/^[A-Z]{1,7}$/, "is no token symbol: up to 7 of A–Z")
      .optional()
      .describe("Of the token that pays."),
  }),
  evm: customEvm.optional().describe("The EVM chain on it. Without one, no role that serves it."),
  peers: z
    .array(z.string().regex(/^[\w.-]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, "is no peer: name:port"))
    .default([])
    .describe("Public p2p endpoints, name:port, that seeds connect to."),
  stateSize: sizeSchema
    .default("16 GB")
    .describe("Ceiling of nodeos' state, as far as nodeos' own setting does not say it. Default 16 GB."),
});

export type CustomNetwork = z.output<typeof customNetwork>;
export type ExtendedPreset = z.output<typeof extendedPreset>;
