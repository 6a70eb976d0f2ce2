import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { OPERATOR_KEY } from "../../components/core/naming";
import type { Plan } from "../../components/core/plan/plan";
import { engineRuntime, PROJECT, stackPath } from "../../stacks/stack-file";
import { keysFor, type LabKeys } from "../keys";

/** Where the previews of one stack keep their state: beside the operator's own, which they never touch. */
export interface PreviewRoom {
  stack: string;
  folder: string;
  env: Record<string, string>;
}

type Settings = Record<string, unknown>;
interface StackYaml {
  config: Settings;
}

interface RoomOptions {
  /** Forgets what was applied before. */
  fresh: boolean;
  /** Whether something is applied: then to a simulated cloud, which takes made-up keys and stand-ins. */
  applies: boolean;
  /** Where it lies. Default: the stack's own place among the previews. */
  folder?: string;
  /** The program. Default: that of every stack. */
  program?: string;
}

/** The room of a stack, with its settings as they are written now. */
export function openPreviewRoom(
  nameOrPath: string,
  plan: Plan,
  { fresh, applies, program = join(PROJECT, "stacks/index.ts"), ...where }: RoomOptions,
): PreviewRoom {
  const { stack } = plan;
  const { folder = join(PROJECT, ".nodewright", "previews", stack) } = where;
  if (fresh) rmSync(folder, { recursive: true, force: true });
  const state = join(folder, "state");
  mkdirSync(state, { recursive: true });
  const passphrase = join(folder, "passphrase");
  if (!existsSync(passphrase))
    writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const project = { name: "nodewright", runtime: engineRuntime(), main: program };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
  const written = parse(readFileSync(stackPath(nameOrPath), "utf8")) as StackYaml;
  // Secrets are locked with the operator's own passphrase; a preview needs none.
  const { "nodewright:secrets": _secrets, ...settings } = written.config;
  const keys = join(folder, "keys.json");
  const config = applies || existsSync(keys) ? withMadeUpKeys(settings, plan, keysFor(keys, plan)) : settings;
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }), { mode: 0o600 });
  return {
    stack,
    folder,
    env: {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      NODEWRIGHT_CLOUD_WORLD: join(folder, "world"),
    },
  };
}

/** A rehearsal must not need the real keys, nor meet them: producers get made-up ones, and what signs with them. */
function withMadeUpKeys(config: Settings, plan: Plan, keys: LabKeys): Settings {
  const hosts = config["nodewright:hosts"] as Record<string, Settings>;
  const signing = (group: string) => {
    const name = plan.hosts.find((host) => host.group === group && host.producer)?.name;
    const pair = name === undefined ? undefined : keys.signing[name];
    return pair ? { signingKey: pair.public } : {};
  };
  return {
    ...config,
    "nodewright:hosts": Object.fromEntries(
      Object.entries(hosts).map(([group, host]) => [group, { ...host, ...signing(group) }]),
    ),
    "nodewright:acceptStandIns": "a rehearsal on a simulated cloud",
    "nodewright:secrets": { [OPERATOR_KEY]: keys.ssh.private, ...keys.secrets },
  };
}
