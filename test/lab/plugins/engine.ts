import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import "../../support/engine-connections";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { typescriptArguments, writeNodeExecutable } from "../../../lab/engine/executable";

/** Why suites that need the engine do not run here; undefined when they can. */
export function missingEngine(): string | undefined {
  const found = spawnSync("pulumi", ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return found.status === 0 ? undefined : "needs the pulumi command on PATH";
}

/** Skips a whole suite from its `before`, and says why. */
export function skipSuite(context: Mocha.Context, reason: string): never {
  process.stdout.write(`    skipped: ${reason}\n`);
  return context.skip();
}

export interface TestStack {
  readonly stack: Stack;
  /** Everything that the backend keeps of the stack, as it lies on the disk. */
  readonly state: () => string;
  readonly remove: () => void;
}

/** A stack on the real engine with a backend of its own, whose plugins are this project's. */
export async function testStack(
  program: PulumiFn,
  environment: Record<string, string> = {},
  plugins: readonly string[] = ["docker", "command"],
): Promise<TestStack> {
  const folder = mkdtempSync(join(tmpdir(), "nodewright-plugins-"));
  const bin = join(folder, "bin");
  for (const part of ["bin", "home", "state"]) mkdirSync(join(folder, part));
  // `simulated-command` takes the place of `command`, for hosts that nobody can log in to.
  for (const name of plugins)
    writeLauncher(join(bin, `pulumi-resource-${name.replace("simulated-", "")}`), name);
  const stack = await LocalWorkspace.createStack(
    { stackName: "test", projectName: "plugins", program },
    {
      workDir: folder,
      projectSettings: {
        name: "plugins",
        runtime: "nodejs",
        backend: { url: `file://${join(folder, "state")}` },
      },
      envVars: {
        ...environment,
        PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
  return {
    stack,
    state: () => readAll(join(folder, "state")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readAll(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
}

/** The engine starts a plugin by its name; this one hands over to the TypeScript entry. */
function writeLauncher(path: string, name: string): void {
  const entry = resolve(__dirname, "../../../lab/plugins", name, "main.ts");
  writeNodeExecutable(path, typescriptArguments(entry));
}
