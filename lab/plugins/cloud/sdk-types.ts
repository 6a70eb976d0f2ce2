import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { isObject } from "../value";
import type { parseShapes as ParseShapes } from "./sdk-parser";
import { SchemaCompiler, type Shape, type Shapes } from "./shape";

const PROJECT = resolve(__dirname, "..", "..", "..");
/** Raised when the parser reads more than before, so that what an older one kept is not used. */
const PARSER = 3;

/** The strict schema of a token's arguments, as the installed SDK's own types state them. */
export interface SdkTypes {
  readonly schema: (token: string) => z.ZodType;
}

/**
 * Reads the types of these tokens of `@pulumi/<name>`; about two seconds once for a version of the SDK, then from
 * `.nodewright/cloud-types/`.
 * @throws when the SDK has no type for a token.
 */
export function sdkTypes(name: string, version: string, tokens: readonly string[]): SdkTypes {
  const { byToken, definitions } = shapesOf(name, version, tokens);
  const compiler = new SchemaCompiler(definitions);
  const compiled = new Map<string, z.ZodType>();
  return {
    schema: (token) => {
      const before = compiled.get(token);
      if (before) return before;
      const shape = byToken[token];
      if (!shape) throw new Error(`${token} is not among the types that were read of @pulumi/${name}`);
      const isConfig = token.startsWith("pulumi:providers:");
      const schema = isConfig ? decoding(shape, compiler) : compiler.compile(shape);
      compiled.set(token, schema);
      return schema;
    },
  };
}

function shapesOf(name: string, version: string, tokens: readonly string[]): Shapes {
  const file = join(PROJECT, ".nodewright", "cloud-types", `${name}-${version}`, `shapes-${PARSER}.json`);
  const kept = readKept(file);
  if (kept && tokens.every((token) => token in kept.byToken)) return kept;
  // The TypeScript parser alone takes half a second to load: only where it is needed.
  // `require`, because the plugins' loader does not serve `import()`.
  const { parseShapes } = require("./sdk-parser") as { parseShapes: typeof ParseShapes };
  const folder = dirname(require.resolve(`@pulumi/${name}/package.json`));
  const shapes = parseShapes(folder, [...new Set([...Object.keys(kept?.byToken ?? {}), ...tokens])]);
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(shapes));
  renameSync(unfinished, file);
  return shapes;
}

function readKept(file: string): Shapes | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as Shapes;
}

/** The SDKs send a provider's arguments as texts: what is no text itself travels as JSON. */
function decoding(shape: Shape, compiler: SchemaCompiler): z.ZodType {
  const members = shape.kind === "object" ? shape.members : {};
  const decode = (config: unknown): unknown => {
    if (!isObject(config)) return config;
    const entries = Object.entries(config).map(([key, value]) => {
      const isText = members[key]?.shape.kind === "text";
      return [key, isText || typeof value !== "string" ? value : parsed(value)];
    });
    return Object.fromEntries(entries);
  };
  return z.preprocess(decode, compiler.compile(shape));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
