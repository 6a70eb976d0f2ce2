import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { PROJECT, stackPath } from "../../stacks/stack-file";

/** Where the previews of one stack keep their state: beside the operator's own, which they never touch. */
export interface PreviewRoom {
  stack: string;
  folder: string;
  env: Record<string, string>;
}

interface StackYaml {
  config: Record<string, unknown>;
}

/** The room of a stack, with its settings as they are written now. `fresh` forgets what was applied before. */
export function openPreviewRoom(nameOrPath: string, stack: string, fresh: boolean): PreviewRoom {
  const folder = join(PROJECT, ".nodewright", "previews", stack);
  if (fresh) rmSync(folder, { recursive: true, force: true });
  const state = join(folder, "state");
  mkdirSync(state, { recursive: true });
  const passphrase = join(folder, "passphrase");
  if (!existsSync(passphrase))
    writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const project = { name: "nodewright", runtime: "nodejs", main: join(PROJECT, "stacks/index.ts") };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
  const written = parse(readFileSync(stackPath(nameOrPath), "utf8")) as StackYaml;
  // Secrets are locked with the operator's own passphrase; a preview needs none.
  const { "nodewright:secrets": _secrets, ...config } = written.config;
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  return {
    stack,
    folder,
    env: {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      NODEWRIGHT_CLOUD_WORLD: join(folder, "world"),
    },
  };
}
