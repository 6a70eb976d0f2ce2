import { z } from "zod";
import { unknownKey } from "../config/messages";
import { type CustomNetwork, customNetwork, type ExtendedPreset, extendedPreset } from "./custom";
import { evmGaps, withEvm } from "./evm-gaps";
import { evmChain } from "./evm-genesis";
import type { ChainNetwork } from "./network";

/** What a stack file says under `network`: a preset, a preset and what it lacks, or a chain of its own. */
export type NetworkChoice = string | ExtendedPreset | CustomNetwork;

type Networks = Readonly<Record<string, ChainNetwork>>;

/**
 * The schema of `network`. Which of its three forms is meant is told from the value, so that a mistake is spoken of
 * where it stands and not as "no form fits". Editors see all three.
 */
export function networkSchema(networks: Networks) {
  const preset = z.enum(Object.keys(networks));
  const extended = extendedPreset.extend({ preset }).superRefine((choice, context) => {
    for (const gap of evmGaps(presetOf(choice.preset, networks), choice.evm))
      context.addIssue({ code: "custom", ...gap });
  });
  const custom = customNetwork.refine(({ name }) => !(name in networks), {
    path: ["name"],
    error: "is a preset: write it alone, `network: <name>`, or as `{ preset: <name>, evm: … }` to add to it",
  });
  const { anyOf } = jsonOf(z.union([preset, extended, custom]));
  return z
    .unknown()
    .transform((value, context): NetworkChoice => {
      const form = isMap(value) ? ("preset" in value ? extended : custom) : preset;
      const result = form.safeParse(value);
      if (result.success) return result.data;
      context.issues.push(...spoken(result.error.issues, value, form));
      return z.NEVER;
    })
    .meta({ anyOf });
}

/** The chain that a checked `network` means. Throws for what the schema should have refused. */
export function networkOf(choice: NetworkChoice, networks: Networks): ChainNetwork {
  if (typeof choice === "string") return presetOf(choice, networks);
  if ("preset" in choice) return withEvm(presetOf(choice.preset, networks), choice.evm);
  const { name, native, evm, peers, stateSize } = choice;
  const network: ChainNetwork = {
    name,
    summary: "a chain of its own, described in the stack file",
    native: {
      chainId: native.chainId.toLowerCase(),
      ...(native.symbol === undefined ? {} : { symbol: native.symbol }),
    },
    knownPeers: peers,
    stateSize,
  };
  if (evm === undefined) return network;
  return "mixHash" in evm ? { ...network, evm: evmChain(evm) } : { ...network, evmKnown: evm };
}

function presetOf(name: string, networks: Networks): ChainNetwork {
  const network = networks[name];
  if (!network) throw new Error(`no network is registered as "${name}"`);
  return network;
}

/** The issues of one form, as the stack file's reader understands them: unknown keys with those that it knows. */
function spoken(issues: readonly z.core.$ZodIssue[], value: unknown, form: z.ZodType): z.core.$ZodRawIssue[] {
  const mistyped = issues.some(({ code }) => code === "unrecognized_keys");
  return issues.flatMap((issue): z.core.$ZodRawIssue[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        code: "invalid_key",
        origin: "record",
        input: value,
        path: [...issue.path, key],
        issues: [{ code: "custom", path: [], message: unknownKey(key, keysAt(issue.path, form)) }],
      }));
    // What seems to be missing is most often the key that was mistyped: one sentence, not two.
    if (mistyped && valueAt(value, issue.path) === undefined) return [];
    return [{ ...issue, input: value } as z.core.$ZodRawIssue];
  });
}

interface JsonForm {
  anyOf?: unknown[];
  properties?: Record<string, JsonForm>;
}

const jsonOf = (schema: z.ZodType): JsonForm =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonForm;

/** The keys that a form has at that path. At its top both forms of a map may have been meant. */
function keysAt(path: readonly PropertyKey[], form: z.ZodType): string[] {
  const map = path.reduce<JsonForm | undefined>((json, key) => json?.properties?.[String(key)], jsonOf(form));
  const keys = Object.keys(map?.properties ?? {});
  return path.length === 0 && !keys.includes("preset") ? ["preset", ...keys] : keys;
}

const isMap = (value: unknown): value is object =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (isMap(value) ? Reflect.get(value, key) : undefined), root);
