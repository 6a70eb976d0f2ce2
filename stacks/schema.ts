import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Registry } from "../components/core/config/registry";
import { stackSchema } from "../components/core/config/schema";
import { registry as ours } from "../components/registry";
import { CONFIG_DIR } from "./stack-file";

const FILE = join(CONFIG_DIR, "stack.schema.json");

type JsonSchema = { properties?: Record<string, unknown>; required?: string[]; [key: string]: unknown };

/** The JSON schema of a stack file, from the same types that check it: editors complete and mark mistakes with it. */
export function stackJsonSchema(registry: Registry = ours): JsonSchema {
  const { $schema, ...keys } = z.toJSONSchema(stackSchema(registry), {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  const prefixed = Object.fromEntries(
    Object.entries(keys.properties ?? {}).map(([key, value]) => [`nodewright:${key}`, value]),
  );
  return {
    $schema,
    title: "nodewright stack file",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        properties: prefixed,
        required: (keys.required ?? []).map((key) => `nodewright:${key}`),
        // Keys of Pulumi's providers (`aws:region`) stand beside ours; ours are all known.
        patternProperties: { "^(?!nodewright:)": true },
        additionalProperties: false,
      },
    },
  };
}

/** `npm run schema` writes the file; `--check` only says whether it is fresh. */
function main(): void {
  const text = `${JSON.stringify(stackJsonSchema(), null, 2)}\n`;
  const fresh = existsSync(FILE) && readFileSync(FILE, "utf8") === text;
  if (process.argv.includes("--check")) {
    if (fresh) return;
    process.stderr.write(
      "stacks/config/stack.schema.json is not what the types say: run `npm run schema` and commit it\n",
    );
    process.exitCode = 1;
    return;
  }
  writeFileSync(FILE, text);
}

if (require.main === module) main();
